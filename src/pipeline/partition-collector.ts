/** Follows one partition: its head at every poll, and what may have arrived late by sweeps. */
import type { AuditSummary, Checkpoint, Gap, TimeRange } from '../contracts/checkpoint.ts';
import type { Partition } from '../contracts/pull-source.ts';
import type { StateStore } from '../contracts/state-store.ts';
import type { Logger } from '../foundation/logger.ts';
import type { LogRecord } from '../record/log-record.ts';
import {
  noteDeleted,
  noteFound,
  type ProgressSettings,
  skipExpired,
} from '../source-kit/checkpoint-progress.ts';
import { newGaps } from '../source-kit/gaps.ts';
import { knowTime } from './know-time.ts';
import { beginLive } from './live-border.ts';
import { Patience } from './patience.ts';
import { type ReadPartitionContext, readAgain, readHead } from './read-partition.ts';
import { noCounts, type ReadCounts, type ReaderState, SliceReader } from './slice-reader.ts';

/** A head that moved over nothing is written down this often: to read it again would do no harm. */
const IDLE_COMMIT_MILLIS = 60_000;
/** Of the interval between two polls, what is waited at least for the turn of what is read again. */
const LEAST_PATIENCE_SHARE = 0.25;
/** Sealing may wait for a quarter of the longest lateness (plan-slices). */
const SEALED_WITHIN_RETENTION = 0.75;

const GAP_MESSAGES: Readonly<Record<Gap['reason'], string>> = {
  expired: 'Events expired in CloudWatch Logs before they were read.',
  deleted: 'The log group was deleted; what it held after the last read of it is lost.',
  denied: 'Reading was denied.',
  unreadable: 'Events could not be read.',
};

export interface CollectorContext extends ReadPartitionContext {
  readonly store: Pick<StateStore, 'load' | 'list' | 'commit' | 'spool'>;
  readonly logger: Logger;
}

export class PartitionCollector {
  /** The newest that discovery found under the key: its retention may have changed. */
  partition: Partition;
  readonly #context: CollectorContext;
  readonly #reader: SliceReader;
  #latest: Checkpoint | undefined;

  constructor(partition: Partition, context: CollectorContext) {
    this.partition = partition;
    this.#context = context;
    this.#reader = new SliceReader(partition.key, context);
  }

  /** When a transform holds records that must not wait for longer, in the service's time. */
  get wakeAtMillis(): number | undefined {
    return this.#reader.wakeAtMillis;
  }

  /** As of the last commit, or of reading since; undefined before the first poll. */
  get checkpoint(): Checkpoint | undefined {
    // While a commit is under way the reader believes in none.
    this.#latest = this.#reader.checkpoint ?? this.#latest;
    return this.#latest;
  }

