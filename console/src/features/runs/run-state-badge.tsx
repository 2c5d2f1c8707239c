import { useTranslation } from 'react-i18next';
import type { RunState } from '../../api-client/runs.ts';
import { StateBadge, type Tone } from '../../ui/state-badge.tsx';

const TONES: Readonly<Record<RunState, Tone>> = {
  queued: 'quiet',
  running: 'busy',
  succeeded: 'good',
  failed: 'bad',
  timed_out: 'bad',
  cancelled: 'quiet',
  skipped: 'quiet',
  lost: 'bad',
};

export function RunStateBadge({ state }: { readonly state: RunState }) {
  const { t } = useTranslation();
  return <StateBadge tone={TONES[state]} text={t(`runs.states.${state}`)} />;
}
