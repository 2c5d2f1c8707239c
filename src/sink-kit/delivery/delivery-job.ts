import type { WriteOutcome } from '../../contracts/sink.ts';
import type { DeadLetter, SpoolPosition } from '../../contracts/spool.ts';
import { boundedDetail } from '../reply-outcome.ts';
import { endOf, halve, type RecordRun, runId } from './cut-batch.ts';

/**
 *   ready ──> writing ──> settled
 *     ^          │
 *     ├── retry ─┤
 *     └─ halves ─┘  (rejected, more than one record)
 */
export interface DeliveryJob {
  readonly id: string;
  readonly run: RecordRun;
  readonly phase: 'ready' | 'writing' | 'settled';
  /** Writes that ended with "try later". */
  readonly retries: number;
  /** Not to be written before this time of the monotonic clock. */
  readonly notBeforeMillis: number;
  /** An earlier write, in this process or before it, may have delivered some of the records. */
  readonly redelivery: boolean;
  readonly deadLetters: readonly DeadLetter[];
}

export function newJob(run: RecordRun, redelivery: boolean): DeliveryJob {
  return {
    id: runId(run),
    run,
    // Nothing to write in a run without records: only the cursor has to pass it.
    phase: run.records.length === 0 ? 'settled' : 'ready',
    retries: 0,
    notBeforeMillis: 0,
    redelivery,
    deadLetters: [],
  };
}

/** What becomes of a job that was written: itself, changed, or its two halves. The time of a retry is set by the caller. */
export function afterOutcome(job: DeliveryJob, outcome: WriteOutcome): readonly DeliveryJob[] {
  switch (outcome.kind) {
    case 'delivered':
      return [settled(job, [])];
    case 'partial':
      return [settled(job, rejectedOf(job, outcome.rejected))];
    case 'retry':
      return [
        {
          ...job,
          phase: 'ready',
          retries: job.retries + 1,
          redelivery: job.redelivery || outcome.mayHaveArrived,
        },
      ];
    case 'rejected': {
      if (job.run.records.length > 1) {
        const [left, right] = halve(job.run);
        return [newJob(left, job.redelivery), newJob(right, job.redelivery)];
      }
      return [settled(job, rejectedOf(job, [{ index: 0, ...outcome }]))];
    }
  }
}

/** Without its records: a job that waits for one before it would hold them in memory for nothing. */
function settled(job: DeliveryJob, deadLetters: readonly DeadLetter[]): DeliveryJob {
  return { ...job, phase: 'settled', deadLetters, run: { pieces: job.run.pieces, records: [] } };
}

function rejectedOf(
  job: DeliveryJob,
  rejected: readonly { readonly index: number; readonly reason: string; readonly detail: string }[],
): DeadLetter[] {
  const byIndex = new Map(rejected.map((item) => [item.index, item]));
  return [...byIndex.values()]
    .sort((a, b) => a.index - b.index)
    .flatMap(({ index, reason, detail }) => {
      const record = job.run.records[index];
      return record === undefined ? [] : [{ record, reason, detail: boundedDetail(detail) }];
    });
}

/** The jobs that are settled from the beginning on, and what to tell the spool of them; undefined when there are none. */
export function settledPrefix(jobs: readonly DeliveryJob[]):
  | {
      readonly count: number;
      readonly position: SpoolPosition;
      readonly deadLetters: readonly DeadLetter[];
    }
  | undefined {
  const firstOpen = jobs.findIndex((job) => job.phase !== 'settled');
  const count = firstOpen === -1 ? jobs.length : firstOpen;
  const last = jobs[count - 1];
  if (last === undefined) return undefined;
  return {
    count,
    position: endOf(last.run),
    deadLetters: jobs.slice(0, count).flatMap((job) => job.deadLetters),
  };
}

export type Choice =
  | { readonly kind: 'write'; readonly job: DeliveryJob }
  /** Until this time of the monotonic clock. */
  | { readonly kind: 'wait'; readonly untilMillis: number }
  | { readonly kind: 'nothing' };

/**
 * What to write now. Only the first `maxInFlight` open jobs are looked at: with 1 this keeps the order, with more it
 * bounds how far one that is held back is overtaken. While the destination is down (`probing`) a single write at a time
 * tries, the oldest, so that whoever comes back up is not met by everybody at once.
 */
export function chooseJob(
  jobs: readonly DeliveryJob[],
  maxInFlight: number,
  probing: { readonly notBeforeMillis: number } | undefined,
  nowMillis: number,
): Choice {
  const open = jobs.filter((job) => job.phase !== 'settled');
  if (probing !== undefined) {
    const oldest = open[0];
    if (oldest === undefined || open.some((job) => job.phase === 'writing')) return { kind: 'nothing' };
    const dueMillis = Math.max(oldest.notBeforeMillis, probing.notBeforeMillis);
    return dueMillis <= nowMillis ? { kind: 'write', job: oldest } : { kind: 'wait', untilMillis: dueMillis };
  }
  const ready = open.slice(0, maxInFlight).filter((job) => job.phase === 'ready');
  const due = ready.find((job) => job.notBeforeMillis <= nowMillis);
  if (due !== undefined) return { kind: 'write', job: due };
  if (ready.length === 0) return { kind: 'nothing' };
  return { kind: 'wait', untilMillis: Math.min(...ready.map((job) => job.notBeforeMillis)) };
}
