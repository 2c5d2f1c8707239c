import { Group, Loader, Text } from '@mantine/core';
import { useHotkeys } from '@mantine/hooks';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useMemo, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { parseQuery } from '../../../../src/logstore/query/parse-query.ts';
import { urlOf } from '../../api-client/http.ts';
import type { LogLine } from '../../api-client/logs.ts';
import { nearestError, useFacets, useHistogram, useLogs, useRecord } from '../../api-client/logs.ts';
import { Failure } from '../../ui/failure.tsx';
import { RecordDrawer } from './drawer/record-drawer.tsx';
import { FacetsPanel } from './facets/facets-panel.tsx';
import { Histogram } from './histogram/histogram.tsx';
import { toneOf } from './level-tone.ts';
import { LogList } from './list/log-list.tsx';
import { recordKey } from './list/record-key.ts';
import { LiveBar } from './live/live-bar.tsx';
import { useLiveLines } from './live/use-live-lines.ts';
import classes from './logs-page.module.css';
import {
  columnsOf,
  type LogsSearch,
  openOf,
  permalinkSearch,
  rangeOf,
  searchOfRange,
  searchOfRecord,
  zoneOf,
} from './logs-search.ts';
import { LogsToolbar } from './logs-toolbar.tsx';
import { NothingFound } from './nothing-found.tsx';
import { marksOf } from './query/marks-of.ts';
import { isOneDay, logTimeFormat } from './time/log-time.ts';
import { absolute, resolveRange } from './time/time-range.ts';

