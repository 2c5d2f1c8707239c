import { Table, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { PartitionStatus } from '../../../../src/pipeline/partition-runner.ts';
import type { SourceStatus } from '../../../../src/pipeline/source-runner.ts';
import type { CoverageReport, PartitionCoverage } from '../../api-client/coverage.ts';
import { StateBadge, type Tone } from '../../ui/state-badge.tsx';
import { useFormat } from '../../ui/use-format.ts';
import { CoverageStrip } from './coverage/coverage-strip.tsx';

const TONES: Readonly<Record<PartitionStatus['state'], Tone>> = {
  waiting: 'good',
  reading: 'good',
  retrying: 'warning',
  blocked: 'bad',
  gone: 'quiet',
};

export function GroupTable({
  source,
  report,
}: {
  readonly source: SourceStatus;
  readonly report: CoverageReport | undefined;
}) {
  const { t } = useTranslation();
  const covered = new Map(report?.partitions.map((one) => [one.key, one]));
  return (
    <Table verticalSpacing="xs" fz="sm" layout="fixed">
      <Table.Thead>
        <Table.Tr>
          <Table.Th w="24%">{t('sources.group')}</Table.Th>
          <Table.Th w={110}>{t('sources.state')}</Table.Th>
          <Table.Th w={90} ta="right">
            {t('sources.lag')}
          </Table.Th>
          <Table.Th w={110} ta="right">
            {t('sources.horizon')}
          </Table.Th>
          <Table.Th>{t('sources.coverageTitle')}</Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {source.partitions.map((partition) => (
          <GroupRow
            key={partition.key}
            partition={partition}
            coverage={covered.get(partition.key)}
            fromMillis={report?.fromMillis ?? 0}
          />
        ))}
      </Table.Tbody>
    </Table>
  );
}

function GroupRow({
  partition,
  coverage,
  fromMillis,
}: {
  readonly partition: PartitionStatus;
  readonly coverage: PartitionCoverage | undefined;
  readonly fromMillis: number;
}) {
  const { t } = useTranslation();
  const format = useFormat();
  const { title, state, headMillis, lateness, error, lastPollAtMillis } = partition;
  return (
    <Table.Tr>
      <Table.Td style={{ wordBreak: 'break-word' }}>
        <Text size="sm" fw={600}>
          {title}
        </Text>
        <Text size="xs" c="dimmed">
          {lastPollAtMillis === undefined
            ? t('sources.notPolled')
            : t('sources.lastPoll', { ago: format.ago(lastPollAtMillis), count: partition.lastFetched })}
        </Text>
        {error !== undefined && (
          <Text size="xs" c="var(--level-error)">
            {error.message} {error.hint}
          </Text>
        )}
      </Table.Td>
      <Table.Td>
        <StateBadge tone={TONES[state]} text={t(`sources.groupStates.${state}`)} />
      </Table.Td>
      <Table.Td ta="right">
        {headMillis === undefined ? '–' : format.duration(Math.max(0, Date.now() - headMillis))}
      </Table.Td>
      <Table.Td ta="right" title={t('sources.horizonMeaning')}>
        {lateness === undefined ? '–' : format.duration(lateness.horizonMillis)}
      </Table.Td>
      <Table.Td>
        {coverage !== undefined && <CoverageStrip partition={coverage} fromMillis={fromMillis} />}
      </Table.Td>
    </Table.Tr>
  );
}
