import type { ExportFormat } from '../../api/logs/export-text.ts';
import type { TimeRange } from '../../contracts/checkpoint.ts';
import type { KnownFields, SearchOrder, StoredRecord } from '../../contracts/log-search.ts';
import type { LogStoreUsage } from '../../contracts/log-store.ts';

/** A query as it was written, and a range of time. */
export interface TextFilter extends TimeRange {
  readonly text: string;
}

/** What the commands need of a log store, in this process or behind a server. */
export interface CommandLogs {
  /** The id of the store. */
  readonly store: string;
  search(
    filter: TextFilter,
    order: SearchOrder,
    limit: number,
  ): Promise<{ readonly records: readonly StoredRecord[]; readonly hasMore: boolean }>;
  count(filter: TextFilter): Promise<number>;
  fields(range: TimeRange): Promise<KnownFields>;
  usage(): Promise<LogStoreUsage>;
  exportText(filter: TextFilter, order: SearchOrder, format: ExportFormat): AsyncIterable<string | Buffer>;
  close(): Promise<void>;
}

/** Records that are asked for at once. */
export const PAGE_RECORDS = 1000;
