/**
 * Reads one partition and makes what it reads durable.
 *
 * Invariants: a checkpoint is committed together with the records it speaks of, never before; a record enters the spool
 * once, whatever is read again; what was read before an error is kept, and the slice counts as not read. After a failed
 * commit nothing in memory is believed: the next poll loads the state again.
 */
import type { Checkpoint } from '../contracts/checkpoint.ts';
import type { Metrics } from '../contracts/metrics.ts';
import type { CollectSettings, Partition, Slice } from '../contracts/pull-source.ts';
import type { StateStore, TransformStates } from '../contracts/state-store.ts';
import type { Clock } from '../foundation/clock.ts';
import { hashText } from '../foundation/hash.ts';
import { LogferryError } from '../foundation/logferry-error.ts';
import { approximateBytes, type LogRecord } from '../record/log-record.ts';
import {
  afterSlice,
  afterSweep,
  afterTooDense,
  firstCheckpoint,
  isSweepDue,
  type PlanSettings,
  planHead,
  planSweep,
  reachesPresent,
  skipExpired,
} from '../source-kit/plan-slices.ts';
import { SeenIds } from '../source-kit/seen-ids.ts';
import { applyRoute } from './apply-route.ts';
import type { ServiceClock } from './service-clock.ts';
import type { Route } from './topology.ts';

/** A commit holds about this much, so that neither memory nor a transaction grows with a slice. */
const MAX_COMMIT_RECORDS = 10_000;
const MAX_COMMIT_BYTES = 2 * 1024 * 1024;
/** A slice that is not over by then is given up and cut finer, unless it is one millisecond. */
const MAX_SLICE_PAGES = 50;
/** A head that moved over nothing is written down this often: to read it again would do no harm. */
const IDLE_COMMIT_MILLIS = 60_000;

export interface CollectorContext {
  readonly store: Pick<StateStore, 'load' | 'commit' | 'spool'>;
  readonly route: Route;
  readonly collect: CollectSettings;
  readonly clock: Clock;
  readonly serviceClock: ServiceClock;
  readonly metrics: Metrics;
}

export interface PollCounts {
  readonly fetched: number;
  readonly duplicate: number;
}

/** What is known of the partition, as of the last commit or of reading since. */
interface Loaded {
  revision: number;
  checkpoint: Checkpoint;
  states: TransformStates;
  readonly seen: SeenIds;
  committedAtMillis: number;
}

export class PartitionCollector {
  readonly partition: Partition;
  readonly #context: CollectorContext;
  readonly #settings: PlanSettings;
  #loaded: Loaded | undefined;
  #wakeAtMillis: number | undefined;

