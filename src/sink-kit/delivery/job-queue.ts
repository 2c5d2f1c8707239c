import type { SinkLimits } from '../../contracts/sink.ts';
import type { Clock } from '../../foundation/clock.ts';
import { type Choice, chooseJob, type DeliveryJob, newJob, settledPrefix } from './delivery-job.ts';
import type { ReadAhead } from './read-ahead.ts';

/** Settled jobs that may wait behind an open one, for each write that may be under way. */
const JOBS_AHEAD = 4;

/** Batches that may be delivered without the spool knowing it yet: after a crash they come again. */
export function mostUnacknowledged({ maxInFlight }: Pick<SinkLimits, 'maxInFlight'>): number {
  return (maxInFlight + 1) * JOBS_AHEAD;
}

export interface NextJobMode {
  /** False hands out batches that are not full at once. */
  readonly lingers: boolean;
  /** Set while the destination is down: one write at a time, not before this time of the monotonic clock. */
  readonly probing: { readonly notBeforeMillis: number } | undefined;
}

/**
 * The jobs between reading and acknowledging. Invariants: jobs are contiguous and in the spool's order, and at most
 * `maxInFlight` of them are open but for the halves of one that was divided.
 */
export class JobQueue {
  readonly #limits: SinkLimits;
  readonly #clock: Clock;
  readonly #ahead: ReadAhead;
  readonly #redeliveryUpTo: number;
  #jobs: readonly DeliveryJob[] = [];
  #lingerUntilMillis: number | undefined;

  /** Entries up to the offset `redeliveryUpTo` may have been in flight when an earlier process died. */
  constructor(limits: SinkLimits, clock: Clock, ahead: ReadAhead, redeliveryUpTo: number) {
    this.#limits = limits;
    this.#clock = clock;
    this.#ahead = ahead;
    this.#redeliveryUpTo = redeliveryUpTo;
  }

  get isEmpty(): boolean {
    return this.#jobs.length === 0 && this.#ahead.isEmpty;
  }

  /** Offset of the oldest record that was read and is not acknowledged. */
  get oldestOffset(): number | undefined {
    return this.#jobs[0]?.run.pieces[0]?.offset ?? this.#ahead.oldestOffset;
  }

  /** What to write now, or until when to wait. Cuts a further job where there is room for one. */
  next(mode: NextJobMode): Choice {
    const lingerUntilMillis = this.#cut(mode.lingers);
    const choice = chooseJob(this.#jobs, this.#limits.maxInFlight, mode.probing, this.#clock.monotonic());
    if (choice.kind === 'write' || lingerUntilMillis === undefined) return choice;
    return {
      kind: 'wait',
      untilMillis:
        choice.kind === 'wait' ? Math.min(choice.untilMillis, lingerUntilMillis) : lingerUntilMillis,
    };
  }

  replace(job: DeliveryJob, by: readonly DeliveryJob[]): void {
    this.#jobs = this.#jobs.flatMap((other) => (other.id === job.id ? by : [other]));
  }

  settled(): ReturnType<typeof settledPrefix> {
    return settledPrefix(this.#jobs);
  }

  /** Forgets the first `count` jobs: the spool knows them to be settled. */
  release(count: number): void {
    this.#jobs = this.#jobs.slice(count);
  }

  /** Makes the next job, unless enough are open or a batch that is not full still lingers: then returns until when. */
  #cut(lingers: boolean): number | undefined {
    const { maxInFlight, lingerMillis } = this.#limits;
    const open = this.#jobs.filter((job) => job.phase !== 'settled').length;
    if (open >= maxInFlight || this.#jobs.length >= mostUnacknowledged(this.#limits)) return undefined;
    const cut = this.#ahead.peek();
    if (cut === undefined) return undefined;
    if (!cut.full && lingers) {
      this.#lingerUntilMillis ??= this.#clock.monotonic() + lingerMillis;
      if (this.#lingerUntilMillis > this.#clock.monotonic()) return this.#lingerUntilMillis;
    }
    this.#lingerUntilMillis = undefined;
    this.#ahead.take(cut.run);
    const redelivery = (cut.run.pieces[0]?.offset ?? 0) <= this.#redeliveryUpTo;
    this.#jobs = [...this.#jobs, newJob(cut.run, redelivery)];
    return undefined;
  }
}
