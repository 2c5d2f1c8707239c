import { Progress, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { Status } from '../../api-client/status.ts';
import { useFormat } from '../../ui/use-format.ts';

/** The durable queue between reading and delivering; full, it holds reading back. */
export function SpoolUse({ spool }: { readonly spool: Status['spool'] }) {
  const { t } = useTranslation();
  const format = useFormat();
  const { usedBytes, maxBytes } = spool;
  const percent = maxBytes === 0 ? 0 : (usedBytes / maxBytes) * 100;
  return (
    <>
      <Progress value={percent} color={percent > 90 ? 'red' : 'ferry'} aria-label={t('settings.spool')} />
      <Text size="sm" mt={6}>
        {t('settings.used', { used: format.bytes(usedBytes), max: format.bytes(maxBytes) })}
      </Text>
      <Text size="xs" c="dimmed">
        {t('settings.spoolMeaning')}
      </Text>
    </>
  );
}
