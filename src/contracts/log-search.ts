import type { Level } from '../record/level.ts';
import type { LogRecord } from '../record/log-record.ts';
import type { TimeRange } from './checkpoint.ts';
import type { LogQuery } from './log-query.ts';

/** Which records: those of a range of their own time, both ends inclusive, that a query holds for. */
export interface LogFilter extends TimeRange {
  readonly query: LogQuery;
}

export interface LogSearch extends LogFilter {
  readonly order: SearchOrder;
  readonly limit: number;
  /** Goes on behind the last record of a page before; the filter and the order are those of that page. */
  readonly after?: LogCursor;
  /** Longer messages are cut to so many characters. Default: none is cut. */
  readonly maxMessageLength?: number;
}

/** By time, then id; of records that agree in both, by what else tells them apart. */
export type SearchOrder = 'newest' | 'oldest';

export interface LogCursor {
  readonly timestampMillis: number;
  readonly id: string;
  /** How many records of this time and id were given already. */
  readonly skip: number;
}

export interface StoredRecord {
  readonly record: LogRecord;
  readonly storedAtMillis: number;
  /** UTF-8 bytes of the whole message; there only when the message was cut. */
  readonly messageBytes?: number;
}

export interface LogPage {
  readonly records: readonly StoredRecord[];
  /** There when there are more. */
  readonly next?: LogCursor;
}

export interface HistogramRequest extends LogFilter {
  /** At most so many buckets, so that their width is a round one. */
  readonly maxBuckets: number;
  /** Of the zone whose days and hours the buckets begin with; east of UTC is positive. Default 0. */
  readonly zoneOffsetMinutes?: number;
}

/** A level, or `none` for records without one. */
export type LevelName = Level | 'none';

export interface Histogram {
  readonly bucketMillis: number;
  /** Without a hole, by time; the first and the last may reach beyond the range. */
  readonly buckets: readonly HistogramBucket[];
  readonly total: number;
}

export interface HistogramBucket {
  readonly fromMillis: number;
  readonly counts: Readonly<Partial<Record<LevelName, number>>>;
}

export interface FacetsRequest extends LogFilter {
  readonly fields: readonly string[];
  /** How many values of each. */
  readonly top: number;
}

export interface Facets {
  /** All records of the filter: of each facet the values, the others and the missing add up to it. */
  readonly total: number;
  readonly facets: readonly Facet[];
}

export interface Facet {
  readonly field: string;
  /** The most frequent first. */
  readonly values: readonly ValueCount[];
  /** How many different values there are. */
  readonly distinct: number;
  /** Records with a value that is not among `values`. */
  readonly others: number;
  /** Records without a value. */
  readonly missing: number;
}

export interface ValueCount {
  readonly value: string;
  readonly count: number;
}

export interface FieldValuesRequest extends LogFilter {
  readonly field: string;
  /** Only values that contain this, in whatever case. */
  readonly containing: string;
  readonly limit: number;
}

/** A field that records of a range have. */
export interface KnownField {
  readonly name: string;
  readonly kind: 'built_in' | 'tag' | 'field' | 'json';
  /** Whether all values that were looked at are of this type. */
  readonly type: 'text' | 'number' | 'boolean' | 'time' | 'mixed';
  /** In how many of the records that were looked at. */
  readonly records: number;
}

export interface KnownFields {
  readonly fields: readonly KnownField[];
  /** How many records were looked at, the newest ones. */
  readonly examined: number;
}

/** Names one record. */
export interface RecordKey {
  readonly timestampMillis: number;
  readonly id: string;
  /** Where several sources read the same log group, which of them. Default: any. */
  readonly source?: string;
}

export interface ContextRequest extends RecordKey {
  /** What belongs together: lines of the same stream, or of all containers of the same task. */
  readonly scope: ContextScope;
  readonly before: number;
  readonly after: number;
  readonly maxMessageLength?: number;
}

export type ContextScope = 'stream' | 'task';

export interface RecordContext {
  readonly record: StoredRecord;
  /** What was looked at: `stream` where `task` was asked for and the record knows of no task. */
  readonly scope: ContextScope;
  /** The oldest first. */
  readonly before: readonly StoredRecord[];
  readonly after: readonly StoredRecord[];
  readonly hasMoreBefore: boolean;
  readonly hasMoreAfter: boolean;
}

export interface PatternsRequest extends LogFilter {
  readonly limit: number;
}

export interface Patterns {
  /** The most frequent first. */
  readonly patterns: readonly Pattern[];
  /** How many records were looked at: the newest ones of the filter. */
  readonly examined: number;
  /** How many different patterns these have. */
  readonly distinct: number;
}

export interface Pattern {
  /** The message with what varies replaced: `<n>`, `<hex>`, `<uuid>`, `<ip>`, `<time>`, `<text>`. */
  readonly shape: string;
  readonly count: number;
  readonly level: LevelName;
  readonly firstMillis: number;
  readonly lastMillis: number;
  /** The newest of them. */
  readonly example: RecordKey & { readonly message: string };
}

export interface TailRequest {
  readonly query: LogQuery;
  /** Records of an older time are left out, and counted. */
  readonly fromMillis: number;
  /** So many records that are there already come first, the newest ones. */
  readonly backlog: number;
  /** At most so many at once; what is more is left out, the older ones, and counted. */
  readonly maxRecords: number;
  readonly maxMessageLength?: number;
}

export interface TailBatch {
  /** By time, the oldest first. */
  readonly records: readonly StoredRecord[];
  /** What came in at the same time, fulfils the query and is not among the records. */
  readonly leftOut: { readonly tooMany: number; readonly older: number };
}

/**
 * Reading what a log store holds. All methods of the same filter agree to the record, as long as nothing is added or
 * removed between them. Aborting ends the work in the engine too. Rejects with QueryError for what only the engine can
 * tell of a query (a regular expression), QUERY_TOO_COSTLY for a search beyond its bounds of time and memory, STORE_BUSY
 * when too many wait, and STORE_UNAVAILABLE and STORE_FAILED as the store does.
 */
export interface LogReader {
  search(search: LogSearch, signal: AbortSignal): Promise<LogPage>;
  count(filter: LogFilter, signal: AbortSignal): Promise<number>;
  /** All records of a filter, in pieces of bounded size, as fast as they are taken. */
  exportRecords(
    filter: LogFilter,
    order: SearchOrder,
    signal: AbortSignal,
  ): AsyncIterable<readonly StoredRecord[]>;
  histogram(request: HistogramRequest, signal: AbortSignal): Promise<Histogram>;
  facets(request: FacetsRequest, signal: AbortSignal): Promise<Facets>;
  fields(filter: LogFilter, signal: AbortSignal): Promise<KnownFields>;
  /** The most frequent first. */
  fieldValues(request: FieldValuesRequest, signal: AbortSignal): Promise<readonly ValueCount[]>;
  /** undefined when there is none. */
  record(key: RecordKey, signal: AbortSignal): Promise<StoredRecord | undefined>;
  /** undefined when the record is not there. */
  context(request: ContextRequest, signal: AbortSignal): Promise<RecordContext | undefined>;
  patterns(request: PatternsRequest, signal: AbortSignal): Promise<Patterns>;
  /** What is there, then what comes in, each record once; ends with the signal only, by rejecting with its reason. */
  tail(request: TailRequest, signal: AbortSignal): AsyncIterable<TailBatch>;
}
