import type { LogRecord } from '../record/log-record.ts';
import type { TimeRange } from './checkpoint.ts';

/** Conditions that all must hold. The query language compiles to a richer tree; these are its simplest nodes. */
export type LogCondition =
  | { readonly kind: 'contains'; readonly text: string; readonly negated?: boolean }
  /** `field` is a built-in column (source, level, log_group, stream, message) or a tag or field key. */
  | { readonly kind: 'equals'; readonly field: string; readonly value: string; readonly negated?: boolean };

export interface LogQuery extends TimeRange {
  readonly conditions: readonly LogCondition[];
  readonly limit: number;
  readonly order: 'newest' | 'oldest';
}

export interface StoredRecord {
  readonly record: LogRecord;
  readonly storedAtMillis: number;
}

export interface LogStoreUsage {
  readonly records: number;
  readonly bytesOnDisk: number;
  readonly oldestMillis: number | undefined;
  readonly newestMillis: number | undefined;
}

export interface RetentionPolicy {
  readonly maxAgeMillis?: number;
  readonly maxBytes?: number;
}

/**
 * Where records are kept to be searched. Obligations: when `append` resolves the records survive SIGKILL of any of our
 * processes; with `redelivery`, records whose id is there already are left out; an engine that died is started again
 * and what was under way rejects. Rejects with LogferryError STORE_*.
 */
export interface LogStore {
  append(
    records: readonly LogRecord[],
    options: { readonly redelivery: boolean },
    signal: AbortSignal,
  ): Promise<{ readonly added: number; readonly alreadyThere: number }>;
  query(query: LogQuery, signal: AbortSignal): Promise<readonly StoredRecord[]>;
  count(query: Omit<LogQuery, 'limit' | 'order'>, signal: AbortSignal): Promise<number>;
  usage(signal: AbortSignal): Promise<LogStoreUsage>;
  /** Removes the oldest until the policy holds; resolves to what was removed, by reason. */
  applyRetention(
    policy: RetentionPolicy,
    nowMillis: number,
    signal: AbortSignal,
  ): Promise<Readonly<Record<'age' | 'bytes', number>>>;
  close(): Promise<void>;
}