  constructor(partition: Partition, context: CollectorContext) {
    this.partition = partition;
    this.#context = context;
    const { everyMillis, maxLatenessMillis } = context.collect;
    this.#settings = {
      everyMillis,
      maxLatenessMillis,
      ...(partition.retentionMillis !== undefined && { retentionMillis: partition.retentionMillis }),
    };
  }

  /** When a transform holds records that must not wait for longer, in the service's time. */
  get wakeAtMillis(): number | undefined {
    return this.#wakeAtMillis;
  }

  get checkpoint(): Checkpoint | undefined {
    return this.#loaded?.checkpoint;
  }

  /**
   * Reads everything up to the present, sweeps when that is due, and hands on what transforms held for long enough. Not
   * called twice at once. Throws what reading or committing threw; may be called again after that.
   */
  async poll(signal: AbortSignal): Promise<PollCounts> {
    const counts = { fetched: 0, duplicate: 0 };
    try {
      const loaded = (this.#loaded ??= await this.#load(signal));
      loaded.checkpoint = skipExpired(loaded.checkpoint, this.#now(), this.#settings);
      await this.#readHead(loaded, counts, signal);
      if (isSweepDue(loaded.checkpoint, this.#now(), this.#settings)) {
        await this.#sweep(loaded, counts, signal);
      }
      const isDue = this.#wakeAtMillis !== undefined && this.#wakeAtMillis <= this.#now();
      const isOld = this.#context.clock.now() - loaded.committedAtMillis >= IDLE_COMMIT_MILLIS;
      if (isDue || isOld) await this.#commit(loaded, [], loaded.checkpoint, signal);
    } finally {
      const labels = { source: this.#context.route.sourceId };
      this.#context.metrics.count('logferry_fetched_records_total', labels, counts.fetched);
      this.#context.metrics.count('logferry_duplicate_records_total', labels, counts.duplicate);
    }
    return counts;
  }

  async #load(signal: AbortSignal): Promise<Loaded> {
    const { store, serviceClock, clock, collect } = this.#context;
    const stored = await store.load(this.partition.key);
    if (stored !== undefined) {
      // Whatever transforms held before the restart is due to be looked at.
      this.#wakeAtMillis = Object.keys(stored.transformStates).length > 0 ? 0 : undefined;
      return {
        revision: stored.revision,
        checkpoint: stored.checkpoint,
        states: stored.transformStates,
        seen: new SeenIds(stored.seen),
        committedAtMillis: clock.now(),
      };
    }
    if (!serviceClock.isKnown) await this.#askTime(signal);
    return {
      revision: 0,
      checkpoint: firstCheckpoint(this.#now(), collect.startBeforeMillis),
      states: {},
      seen: new SeenIds(),
      committedAtMillis: clock.now(),
    };
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

  async #readHead(loaded: Loaded, counts: MutableCounts, signal: AbortSignal): Promise<void> {
    let fromMillis: number | undefined;
    for (;;) {
      const nowMillis = this.#now();
      const [slice] = planHead(loaded.checkpoint, nowMillis, this.#settings, fromMillis);
      if (slice === undefined) return;
      const isWhole = await this.#readSlice(loaded, slice, nowMillis, counts, signal);
      if (isWhole && reachesPresent(slice, nowMillis)) return;
      fromMillis = isWhole ? slice.toMillis + 1 : slice.fromMillis;
    }
  }

  async #sweep(loaded: Loaded, counts: MutableCounts, signal: AbortSignal): Promise<void> {
    const startedMillis = this.#now();
    let fromMillis = loaded.checkpoint.watermarkMillis;
    for (;;) {
      const [slice] = planSweep(loaded.checkpoint, fromMillis);
      if (slice === undefined) break;
      const isWhole = await this.#readSlice(loaded, slice, this.#now(), counts, signal);
      if (isWhole) fromMillis = slice.toMillis + 1;
    }
    const swept = afterSweep(loaded.checkpoint, startedMillis, this.#settings);
    await this.#commit(loaded, [], swept, signal);
  }

  /** False when the slice was given up as too dense; then the checkpoint knows, and the next plan cuts finer. */
  async #readSlice(
    loaded: Loaded,
    slice: Slice,
    nowMillis: number,
    counts: MutableCounts,
    signal: AbortSignal,
  ): Promise<boolean> {
    let fresh: LogRecord[] = [];
    let freshBytes = 0;
    let events = 0;
    let pages = 0;
    const keep = async (checkpoint: Checkpoint) => {
      const records = fresh;
      fresh = [];
      freshBytes = 0;
      if (records.length > 0) await this.#commit(loaded, records, checkpoint, signal);
      else loaded.checkpoint = checkpoint;
    };
    try {
      for await (const page of this.partition.read(slice, signal)) {
        this.#context.serviceClock.observe(page.serverMillis);
        for (const record of page.records) {
          if (!loaded.seen.add(record.id, record.timestampMillis)) {
            counts.duplicate++;
            continue;
          }
          fresh.push(record);
          freshBytes += approximateBytes(record);
        }
        events += page.records.length;
        counts.fetched += page.records.length;
        pages++;
        if (pages >= MAX_SLICE_PAGES && slice.toMillis > slice.fromMillis) {
          await keep(afterTooDense(loaded.checkpoint, slice, events, nowMillis));
          return false;
        }
        if (fresh.length >= MAX_COMMIT_RECORDS || freshBytes >= MAX_COMMIT_BYTES) {
          await keep(loaded.checkpoint);
        }
      }
    } catch (thrown) {
      // What was read is true all the same; without this its ids would be known and its records gone.
      if (this.#loaded !== undefined && fresh.length > 0) await keep(loaded.checkpoint);
      throw thrown;
    }
    await keep(afterSlice(loaded.checkpoint, slice, events, nowMillis));
    return true;
  }

  async #commit(
    loaded: Loaded,
    records: readonly LogRecord[],
    checkpoint: Checkpoint,
    signal: AbortSignal,
  ): Promise<void> {
    const { store, route, metrics, clock } = this.#context;
    const ordered = records.toSorted((a, b) => a.timestampMillis - b.timestampMillis);
    const result = applyRoute(route, ordered, loaded.states, this.#now());
    const batchId = `${hashText(this.partition.key)}-${loaded.revision + 1}`;
    const seenAdded = loaded.seen.takeAdded();
    // Until the commit is known to have happened, what is in memory is ahead of the store.
    this.#loaded = undefined;
    for (;;) {
      const outcome = await store.commit({
        key: this.partition.key,
        expectedRevision: loaded.revision,
        checkpoint,
        transformStates: result.states,
        seenAdded,
        seenSealedBeforeMillis: checkpoint.watermarkMillis,
        batches: [...result.outputs]
          .filter(([, output]) => output.length > 0)
          .map(([topic, output]) => ({ topic, batch: { id: `${batchId}-${topic}`, records: output } })),
      });
      if (outcome.kind === 'conflict') {
        throw new LogferryError(
          'STATE_CONFLICT',
          `Another worker moved the checkpoint of ${this.partition.title}.`,
        );
      }
      if (outcome.kind === 'committed') {
        loaded.revision = outcome.revision;
        break;
      }
      const sinceMillis = clock.monotonic();
      await store.spool.waitForSpace(signal);
      metrics.count('logferry_spool_full_seconds_total', {}, (clock.monotonic() - sinceMillis) / 1000);
    }
    loaded.checkpoint = checkpoint;
    loaded.states = result.states;
    loaded.seen.sealBefore(checkpoint.watermarkMillis);
    loaded.committedAtMillis = clock.now();
    this.#loaded = loaded;
    this.#wakeAtMillis = result.wakeAtMillis;
    for (const [topic, output] of result.outputs) {
      metrics.count('logferry_committed_records_total', { topic }, output.length);
    }
    for (const { component, reason, records: count } of result.dropped) {
      metrics.count('logferry_dropped_records_total', { component, reason }, count);
    }
    for (const { component, reason, records: count } of result.failed) {
      metrics.count('logferry_transform_failures_total', { component, reason }, count);
    }
  }

  #now(): number {
    return this.#context.serviceClock.now();
  }
}

interface MutableCounts {
  fetched: number;
  duplicate: number;
}
