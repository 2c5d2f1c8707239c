import { keepPreviousData, useInfiniteQuery, useQuery } from '@tanstack/react-query';
import type { z } from 'zod';
import type {
  completeReply,
  contextReply,
  facetsReply,
  histogramReply,
  pageReply,
  patternsReply,
  RecordReply,
} from '../../../src/api/logs/log-replies.ts';
import type { ContextScope } from '../../../src/contracts/log-search.ts';
import { getJson, urlOf } from './http.ts';

/** A record as the API answers it. */
export type LogLine = RecordReply;
export type Facets = z.output<typeof facetsReply>;
export type Histogram = z.output<typeof histogramReply>;
export type Completions = z.output<typeof completeReply>;

export interface LiveBatch {
  /** By time, the oldest first. */
  readonly records: readonly LogLine[];
  readonly leftOut: { readonly tooMany: number; readonly older: number };
}

const PATH = '/api/v1/logs';
const PAGE_RECORDS = 500;
/** Of what a list shows; the whole message comes with the record. */
const LISTED_CHARACTERS = 4000;
const FACET_FIELDS = ['source', 'level', 'cluster', 'service', 'container', 'task', 'stream', 'log_group'];

/** What the address says, at one moment: a range that moves is resolved. */
export interface LogFilterValues {
  readonly q: string;
  /** Unix milliseconds, both ends inclusive. */
  readonly from: number;
  readonly to: number;
  readonly store?: string | undefined;
}

export function useLogs(filter: LogFilterValues, enabled: boolean, limit = PAGE_RECORDS) {
  return useInfiniteQuery({
    queryKey: ['logs', filter, limit],
    queryFn: ({ pageParam, signal }) =>
      getJson<z.output<typeof pageReply>>(
        PATH,
        { ...filter, limit, maxMessageLength: LISTED_CHARACTERS, cursor: pageParam },
        signal,
      ),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ next }) => next,
    enabled,
    ...once,
  });
}

/** What was found at one moment stays; a refresh asks with another one. */
const once = { staleTime: Number.POSITIVE_INFINITY, placeholderData: keepPreviousData } as const;

export function useHistogram(filter: LogFilterValues, enabled: boolean) {
  const zoneOffsetMinutes = -new Date(filter.to).getTimezoneOffset();
  return useQuery({
    queryKey: ['logs-histogram', filter],
    queryFn: ({ signal }) =>
      getJson<Histogram>(`${PATH}/histogram`, { ...filter, buckets: 120, zoneOffsetMinutes }, signal),
    enabled,
    ...once,
  });
}

export function useFacets(filter: LogFilterValues, enabled: boolean) {
  return useQuery({
    queryKey: ['logs-facets', filter],
    queryFn: ({ signal }) =>
      getJson<Facets>(`${PATH}/facets`, { ...filter, field: FACET_FIELDS, top: 8 }, signal),
    enabled,
    ...once,
  });
}

export function usePatterns(filter: LogFilterValues, enabled: boolean) {
  return useQuery({
    queryKey: ['logs-patterns', filter],
    queryFn: ({ signal }) =>
      getJson<z.output<typeof patternsReply>>(`${PATH}/patterns`, { ...filter, limit: 100 }, signal),
    enabled,
    ...once,
  });
}

/** How the text could go on at the cursor. */
export function useCompletions(filter: LogFilterValues, cursor: number, enabled: boolean) {
  return useQuery({
    queryKey: ['logs-complete', filter, cursor],
    queryFn: ({ signal }) => getJson<Completions>(`${PATH}/complete`, { ...filter, cursor }, signal),
    enabled,
    ...once,
  });
}

/** The nearest record before or after a time that is an error and that the query holds for. */
export async function nearestError(
  filter: LogFilterValues,
  atMillis: number,
  where: 'before' | 'after',
): Promise<LogLine | undefined> {
  const errors = 'level:>=error';
  const q = filter.q.trim() === '' ? errors : `(${filter.q}) ${errors}`;
  const ends =
    where === 'before' ? { to: atMillis - 1, order: 'newest' } : { from: atMillis + 1, order: 'oldest' };
  const wanted = { ...filter, q, ...ends, limit: 1 };
  if (wanted.from > wanted.to) return undefined;
  return (await getJson<z.output<typeof pageReply>>(PATH, wanted)).records[0];
}

interface Key {
  readonly timestampMillis: number;
  readonly id: string;
}

/** One record with its whole message. */
export function useRecord(key: Key | undefined, store: string | undefined) {
  return useQuery({
    queryKey: ['log-record', key, store],
    queryFn: ({ signal }) =>
      getJson<LogLine>(`${PATH}/record`, { time: key?.timestampMillis, id: key?.id, store }, signal),
    enabled: key !== undefined,
    staleTime: Number.POSITIVE_INFINITY,
  });
}

interface ContextWanted {
  readonly scope: ContextScope;
  readonly before: number;
  readonly after: number;
  readonly store: string | undefined;
}

export function useContext({ timestampMillis, id }: Key, wanted: ContextWanted) {
  return useQuery({
    queryKey: ['log-context', timestampMillis, id, wanted],
    queryFn: ({ signal }) =>
      getJson<z.output<typeof contextReply>>(
        `${PATH}/context`,
        { time: timestampMillis, id, ...wanted },
        signal,
      ),
    placeholderData: keepPreviousData,
  });
}

export function exportUrl(filter: LogFilterValues, format: 'csv' | 'ndjson' | 'txt'): string {
  return urlOf(`${PATH}/export`, { ...filter, format });
}

export function tailUrl(q: string, store: string | undefined): string {
  return urlOf(`${PATH}/tail`, { q, store, backlog: 200 });
}
