import { Group, Stack, Text, Timeline } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { Run } from '../../api-client/runs.ts';
import { useFormat } from '../../ui/use-format.ts';

/** read → transform → keep → deliver, with what each did to how many records. */
export function RunSteps({ counts }: { readonly counts: Run['counts'] }) {
  const { t } = useTranslation();
  const { fetched, duplicate, committed, dropped, delivered, deadLetters } = counts;
  const lost = Object.entries(deadLetters);
  return (
    <Timeline bulletSize={14} lineWidth={2} active={4}>
      <Timeline.Item title={t('runs.steps.read')}>
        <Count label={t('runs.fetched')} records={fetched} />
        <Count label={t('runs.duplicate')} records={duplicate} />
      </Timeline.Item>
      <Timeline.Item title={t('runs.steps.transform')}>
        {Object.keys(dropped).length === 0 ? (
          <Text size="sm" c="dimmed">
            {t('runs.nothingDropped')}
          </Text>
        ) : (
          <Counts counts={dropped} />
        )}
      </Timeline.Item>
      <Timeline.Item title={t('runs.steps.keep')}>
        <Count label={t('runs.committed')} records={committed} />
      </Timeline.Item>
      <Timeline.Item title={t('runs.steps.deliver')}>
        <Counts counts={delivered} />
        {lost.map(([destination, records]) => (
          <Count key={destination} label={t('runs.deadLetters', { destination })} records={records} isBad />
        ))}
      </Timeline.Item>
    </Timeline>
  );
}

function Counts({ counts }: { readonly counts: Readonly<Record<string, number>> }) {
  return (
    <Stack gap={2}>
      {Object.entries(counts).map(([label, records]) => (
        <Count key={label} label={label} records={records} />
      ))}
    </Stack>
  );
}

function Count({
  label,
  records,
  isBad = false,
}: {
  readonly label: string;
  readonly records: number;
  readonly isBad?: boolean;
}) {
  const format = useFormat();
  return (
    <Group gap="xs" justify="space-between" maw={320}>
      <Text size="sm" {...(isBad && { c: 'red' })}>
        {label}
      </Text>
      <Text size="sm" fw={600}>
        {format.count(records)}
      </Text>
    </Group>
  );
}
