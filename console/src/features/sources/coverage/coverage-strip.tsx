import { Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { PartitionCoverage } from '../../../api-client/coverage.ts';
import { useFormat } from '../../../ui/use-format.ts';
import { cellsOf } from './coverage-cells.ts';
import classes from './coverage-strip.module.css';

/** A cell a minute, or several minutes: what is known of them. */
export function CoverageStrip({
  partition,
  fromMillis,
}: {
  readonly partition: PartitionCoverage;
  readonly fromMillis: number;
}) {
  const { t } = useTranslation();
  const format = useFormat();
  const { strip, minutes, title } = partition;
  const summary = Object.entries(minutes)
    .filter(([, count]) => count > 0)
    .map(
      ([state, count]) => `${t(`sources.coverage.${state as keyof typeof minutes}`)} ${format.count(count)}`,
    )
    .join(', ');
  return (
    <div>
      <div className={classes['strip']} role="img" aria-label={`${title}: ${summary}`}>
        {cellsOf(strip, fromMillis).map(({ state, fromMillis: begin, events }) => (
          <span
            key={begin}
            className={classes['cell']}
            data-state={state}
            title={`${format.time(begin)} · ${t(`sources.coverage.${state}`)} · ${t('sources.events', { count: events, events: format.count(events) })}`}
          />
        ))}
      </div>
      <Text size="xs" c="dimmed" mt={2}>
        {summary}
      </Text>
    </div>
  );
}