  /**
   * Reads everything up to the present, sweeps when that is due, and hands on what transforms held for long enough. Not
   * called twice at once. Throws what reading or committing threw, with `counts` right all the same; may be called
   * again after that. `headDueMonotonic`: when the head is to be read next, by the monotonic clock.
   */
  async poll(
    signal: AbortSignal,
    counts: ReadCounts = noCounts(),
    headDueMonotonic = Number.POSITIVE_INFINITY,
  ): Promise<ReadCounts> {
    // Before anything is judged by it: by a wrong time too much would be sealed, or taken for expired.
    await knowTime(this.partition, this.#context.serviceClock, signal);
    const loaded = await this.#load();
    const before = loaded.checkpoint;
    const found = noteFound(before, this.partition, this.#now());
    loaded.checkpoint = skipExpired(found, this.#now(), this.#settings());
    this.#tellGaps(before, loaded.checkpoint);
    const { partition } = this;
    const context = this.#context;
    const reading = {
      partition,
      reader: this.#reader,
      loaded,
      settings: this.#settings(),
      context,
      counts,
      signal,
      tellGaps: (earlier: Checkpoint, later: Checkpoint) => this.#tellGaps(earlier, later),
    };
    await readHead(reading);
    await readAgain(reading, this.#patience(headDueMonotonic));
    const isOld = this.#context.clock.monotonic() - loaded.committedMonotonic >= IDLE_COMMIT_MILLIS;
    if (this.#isWakeDue() || isOld || loaded.revision === 0) {
      await this.#reader.commit(loaded, [], loaded.checkpoint, counts, signal);
    }
    return counts;
  }

  /** Hands on what transforms held for long enough, without reading. */
  async flush(counts: ReadCounts, signal: AbortSignal): Promise<void> {
    if (!this.#isWakeDue()) return;
    const loaded = await this.#load();
    await this.#reader.commit(loaded, [], loaded.checkpoint, counts, signal);
  }

  /** Writes down that nothing more will come from here: the log group is gone. What was not read by now is a gap. */
  async recordDeleted(signal: AbortSignal): Promise<void> {
    // Where nothing was ever read there is nothing to say, and no time to say it of.
    if (!this.#context.serviceClock.isKnown) return;
    const loaded = await this.#load();
    const before = loaded.checkpoint;
    const after = noteDeleted(before, this.#now());
    if (after === before) return;
    await this.#reader.commit(loaded, [], after, noCounts(), signal);
    this.#tellGaps(before, after);
  }

  /** Notes what counting a minute again has shown; it is written down with the next commit, or at once where asked. */
  async noteAudit(
    change: (audits: AuditSummary | undefined) => AuditSummary,
    atOnce: boolean,
    signal: AbortSignal,
  ): Promise<void> {
    const loaded = await this.#load();
    const checkpoint = { ...loaded.checkpoint, audits: change(loaded.checkpoint.audits) };
    if (atOnce) await this.#reader.commit(loaded, [], checkpoint, noCounts(), signal);
    else loaded.checkpoint = checkpoint;
  }

  /**
   * Adds what is missing of a sealed minute. False, and nothing was added, when it is not sealed here, or `isStillMissing`
   * says so: asked while nothing else can commit.
   */
  async addMissing(
    minute: TimeRange,
    records: readonly LogRecord[],
    isStillMissing: () => Promise<boolean>,
    signal: AbortSignal,
  ): Promise<boolean> {
    const loaded = await this.#load();
    if (minute.toMillis >= loaded.checkpoint.watermarkMillis || !(await isStillMissing())) return false;
    await this.#reader.addMissing(loaded, records, loaded.checkpoint, noCounts(), signal);
    return true;
  }

  async #load(): Promise<ReaderState> {
    const { store, collect } = this.#context;
    return await this.#reader.load(() => {
      const nowMillis = this.#now();
      return beginLive(this.partition, nowMillis - collect.startBeforeMillis, nowMillis, store);
    });
  }

  #patience(headDueMonotonic: number): Patience {
    const { clock, collect } = this.#context;
    // Where the head takes all of the time, something is left for the rest all the same.
    const leastMonotonic = clock.monotonic() + collect.everyMillis * LEAST_PATIENCE_SHARE;
    return Patience.until(clock, Math.max(headDueMonotonic, leastMonotonic));
  }

  #tellGaps(before: Checkpoint, after: Checkpoint): void {
    const { metrics, logger, route } = this.#context;
    for (const gap of newGaps(before, after)) {
      if (gap.lateOnly === true) continue;
      metrics.count('logferry_gaps_total', { source: route.sourceId, reason: gap.reason });
      logger.warn({ source: route.sourceId, partition: this.partition.title, gap }, GAP_MESSAGES[gap.reason]);
    }
  }

  #isWakeDue(): boolean {
    const wakeAtMillis = this.#reader.wakeAtMillis;
    return wakeAtMillis !== undefined && wakeAtMillis <= this.#now();
  }

  #settings(): ProgressSettings {
    const { everyMillis, maxLatenessMillis } = this.#context.collect;
    const { retentionMillis = Number.POSITIVE_INFINITY } = this.partition;
    return {
      everyMillis,
      // Later than that it would have expired before it could be sealed.
      maxLatenessMillis: Math.min(maxLatenessMillis, retentionMillis * SEALED_WITHIN_RETENTION),
      retentionMillis,
    };
  }

  #now(): number {
    return this.#context.serviceClock.now();
  }
}
