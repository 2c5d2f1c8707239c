import type { Checkpoint } from '../contracts/checkpoint.ts';
import type { Partition } from '../contracts/pull-source.ts';
import { backOffMillis } from '../foundation/back-off.ts';
import type { ErrorCode } from '../foundation/error-codes.ts';
import { describeError, LogferryError } from '../foundation/logferry-error.ts';
import type { Random } from '../foundation/random.ts';
import type { ExpiryRisk } from '../source-kit/expiry-risk.ts';
import { type LatenessSummary, summarizeLateness } from '../source-kit/lateness.ts';
import { ExpiryWatch } from './expiry-watch.ts';
import { judgeReadError, nextPollAt } from './next-poll.ts';
import { type CollectorContext, PartitionCollector } from './partition-collector.ts';
import { noCounts, type ReadCounts } from './slice-reader.ts';

const SCHEDULE_LOOK_MILLIS = 60_000;
const BACK_OFF = { firstMillis: 1000, maxMillis: 60_000 };
/** Somebody has to act, which takes minutes; but once they did, nobody wants to wait long. */
const BLOCKED_RETRY_MILLIS = 60_000;

export type PartitionState = 'waiting' | 'reading' | 'retrying' | 'blocked' | 'gone';

export interface PartitionStatus {
  readonly key: string;
  readonly title: string;
  readonly state: PartitionState;
  /** Everything before has been read at least once; undefined before the first read. Unix milliseconds. */
  readonly headMillis: number | undefined;
  readonly watermarkMillis: number | undefined;
  readonly lateness: LatenessSummary | undefined;
  /** Set while unread events are about to expire. */
  readonly expiring?: ExpiryRisk;
  readonly lastPollAtMillis: number | undefined;
  /** Fetched by the last poll. */
  readonly lastFetched: number;
  readonly error?: { readonly code: ErrorCode; readonly message: string; readonly hint?: string };
}

export interface PartitionRunnerContext extends CollectorContext {
  readonly random: Random;
}

/** Polls one partition, again and again or once; never twice at the same time. */
export class PartitionRunner {
  readonly #collector: PartitionCollector;
  readonly #context: PartitionRunnerContext;
  #state: PartitionState = 'waiting';
  #error: PartitionStatus['error'];
  #lastPollAtMillis: number | undefined;
  #lastFetched = 0;
  #failures = 0;
  #turn: Promise<unknown> = Promise.resolve();
  readonly #expiry: ExpiryWatch;

  constructor(partition: Partition, context: PartitionRunnerContext) {
    this.#collector = new PartitionCollector(partition, context);
    this.#context = context;
    this.#expiry = new ExpiryWatch(context.logger.child({ source: context.route.sourceId }));
  }

  get partition(): Partition {
    return this.#collector.partition;
  }

  set partition(partition: Partition) {
    this.#collector.partition = partition;
  }

