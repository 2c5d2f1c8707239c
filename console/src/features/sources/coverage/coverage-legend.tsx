import { Group, Text, Tooltip } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import classes from './coverage-strip.module.css';

const SHOWN = ['sealed', 'open', 'backfilled', 'pending', 'unread', 'gap'] as const;

export function CoverageLegend() {
  const { t } = useTranslation();
  return (
    <Group gap="md">
      {SHOWN.map((state) => (
        <Tooltip key={state} label={t(`sources.meaning.${state}`)} multiline w={260}>
          <Group gap={6} wrap="nowrap">
            <span className={`${classes['swatch']} ${classes['cell']}`} data-state={state} />
            <Text size="xs">{t(`sources.coverage.${state}`)}</Text>
          </Group>
        </Tooltip>
      ))}
    </Group>
  );
}
