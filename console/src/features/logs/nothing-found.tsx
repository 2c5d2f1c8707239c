import { Anchor, Button, Code, Group, Stack, Text } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { type LogFilterValues, useLogs } from '../../api-client/logs.ts';
import { useStatus } from '../../api-client/status.ts';
import { EmptyState } from '../../ui/empty-state.tsx';
import { useFormat } from '../../ui/use-format.ts';
import { type LogsSearch, searchOfRange } from './logs-search.ts';
import type { TimeRange } from './time/time-range.ts';
import { absolute } from './time/time-range.ts';

interface NothingFoundProps {
  readonly query: string;
  readonly range: TimeRange;
  readonly filter: LogFilterValues;
  readonly changeQuery: (query: string) => void;
  readonly change: (next: { readonly [K in keyof LogsSearch]?: LogsSearch[K] | undefined }) => void;
}

const AROUND_MILLIS = 10 * 60_000;

/** Why there is nothing: no source, nothing collected yet, filtered out, or another time. */
export function NothingFound({ query, filter, changeQuery, change }: NothingFoundProps) {
  const { t } = useTranslation();
  const format = useFormat();
  const { data: status } = useStatus();
  const isFiltered = query.trim() !== '';
  const unfiltered = useLogs({ ...filter, q: '' }, isFiltered, 1);
  const ever = useLogs({ ...filter, q: query, from: 0, to: Date.now() - (Date.now() % 60_000) }, true, 1);
  const isThereWithout = isFiltered && (unfiltered.data?.pages[0]?.records.length ?? 0) > 0;
  const newest = ever.data?.pages[0]?.records[0]?.timestampMillis;
  if (isThereWithout)
    return (
      <EmptyState title={t('logs.empty.filtered')}>
        <Stack gap="xs" align="center">
          <Code>{query}</Code>
          <Button onClick={() => changeQuery('')}>{t('logs.empty.clear')}</Button>
        </Stack>
      </EmptyState>
    );
  if (newest !== undefined)
    return (
      <EmptyState title={t('logs.empty.otherTime')}>
        <Stack gap="xs" align="center">
          <Text size="sm">{t('logs.empty.newest', { time: format.time(newest) })}</Text>
          <Button
            onClick={() =>
              change(searchOfRange(absolute({ fromMillis: newest - AROUND_MILLIS, toMillis: newest + 1000 })))
            }
          >
            {t('logs.empty.jump')}
          </Button>
        </Stack>
      </EmptyState>
    );
  if (status === undefined) return null;
  if (status.sources.length === 0)
    return (
      <EmptyState title={t('logs.empty.noSource')}>
        <Text size="sm">{t('logs.empty.noSourceNext')}</Text>
      </EmptyState>
    );
  const polls = status.sources.flatMap(({ partitions }) => partitions);
  const last = Math.max(0, ...polls.map(({ lastPollAtMillis }) => lastPollAtMillis ?? 0));
  const broken = status.sources.find(({ state }) => state === 'blocked' || state === 'degraded');
  return (
    <EmptyState title={t(broken === undefined ? 'logs.empty.nothingYet' : 'logs.empty.blocked')}>
      <Stack gap={4} align="center">
        <Text size="sm">
          {last === 0
            ? t('logs.empty.noPoll')
            : t('logs.empty.lastPoll', { ago: format.ago(last), groups: polls.length })}
        </Text>
        <Group>
          <Anchor size="sm" renderRoot={(props) => <Link to="/sources" {...props} />}>
            {t('logs.empty.toSources')}
          </Anchor>
        </Group>
      </Stack>
    </EmptyState>
  );
}
