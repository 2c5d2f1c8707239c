import { SimpleGrid, Skeleton } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { useStatus } from '../../api-client/status.ts';
import { EmptyState } from '../../ui/empty-state.tsx';
import { Failure } from '../../ui/failure.tsx';
import { Page } from '../../ui/page.tsx';
import { DestinationCard } from './destination-card.tsx';

export function DestinationsPage() {
  const { t } = useTranslation();
  const { data, error, refetch } = useStatus();
  return (
    <Page title={t('destinations.title')}>
      {error !== null && <Failure error={error} retry={() => void refetch()} />}
      {data === undefined && error === null && <Skeleton h={160} />}
      {data?.destinations.length === 0 && (
        <EmptyState title={t('destinations.none.title')}>{t('destinations.none.next')}</EmptyState>
      )}
      <SimpleGrid cols={{ base: 1, md: 2 }} spacing="md">
        {data?.destinations.map((destination) => (
          <DestinationCard key={destination.id} destination={destination} />
        ))}
      </SimpleGrid>
    </Page>
  );
}
