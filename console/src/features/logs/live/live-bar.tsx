import { Button, Group, Text } from '@mantine/core';
import { IconPlayerPause, IconPlayerPlay } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import type { LiveLines } from './live-lines.ts';

/** Says whether lines move, how many wait, and what is not shown. */
export function LiveBar({
  lines,
  pause,
  resume,
}: {
  readonly lines: LiveLines;
  readonly pause: () => void;
  readonly resume: () => void;
}) {
  const { t } = useTranslation();
  const { isPaused, held, leftOut } = lines;
  return (
    <Group justify="space-between" px={12} py={4} bg="var(--mantine-primary-color-light)">
      <Text size="xs">{t(isPaused ? 'logs.live.paused' : 'logs.live.following')}</Text>
      {leftOut > 0 && (
        <Text size="xs" c="var(--level-warning)">
          {t('logs.live.leftOut', { count: leftOut })}
        </Text>
      )}
      {isPaused ? (
        <Button size="compact-xs" leftSection={<IconPlayerPlay size={12} aria-hidden />} onClick={resume}>
          {held.length === 0 ? t('logs.live.goOn') : t('logs.live.new', { count: held.length })}
        </Button>
      ) : (
        <Button
          size="compact-xs"
          variant="subtle"
          leftSection={<IconPlayerPause size={12} aria-hidden />}
          onClick={pause}
        >
          {t('logs.live.pause')}
        </Button>
      )}
    </Group>
  );
}
