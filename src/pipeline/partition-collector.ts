/** Follows one partition: its head at every poll, and what may have arrived late by sweeps. */
import { backfillKeyPrefix } from '../contracts/checkpoint.ts';
import type { CollectSettings, Partition, Slice } from '../contracts/pull-source.ts';
import type { StateStore } from '../contracts/state-store.ts';
import type { Logger } from '../foundation/logger.ts';
import {
  afterSlice,
  afterSweep,
  firstCheckpoint,
  isSweepDue,
  noteRemade,
  type PlanSettings,
  planHead,
  planSweep,
  reachesPresent,
  skipExpired,
  withGap,
} from '../source-kit/plan-slices.ts';
import {
  type Beginning,
  noCounts,
  type ReadCounts,
  type ReaderState,
  SliceReader,
  type SliceReaderContext,
} from './slice-reader.ts';

/** A head that moved over nothing is written down this often: to read it again would do no harm. */
const IDLE_COMMIT_MILLIS = 60_000;

export interface CollectorContext extends SliceReaderContext {
  readonly store: Pick<StateStore, 'load' | 'list' | 'commit' | 'spool'>;
  readonly collect: CollectSettings;
  readonly logger: Logger;
}

export class PartitionCollector {
  /** The newest that discovery found under the key: its retention may have changed. */
  partition: Partition;
  readonly #context: CollectorContext;
  readonly #reader: SliceReader;

  constructor(partition: Partition, context: CollectorContext) {
    this.partition = partition;
    this.#context = context;
    this.#reader = new SliceReader(partition.key, context);
  }

  /** When a transform holds records that must not wait for longer, in the service's time. */
  get wakeAtMillis(): number | undefined {
    return this.#reader.wakeAtMillis;
  }

  get checkpoint() {
    return this.#reader.checkpoint;
  }

  /**
   * Reads everything up to the present, sweeps when that is due, and hands on what transforms held for long enough. Not
   * called twice at once. Throws what reading or committing threw, with `counts` right all the same; may be called
   * again after that.
   */
  async poll(signal: AbortSignal, counts: ReadCounts = noCounts()): Promise<ReadCounts> {
    const loaded = await this.#load(signal);
    this.#noteRemade(loaded);
    this.#skipExpired(loaded);
    await this.#readHead(loaded, counts, signal);
    if (isSweepDue(loaded.checkpoint, this.#now(), this.#settings())) {
      await this.#sweep(loaded, counts, signal);
    }
    const isOld = this.#context.clock.now() - loaded.committedAtMillis >= IDLE_COMMIT_MILLIS;
    if (this.#isWakeDue() || isOld || loaded.revision === 0) {
      await this.#reader.commit(loaded, [], loaded.checkpoint, counts, signal);
    }
    return counts;
  }

  /** Hands on what transforms held for long enough, without reading. */
  async flush(counts: ReadCounts, signal: AbortSignal): Promise<void> {
    if (!this.#isWakeDue()) return;
    const loaded = await this.#load(signal);
    await this.#reader.commit(loaded, [], loaded.checkpoint, counts, signal);
  }

  /** Writes down that nothing more will come from here: the log group is gone. What was not read by now is a gap. */
  async recordDeleted(signal: AbortSignal): Promise<void> {
    const loaded = await this.#load(signal);
    const nowMillis = this.#now();
    const { headMillis, gaps } = loaded.checkpoint;
    const last = gaps.at(-1);
    if (last?.reason === 'deleted' && last.toMillis >= headMillis) return;
    const gap = {
      fromMillis: headMillis,
      toMillis: nowMillis,
      reason: 'deleted',
      recordedAtMillis: nowMillis,
    } as const;
    await this.#reader.commit(loaded, [], withGap(loaded.checkpoint, gap), noCounts(), signal);
    this.#countGap('deleted', 'The log group was deleted; what it held after the last read is lost.', gap);
  }

  async #load(signal: AbortSignal): Promise<ReaderState> {
    return await this.#reader.load(() => this.#begin(signal));
  }

  /** Ids that backfills have read are known from the start, so that what they overlap with is not read twice. */
  async #begin(signal: AbortSignal): Promise<Beginning> {
    const { store, serviceClock, collect } = this.#context;
    if (!serviceClock.isKnown) await this.#askTime(signal);
    const checkpoint = firstCheckpoint(this.#now(), collect.startBeforeMillis);
    const seen = [];
    for (const { key } of await store.list(backfillKeyPrefix(this.partition.key))) {
      const backfill = await store.load(key);
      seen.push(...(backfill?.seen ?? []));
    }
    return { checkpoint, seen };
  }

  /** The beginning is counted back from the service's present: with a clock that is wrong it would be missed. */
  async #askTime(signal: AbortSignal): Promise<void> {
    const nowMillis = this.#now();
    const slice: Slice = { fromMillis: nowMillis, toMillis: nowMillis, priority: 'live' };
    for await (const page of this.partition.read(slice, signal)) {
      this.#context.serviceClock.observe(page.serverMillis);
      return;
    }
  }

