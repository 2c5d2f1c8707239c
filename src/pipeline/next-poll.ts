import { Cron } from 'croner';
import type { CollectSettings } from '../contracts/pull-source.ts';
import type { ErrorCode } from '../foundation/error-codes.ts';
import { LogferryError } from '../foundation/logferry-error.ts';

/**
 * Records that a transform holds are looked at with the next poll, which may bring what they wait for. Where that is
 * further away than this, there is a poll for them alone.
 */
const LONGEST_HOLD_MILLIS = 10_000;

/** What the next poll depends on; times in Unix milliseconds. */
export interface LastPoll {
  readonly startedMillis: number;
  /** When something new came last, or polling began. */
  readonly freshMillis: number;
  /** When a transform wants to be asked again. */
  readonly wakeAtMillis?: number | undefined;
}

/** Of the time for which nothing new has come, what may pass until somebody looks again. */
const IDLE_SHARE = 0.1;

/** When a partition is polled again. */
export function nextPollAt(
  collect: CollectSettings,
  { startedMillis, freshMillis, wakeAtMillis }: LastPoll,
  nowMillis: number,
): number {
  const { everyMillis, idleEveryMillis } = collect;
  const idleMillis = Math.min(idleEveryMillis, (startedMillis - freshMillis) * IDLE_SHARE);
  const dueMillis =
    collect.schedule === undefined
      ? Math.max(nowMillis, startedMillis + Math.max(everyMillis, idleMillis))
      : (new Cron(collect.schedule, cronOptions(collect)).nextRun(new Date(nowMillis))?.getTime() ??
        Number.POSITIVE_INFINITY);
  if (wakeAtMillis === undefined) return dueMillis;
  return Math.min(dueMillis, Math.max(wakeAtMillis, startedMillis + LONGEST_HOLD_MILLIS));
}

function cronOptions(collect: CollectSettings) {
  return { mode: '5-part' as const, ...(collect.timeZone !== undefined && { timezone: collect.timeZone }) };
}

/** What a failed read means for the next: whether somebody has to act first, or the partition is gone. */
export function judgeReadError(thrown: unknown): {
  readonly kind: 'gone' | 'blocked' | 'retry';
  readonly code: ErrorCode;
} {
  const code = thrown instanceof LogferryError ? thrown.code : 'INTERNAL';
  if (code === 'AWS_NOT_FOUND') return { kind: 'gone', code };
  return { kind: BLOCKING.has(code) ? 'blocked' : 'retry', code };
}

const BLOCKING: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  'AWS_DENIED',
  'AWS_CREDENTIALS_MISSING',
  'AWS_CREDENTIALS_INVALID',
  'AWS_CREDENTIALS_EXPIRED',
  'AWS_REGION_WRONG',
  'AWS_LOG_CLASS',
  'AWS_CLOCK_SKEW',
]);
