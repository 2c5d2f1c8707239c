import { useTranslation } from 'react-i18next';
import type { SourceStatus } from '../../../../src/pipeline/source-runner.ts';
import { StateBadge, type Tone } from '../../ui/state-badge.tsx';

const TONES: Readonly<Record<SourceStatus['state'], Tone>> = {
  discovering: 'busy',
  collecting: 'good',
  degraded: 'warning',
  blocked: 'bad',
  idle: 'quiet',
};

export function SourceStateBadge({ state }: { readonly state: SourceStatus['state'] }) {
  const { t } = useTranslation();
  return <StateBadge tone={TONES[state]} text={t(`sources.states.${state}`)} />;
}