  #noteRemade(loaded: ReaderState): void {
    const { createdMillis } = this.partition;
    const next = noteRemade(loaded.checkpoint, createdMillis, this.#now(), this.#settings());
    const gap = next.gaps.at(-1);
    const isNew = gap !== loaded.checkpoint.gaps.at(-1);
    loaded.checkpoint = next;
    if (gap !== undefined && isNew)
      this.#countGap('deleted', 'The log group was deleted and made again; what was unread is lost.', gap);
  }

  #skipExpired(loaded: ReaderState): void {
    const next = skipExpired(loaded.checkpoint, this.#now(), this.#settings());
    if (next === loaded.checkpoint) return;
    loaded.checkpoint = next;
    const gap = next.gaps.at(-1);
    if (gap !== undefined) {
      this.#countGap('expired', 'Events expired in CloudWatch Logs before they were read.', gap);
    }
  }

  async #readHead(loaded: ReaderState, counts: ReadCounts, signal: AbortSignal): Promise<void> {
    let fromMillis: number | undefined;
    for (;;) {
      const nowMillis = this.#now();
      const [slice] = planHead(loaded.checkpoint, nowMillis, this.#settings(), fromMillis);
      if (slice === undefined) return;
      const isWhole = await this.#readSlice(loaded, slice, counts, signal);
      if (isWhole && reachesPresent(slice, nowMillis)) return;
      fromMillis = isWhole ? slice.toMillis + 1 : slice.fromMillis;
    }
  }

  async #sweep(loaded: ReaderState, counts: ReadCounts, signal: AbortSignal): Promise<void> {
    const startedMillis = this.#now();
    let fromMillis = loaded.checkpoint.watermarkMillis;
    for (;;) {
      const [slice] = planSweep(loaded.checkpoint, fromMillis);
      if (slice === undefined) break;
      const isWhole = await this.#readSlice(loaded, slice, counts, signal);
      if (isWhole) fromMillis = slice.toMillis + 1;
    }
    const swept = afterSweep(loaded.checkpoint, startedMillis, this.#settings());
    await this.#reader.commit(loaded, [], swept, counts, signal);
  }

  async #readSlice(
    loaded: ReaderState,
    slice: Slice,
    counts: ReadCounts,
    signal: AbortSignal,
  ): Promise<boolean> {
    const nowMillis = this.#now();
    const after = (checkpoint: ReaderState['checkpoint'], events: number) =>
      afterSlice(checkpoint, slice, events, nowMillis);
    return await this.#reader.readSlice(loaded, this.partition, slice, after, counts, signal);
  }

  #countGap(reason: 'expired' | 'deleted', message: string, gap: object): void {
    const { metrics, logger, route } = this.#context;
    metrics.count('logferry_gaps_total', { source: route.sourceId, reason });
    logger.warn({ source: route.sourceId, partition: this.partition.title, gap }, message);
  }

  #isWakeDue(): boolean {
    const wakeAtMillis = this.#reader.wakeAtMillis;
    return wakeAtMillis !== undefined && wakeAtMillis <= this.#now();
  }

  #settings(): PlanSettings {
    const { everyMillis, maxLatenessMillis } = this.#context.collect;
    const { retentionMillis } = this.partition;
    return {
      everyMillis,
      maxLatenessMillis,
      ...(retentionMillis !== undefined && { retentionMillis }),
    };
  }

  #now(): number {
    return this.#context.serviceClock.now();
  }
}
