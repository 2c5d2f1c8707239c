import type { LogRecord } from '../record/log-record.ts';
import type { LogReader } from './log-search.ts';

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
 * processes; with `redelivery`, records whose source and id are there already are left out; an engine that died is started again
 * and what was under way rejects. Rejects with LogferryError STORE_*.
 */
export interface LogStore extends LogReader {
  append(
    records: readonly LogRecord[],
    options: { readonly redelivery: boolean },
    signal: AbortSignal,
  ): Promise<{ readonly added: number; readonly alreadyThere: number }>;
  usage(signal: AbortSignal): Promise<LogStoreUsage>;
  /** Removes the oldest until the policy holds; resolves to what was removed, by reason. */
  applyRetention(
    policy: RetentionPolicy,
    nowMillis: number,
    signal: AbortSignal,
  ): Promise<Readonly<Record<'age' | 'bytes', number>>>;
  close(): Promise<void>;
}
