import { Group, Select, Skeleton } from '@mantine/core';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { RUN_STATES, type RunState } from '../../../../src/contracts/run.ts';
import { useRuns } from '../../api-client/runs.ts';
import { useStatus } from '../../api-client/status.ts';
import { EmptyState } from '../../ui/empty-state.tsx';
import { Failure } from '../../ui/failure.tsx';
import { Page } from '../../ui/page.tsx';
import { RunDrawer } from './run-drawer.tsx';
import { RunTable } from './run-table.tsx';
import type { RunsSearch } from './runs-search.ts';

export function RunsPage() {
  const { t } = useTranslation();
  const search = useSearch({ from: '/runs' });
  const navigate = useNavigate({ from: '/runs' });
  const { data: status } = useStatus();
  const { source, state, run } = search;
  const { data, error, refetch } = useRuns({ source, state });
  const change = (next: Partial<Record<keyof RunsSearch, string | undefined>>) =>
    void navigate({ search: { ...search, ...next } as RunsSearch, replace: true });
  const isFiltered = source !== undefined || state !== undefined;
  return (
    <Page
      title={t('runs.title')}
      actions={
        <Group gap="xs">
          <Select
            aria-label={t('runs.source')}
            placeholder={t('runs.anySource')}
            data={status?.sources.map(({ id }) => id) ?? []}
            value={source ?? null}
            onChange={(value) => change({ source: value ?? undefined })}
            clearable
          />
          <Select
            aria-label={t('runs.state')}
            placeholder={t('runs.anyState')}
            data={RUN_STATES.map((value) => ({ value, label: t(`runs.states.${value}`) }))}
            value={state ?? null}
            onChange={(value) => change({ state: (value as RunState | null) ?? undefined })}
            clearable
          />
        </Group>
      }
    >
      {error !== null && <Failure error={error} retry={() => void refetch()} />}
      {data === undefined && error === null && <Skeleton h={240} />}
      {data?.length === 0 && (
        <EmptyState title={t(isFiltered ? 'runs.noneFiltered' : 'runs.none.title')}>
          {isFiltered ? null : t('runs.none.next')}
        </EmptyState>
      )}
      {data !== undefined && data.length > 0 && <RunTable runs={data} open={(id) => change({ run: id })} />}
      <RunDrawer id={run} close={() => change({ run: undefined })} />
    </Page>
  );
}
