/** The whole state of the explorer as its address holds it, so that a link shows the same to whoever opens it. */
import { formatDuration, parseDuration } from '../../../../src/foundation/duration.ts';
import { absolute, DEFAULT_RANGE, type TimeRange, type Zone } from './time/time-range.ts';

export interface LogsSearch {
  readonly q?: string;
  /** `15m`, for a range that moves with the clock. */
  readonly range?: string;
  /** ISO times, for one that stays. */
  readonly from?: string;
  readonly to?: string;
  readonly zone?: 'utc';
  /** Further fields that the list shows, comma-separated. */
  readonly columns?: string;
  readonly wrap?: boolean;
  readonly live?: boolean;
  /** The record that is open: its time in milliseconds, a comma, and its id. */
  readonly open?: string;
  /** Destination of type `store`, where there are several. */
  readonly store?: string;
}

export function readLogsSearch(search: Readonly<Record<string, unknown>>): LogsSearch {
  const text = (name: string) => {
    const value = search[name];
    // A search of digits alone is a number to the router.
    return typeof value === 'string' || typeof value === 'number' ? String(value) : undefined;
  };
  const texts = Object.fromEntries(
    (['q', 'range', 'from', 'to', 'columns', 'open', 'store'] as const)
      .map((name) => [name, text(name)] as const)
      .filter(([, value]) => value !== undefined && value !== ''),
  );
  return {
    ...texts,
    ...(search['zone'] === 'utc' && { zone: 'utc' as const }),
    ...(search['wrap'] === true && { wrap: true }),
    ...(search['live'] === true && { live: true }),
  };
}

export function rangeOf({ range, from, to }: LogsSearch): TimeRange {
  const fromMillis = Date.parse(from ?? '');
  const toMillis = Date.parse(to ?? '');
  if (fromMillis <= toMillis) return absolute({ fromMillis, toMillis });
  const lengthMillis = range === undefined ? undefined : parseDuration(range);
  return lengthMillis !== undefined && lengthMillis > 0 ? { kind: 'relative', lengthMillis } : DEFAULT_RANGE;
}

/** What of the address a range is; the parts that it does not need are taken out. */
export function searchOfRange(
  range: TimeRange,
): Partial<Record<'range' | 'from' | 'to', string | undefined>> {
  if (range.kind === 'relative')
    return { range: formatDuration(range.lengthMillis), from: undefined, to: undefined };
  return {
    range: undefined,
    from: new Date(range.fromMillis).toISOString(),
    to: new Date(range.toMillis).toISOString(),
  };
}

export const zoneOf = ({ zone }: LogsSearch): Zone => zone ?? 'local';

export function columnsOf({ columns }: LogsSearch): readonly string[] {
  return columns === undefined ? [] : columns.split(',').filter((column) => column !== '');
}

export interface OpenRecord {
  readonly timestampMillis: number;
  readonly id: string;
}

export function openOf({ open }: LogsSearch): OpenRecord | undefined {
  const [, millis, id] = /^(\d{1,16}),(.+)$/s.exec(open ?? '') ?? [];
  return millis === undefined || id === undefined ? undefined : { timestampMillis: Number(millis), id };
}

export function searchOfRecord({ timestampMillis, id }: OpenRecord): string {
  return `${timestampMillis},${id}`;
}

/** So far around a record does a permalink to it reach. */
const AROUND_MILLIS = 5 * 60_000;

/** The address of one record: absolute times, so that it shows the same tomorrow. */
export function permalinkSearch(search: LogsSearch, record: OpenRecord): LogsSearch {
  const { range: _range, live: _live, ...kept } = search;
  const shown = rangeOf(search);
  const ends =
    shown.kind === 'absolute'
      ? shown
      : {
          fromMillis: record.timestampMillis - AROUND_MILLIS,
          toMillis: record.timestampMillis + AROUND_MILLIS,
        };
  return {
    ...kept,
    from: new Date(ends.fromMillis).toISOString(),
    to: new Date(ends.toMillis).toISOString(),
    open: searchOfRecord(record),
  };
}
