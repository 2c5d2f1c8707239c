import { Progress, Table, Text, UnstyledButton } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { Run } from '../../api-client/runs.ts';
import { useFormat } from '../../ui/use-format.ts';
import { RunStateBadge } from './run-state-badge.tsx';

export function RunTable({
  runs,
  open,
}: {
  readonly runs: readonly Run[];
  readonly open: (id: string) => void;
}) {
  const { t } = useTranslation();
  return (
    <Table.ScrollContainer minWidth={760}>
      <Table highlightOnHover verticalSpacing={6} fz="sm">
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{t('runs.state')}</Table.Th>
            <Table.Th>{t('runs.kind')}</Table.Th>
            <Table.Th>{t('runs.source')}</Table.Th>
            <Table.Th>{t('runs.trigger')}</Table.Th>
            <Table.Th>{t('runs.began')}</Table.Th>
            <Table.Th ta="right">{t('runs.took')}</Table.Th>
            <Table.Th ta="right">{t('runs.fetched')}</Table.Th>
            <Table.Th ta="right">{t('runs.delivered')}</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {runs.map((run) => (
            <RunRow key={run.id} run={run} open={open} />
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}

function RunRow({ run, open }: { readonly run: Run; readonly open: (id: string) => void }) {
  const { t } = useTranslation();
  const format = useFormat();
  const { id, state, kind, source, trigger, createdAtMillis, endedAtMillis, counts, progress } = run;
  const began = run.startedAtMillis ?? createdAtMillis;
  const delivered = Object.values(counts.delivered).reduce((sum, records) => sum + records, 0);
  return (
    <Table.Tr onClick={() => open(id)} style={{ cursor: 'pointer' }}>
      <Table.Td>
        <RunStateBadge state={state} />
        {state === 'running' && progress !== undefined && (
          <Progress value={progress * 100} size={3} mt={4} aria-label={t('runs.progress')} />
        )}
      </Table.Td>
      <Table.Td>
        <UnstyledButton fz="sm" fw={600} onClick={() => open(id)}>
          {t(`runs.kinds.${kind}`)}
        </UnstyledButton>
      </Table.Td>
      <Table.Td>{source}</Table.Td>
      <Table.Td>{t(`runs.triggers.${trigger}`)}</Table.Td>
      <Table.Td>
        <Text span inherit title={format.time(began)}>
          {format.ago(began)}
        </Text>
      </Table.Td>
      <Table.Td ta="right">{format.duration((endedAtMillis ?? Date.now()) - began)}</Table.Td>
      <Table.Td ta="right">{format.count(counts.fetched)}</Table.Td>
      <Table.Td ta="right">{format.count(delivered)}</Table.Td>
    </Table.Tr>
  );
}