  status(): PartitionStatus {
    const { partition, checkpoint } = this.#collector;
    return {
      key: partition.key,
      title: partition.title,
      state: this.#state,
      headMillis: checkpoint?.headMillis,
      watermarkMillis: checkpoint?.watermarkMillis,
      lateness: checkpoint && summarizeLateness(checkpoint.lateness),
      lastPollAtMillis: this.#lastPollAtMillis,
      lastFetched: this.#lastFetched,
      ...(this.#expiry.risk !== undefined && { expiring: this.#expiry.risk }),
      ...(this.#error !== undefined && { error: this.#error }),
    };
  }

  /** Looks whether its events are reached before they expire; called every few seconds. */
  watchExpiry(): void {
    const { partition, checkpoint } = this.#collector;
    if (checkpoint === undefined || this.#state === 'gone') return;
    const mark = { atMillis: this.#context.serviceClock.now(), headMillis: checkpoint.headMillis };
    this.#expiry.look(partition, mark, this.#state);
  }

  get state(): PartitionState {
    return this.#state;
  }

  get checkpoint(): Checkpoint | undefined {
    return this.#collector.checkpoint;
  }

  get wakeAtMillis(): number | undefined {
    return this.#collector.wakeAtMillis;
  }

  /** Polls until aborted, or until the partition is gone. Never rejects but for an abort. */
  async follow(signal: AbortSignal): Promise<void> {
    const { clock, collect, random } = this.#context;
    let freshMonotonic = clock.monotonic();
    // Thousands of partitions that begin together must not stay together. A schedule is kept to the minute.
    if (collect.schedule === undefined)
      await clock.sleep(random.next() * Math.min(1000, collect.everyMillis), signal);
    else await this.#waitForPoll(freshMonotonic, freshMonotonic, signal);
    while (!signal.aborted) {
      const startedMonotonic = clock.monotonic();
      const counts = noCounts();
      // A schedule leaves time enough.
      const dueMonotonic =
        collect.schedule === undefined ? clock.monotonic() + collect.everyMillis : Number.POSITIVE_INFINITY;
      try {
        await this.poll(counts, signal, dueMonotonic);
      } catch (thrown) {
        signal.throwIfAborted();
        if (this.#state === 'gone') return;
        await clock.sleep(this.#retryAfter(thrown), signal);
        continue;
      }
      if (counts.fetched > counts.duplicate) freshMonotonic = clock.monotonic();
      await this.#waitForPoll(startedMonotonic, freshMonotonic, signal);
    }
  }

  /** One poll; waits for one that is under way. `counts` are right even when it throws. */
  async poll(counts: ReadCounts, signal: AbortSignal, headDueMonotonic?: number): Promise<void> {
    await this.#inTurn(() => this.#poll(counts, signal, headDueMonotonic));
  }

  /** Hands on what transforms hold, when that is due. */
  async flush(counts: ReadCounts, signal: AbortSignal): Promise<void> {
    await this.#inTurn(() => this.#collector.flush(counts, signal));
  }

  /** See PartitionCollector; both between two polls. */
  readonly noteAudit: PartitionCollector['noteAudit'] = (...args) =>
    this.#inTurn(() => this.#collector.noteAudit(...args));
  readonly addMissing: PartitionCollector['addMissing'] = (...args) =>
    this.#inTurn(() => this.#collector.addMissing(...args));

  async #poll(counts: ReadCounts, signal: AbortSignal, headDueMonotonic: number | undefined): Promise<void> {
    const { clock } = this.#context;
    const fetchedBefore = counts.fetched;
    try {
      this.#state = 'reading';
      await this.#collector.poll(signal, counts, headDueMonotonic);
      this.#state = 'waiting';
      this.#error = undefined;
      this.#failures = 0;
      this.#lastPollAtMillis = clock.now();
      this.#lastFetched = counts.fetched - fetchedBefore;
    } catch (thrown) {
      if (signal.aborted) this.#state = 'waiting';
      else await this.#failed(thrown, signal);
      throw thrown;
    }
  }

  async #failed(thrown: unknown, signal: AbortSignal): Promise<void> {
    const { kind, code } = judgeReadError(thrown);
    const { metrics, route, logger } = this.#context;
    const details = { source: route.sourceId, partition: this.#collector.partition.title, code };
    metrics.count('logferry_source_errors_total', { source: route.sourceId, code });
    const isNew = this.#error?.code !== code;
    this.#failures++;
    this.#error = {
      code,
      message: describeError(thrown),
      ...(thrown instanceof LogferryError && thrown.hint !== undefined && { hint: thrown.hint }),
    };
    this.#state = kind === 'retry' ? 'retrying' : kind;
    // The same error again is told by the metric; a line a minute would drown what else there is.
    const tell = {
      ...details,
      error: this.#error.message,
      ...(this.#error.hint && { next: this.#error.hint }),
    };
    if (isNew) logger.warn(tell, 'The log group could not be read; it is tried again.');
    else logger.debug(tell, 'The log group could still not be read.');
    if (kind === 'gone') {
      await this.#collector.recordDeleted(signal).catch((error: unknown) => {
        logger.warn({ ...details, error: describeError(error) }, 'The gap could not be recorded.');
      });
    }
  }

  async #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const mine = this.#turn.then(work, work);
    this.#turn = mine.catch(() => {});
    return await mine;
  }

  #retryAfter(thrown: unknown): number {
    const { random } = this.#context;
    if (thrown instanceof LogferryError && thrown.code === 'STATE_CONFLICT') return 0;
    if (this.#state === 'blocked') return BLOCKED_RETRY_MILLIS * (0.75 + random.next() / 2);
    return backOffMillis(this.#failures, BACK_OFF, random);
  }

  /** Transforms speak the service's time; waiting is done in the local one. */
  #wakeLocal(): number | undefined {
    const { clock, serviceClock } = this.#context;
    const wake = this.#collector.wakeAtMillis;
    return wake === undefined ? undefined : clock.now() + (wake - serviceClock.now());
  }

  /**
   * The wall clock may be set while a poll is under way, and while this waits; and the machine may sleep. What has passed
   * is therefore measured by the monotonic clock; by the wall clock goes a schedule alone, which is looked at again every
   * minute.
   */
  async #waitForPoll(startedMonotonic: number, freshMonotonic: number, signal: AbortSignal): Promise<void> {
    const { clock, collect } = this.#context;
    const nextMillis = () => {
      const nowMillis = clock.now();
      const monotonic = clock.monotonic();
      const last = {
        startedMillis: nowMillis - (monotonic - startedMonotonic),
        freshMillis: nowMillis - (monotonic - freshMonotonic),
        wakeAtMillis: this.#wakeLocal(),
      };
      return nextPollAt(collect, last, nowMillis);
    };
    if (collect.schedule === undefined) {
      await clock.sleep(Math.max(0, nextMillis() - clock.now()), signal);
      return;
    }
    for (let dueMillis = nextMillis(); ; dueMillis = Math.min(dueMillis, nextMillis())) {
      const leftMillis = dueMillis - clock.now();
      if (leftMillis <= 0) return;
      await clock.sleep(Math.min(leftMillis, SCHEDULE_LOOK_MILLIS), signal);
      if (dueMillis <= clock.now()) return;
    }
  }
}
