import { SimpleGrid, Skeleton } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { useCoverage } from '../../api-client/coverage.ts';
import { useStatus } from '../../api-client/status.ts';
import { EmptyState } from '../../ui/empty-state.tsx';
import { Failure } from '../../ui/failure.tsx';
import { Page } from '../../ui/page.tsx';
import { eventsByCell } from './events-by-cell.ts';
import { SourceCard } from './source-card.tsx';

const HOUR_MILLIS = 3_600_000;

export function SourcesPage() {
  const { t } = useTranslation();
  const { data, error, refetch } = useStatus();
  const { data: coverage } = useCoverage({ lengthMillis: HOUR_MILLIS, cells: 90 });
  return (
    <Page title={t('sources.title')}>
      {error !== null && <Failure error={error} retry={() => void refetch()} />}
      {data === undefined && error === null && <Skeleton h={160} />}
      {data?.sources.length === 0 && (
        <EmptyState title={t('sources.none.title')}>{t('sources.none.next')}</EmptyState>
      )}
      <SimpleGrid cols={{ base: 1, md: 2 }} spacing="md">
        {data?.sources.map((source) => (
          <SourceCard key={source.id} source={source} perMinute={eventsByCell(coverage, source.id)} />
        ))}
      </SimpleGrid>
    </Page>
  );
}