/** The explorer. All that it shows follows from its address, and from the moment of the last refresh. */
export function LogsPage() {
  const { t, i18n } = useTranslation();
  const search = useSearch({ from: '/logs' });
  const navigate = useNavigate({ from: '/logs' });
  const [asOfMillis, setAsOf] = useState(() => Date.now());
  const [isTimeOpen, setTimeOpen] = useState(false);
  const input = useRef<HTMLInputElement>(null);
  const range = rangeOf(search);
  const zone = zoneOf(search);
  const { q = '', store, wrap = false, live = false } = search;
  const shown = resolveRange(range, asOfMillis);
  const { fromMillis: from, toMillis: to } = shown;
  const filter = useMemo(() => ({ q, from, to, store }), [q, from, to, store]);
  const parsed = useMemo(() => parseQuery(q), [q]);
  const marks = useMemo(() => (parsed.ok ? marksOf(parsed.query) : []), [parsed]);
  const columnsText = search.columns;
  const columns = useMemo(
    () => columnsOf({ ...(columnsText !== undefined && { columns: columnsText }) }),
    [columnsText],
  );
  const formatMillis = useMemo(
    () => logTimeFormat(zone, i18n.language, isOneDay(from, to, zone)),
    [zone, i18n.language, from, to],
  );
  const logs = useLogs(filter, parsed.ok && !live);
  const histogram = useHistogram(filter, parsed.ok);
  const facets = useFacets(filter, parsed.ok);
  const { lines, pause, resume, ...liveLines } = useLiveLines(live && parsed.ok, q, store);
  const found = useMemo(() => logs.data?.pages.flatMap(({ records }) => records) ?? [], [logs.data]);
  const records = live ? lines.shown : found;
  const openKey = openOf(search);
  const openRecord = useRecord(openKey, store);

  const change = (next: { readonly [K in keyof LogsSearch]?: LogsSearch[K] | undefined }, replace = false) =>
    void navigate({ search: clean({ ...search, ...next }), replace });
  const run = (query: string) => {
    setAsOf(Date.now());
    change({ q: query });
  };
  const open = (stored: LogLine) => {
    pause();
    change({ open: searchOfRecord(stored) }, true);
  };
  const close = () => change({ open: undefined }, true);
  const selectedIndex =
    openKey === undefined
      ? -1
      : records.findIndex(
          ({ id, timestampMillis }) => id === openKey.id && timestampMillis === openKey.timestampMillis,
        );
  /** Answers whether there was one among the lines that are loaded. */
  const step = (by: number, fits: (stored: LogLine) => boolean = () => true): boolean => {
    for (let index = selectedIndex + by; index >= 0 && index < records.length; index += by) {
      const next = records[index];
      if (next !== undefined && fits(next)) {
        open(next);
        return true;
      }
    }
    return false;
  };
  const isError = ({ level }: LogLine) => toneOf(level) === 'error';
  const stepToError = (by: 1 | -1) => {
    if (step(by, isError)) return;
    const at = openKey?.timestampMillis ?? (by === 1 ? to + 1 : from - 1);
    void nearestError(filter, at, by === 1 ? 'before' : 'after').then(
      (line) => {
        if (line !== undefined) open(line);
      },
      () => {},
    );
  };
  useHotkeys([
    ['/', () => input.current?.focus()],
    ['d', () => setTimeOpen(true)],
    ['j', () => void step(1)],
    ['k', () => void step(-1)],
    ['e', () => stepToError(1)],
    ['shift+e', () => stepToError(-1)],
    ['Escape', close],
  ]);

  const failure = logs.error ?? histogram.error ?? facets.error;
  const { failure: liveFailure, retry: followAgain } = liveLines;
  const isEmpty = !live && logs.data !== undefined && found.length === 0 && !logs.isFetching;
  return (
    <div className={classes['page']}>
      <LogsToolbar
        {...{ range, zone, shown, filter, wrap, input, run, isTimeOpen, setTimeOpen, formatMillis }}
        query={q}
        isLive={live}
        chooseRange={(next) => {
          setAsOf(Date.now());
          change({ ...searchOfRange(next), live: undefined });
        }}
        chooseZone={(next) => change({ zone: next === 'utc' ? 'utc' : undefined }, true)}
        toggleWrap={() => change({ wrap: wrap ? undefined : true }, true)}
        toggleLive={() => change({ live: live ? undefined : true })}
        refresh={() => setAsOf(Date.now())}
      />
      {histogram.data !== undefined && (
        <Histogram
          data={histogram.data}
          formatMillis={formatMillis}
          choose={(between) => change({ ...searchOfRange(absolute(between)), live: undefined })}
        />
      )}
      <div className={classes['body']}>
        <FacetsPanel facets={facets.data} query={q} changeQuery={run} />
        <div className={classes['center']}>
          {live && <LiveBar {...{ lines, pause, resume }} />}
          {live && liveFailure !== undefined && <Failure error={liveFailure} retry={followAgain} />}
          {failure !== null && <Failure error={failure} retry={() => setAsOf(Date.now())} />}
          {isEmpty ? (
            <NothingFound query={q} range={range} filter={filter} changeQuery={run} change={change} />
          ) : (
            <LogList
              {...{ records, columns, marks, wrap, formatMillis, open }}
              isBusy={!live && logs.isPlaceholderData}
              selected={selectedIndex < 0 ? undefined : recordKey(records[selectedIndex])}
              loadMore={
                !live && logs.hasNextPage && !logs.isFetchingNextPage
                  ? () => void logs.fetchNextPage()
                  : undefined
              }
              onScroll={(atTop) => {
                if (!atTop) pause();
              }}
              foot={
                <Foot
                  total={histogram.data?.total}
                  loaded={found.length}
                  isLive={live}
                  isLoading={logs.isFetching}
                />
              }
            />
          )}
        </div>
        {openKey !== undefined && openRecord.data !== undefined && (
          <RecordDrawer
            stored={openRecord.data}
            {...{ columns, marks, store, open, formatMillis, close }}
            query={q}
            changeQuery={run}
            changeColumns={(next) =>
              change({ columns: next.length === 0 ? undefined : next.join(',') }, true)
            }
            permalink={location.origin + urlOf('/logs', { ...permalinkSearch(search, openKey) })}
          />
        )}
        {openKey !== undefined && openRecord.error !== null && (
          <Failure error={openRecord.error} retry={() => void openRecord.refetch()} />
        )}
      </div>
      <span role="status" aria-live="polite" className={classes['spoken']}>
        {histogram.data === undefined ? '' : t('logs.found', { count: histogram.data.total })}
      </span>
    </div>
  );
}

function Foot({
  total,
  loaded,
  isLive,
  isLoading,
}: {
  readonly total: number | undefined;
  readonly loaded: number;
  readonly isLive: boolean;
  readonly isLoading: boolean;
}) {
  const { t } = useTranslation();
  if (isLive) return null;
  return (
    <Group justify="center" py="xs" gap="xs">
      {isLoading && <Loader size="xs" />}
      <Text size="xs" c="dimmed">
        {total === undefined ? '' : t('logs.loaded', { loaded, total })}
      </Text>
    </Group>
  );
}

/** Without what is not said: addresses stay short. */
function clean(search: { readonly [K in keyof LogsSearch]?: LogsSearch[K] | undefined }): LogsSearch {
  return Object.fromEntries(
    Object.entries(search).filter(([, value]) => value !== undefined && value !== ''),
  ) as LogsSearch;
}
