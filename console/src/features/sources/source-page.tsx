import { Alert, Anchor, Group, SegmentedControl, Skeleton, Stack, Text } from '@mantine/core';
import { Link, useNavigate, useParams, useSearch } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { useCoverage } from '../../api-client/coverage.ts';
import { useStatus } from '../../api-client/status.ts';
import { EmptyState } from '../../ui/empty-state.tsx';
import { Failure } from '../../ui/failure.tsx';
import { Page } from '../../ui/page.tsx';
import { CoverageLegend } from './coverage/coverage-legend.tsx';
import { GroupTable } from './group-table.tsx';
import { SourceActions } from './source-actions.tsx';
import { RANGES, type RangeName } from './source-search.ts';
import { SourceStateBadge } from './source-state-badge.tsx';

const CELLS = 240;

/** One source: what it reads, how far it is, and what is known of every minute. */
export function SourcePage() {
  const { t } = useTranslation();
  const { id } = useParams({ from: '/sources/$id' });
  const { range } = useSearch({ from: '/sources/$id' });
  const navigate = useNavigate({ from: '/sources/$id' });
  const { data, error, refetch } = useStatus();
  const coverage = useCoverage({ source: id, lengthMillis: RANGES[range], cells: CELLS });
  const source = data?.sources.find((one) => one.id === id);
  return (
    <Page title={id} actions={source !== undefined && <SourceActions source={source} />}>
      {error !== null && <Failure error={error} retry={() => void refetch()} />}
      {data === undefined && error === null && <Skeleton h={200} />}
      {data !== undefined && source === undefined && (
        <EmptyState title={t('sources.unknown', { id })}>
          <Anchor renderRoot={(props) => <Link to="/sources" {...props} />}>{t('sources.title')}</Anchor>
        </EmptyState>
      )}
      {source !== undefined && (
        <Stack gap="md">
          <Group justify="space-between">
            <Group gap="sm">
              <SourceStateBadge state={source.state} />
              <Text size="sm" c="dimmed">
                {t('sources.managedByFile')}
              </Text>
            </Group>
            <SegmentedControl
              size="xs"
              aria-label={t('sources.range')}
              value={range}
              onChange={(value) => void navigate({ search: { range: value as RangeName }, replace: true })}
              data={Object.keys(RANGES).map((value) => ({
                value,
                label: t(`sources.ranges.${value as RangeName}`),
              }))}
            />
          </Group>
          {source.error !== undefined && (
            <Alert color="red" title={source.error.message}>
              {source.error.hint}
            </Alert>
          )}
          {source.warnings.map(({ title, detail, fix }) => (
            <Alert key={title + detail} color="yellow" title={title}>
              {detail} {fix}
            </Alert>
          ))}
          <CoverageLegend />
          {coverage.error !== null && <Failure error={coverage.error} />}
          <GroupTable source={source} report={coverage.data} />
        </Stack>
      )}
    </Page>
  );
}
