import type { LogRecord } from '../record/log-record.ts';

export interface TransformResult {
  /** In order; what goes on. */
  readonly kept: readonly LogRecord[];
  /** What goes no further, counted by reason (short and stable: a label of metrics). */
  readonly dropped: Readonly<Record<string, number>>;
  /** Records that could not be treated and are in `kept` unchanged, counted by reason. */
  readonly failed: Readonly<Record<string, number>>;
  /** What it holds back now: plain JSON, committed with the checkpoint. undefined = nothing. */
  readonly state: unknown;
  /** When it must be called again, with no records if none came, so that nothing is held for too long. */
  readonly wakeAtMillis?: number;
}

/**
 * A step between source and spool. Deterministic: the same records, state and now give the same result, so that work
 * that was not committed can be done again. Never throws for any record.
 */
export interface Transform {
  /**
   * `records` are of one partition, ascending by time as far as the service's order allows. `state` is what the last
   * committed call returned (undefined at first), perhaps in another process.
   */
  apply(records: readonly LogRecord[], state: unknown, nowMillis: number): TransformResult;
}

export const NOTHING_COUNTED: Readonly<Record<string, number>> = {};
