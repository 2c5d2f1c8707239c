/**
 * Reads slices of one partition and makes what they hold durable, under one checkpoint.
 *
 * Invariants: a checkpoint is committed together with the records it speaks of, never before; a record enters the spool
 * once, whatever is read again; what was read before an error is kept, and the slice counts as not read. After a failed
 * commit nothing in memory is believed: the next use loads the state again.
 */
import type { Checkpoint, SeenChunk } from '../contracts/checkpoint.ts';
import type { Metrics } from '../contracts/metrics.ts';
import type { StateStore, TransformStates } from '../contracts/state-store.ts';
import type { Clock } from '../foundation/clock.ts';
import { hashText } from '../foundation/hash.ts';
import { LogferryError } from '../foundation/logferry-error.ts';
import { approximateBytes, type LogRecord } from '../record/log-record.ts';
import { afterTooDense } from '../source-kit/checkpoint-progress.ts';
import { LatenessCounts } from '../source-kit/lateness.ts';
import type { SliceCost } from '../source-kit/page-load.ts';
import { SeenIds } from '../source-kit/seen-ids.ts';
import { applyRoute } from './apply-route.ts';
import type { OpenSlice } from './read-ahead.ts';
import type { ServiceClock } from './service-clock.ts';
import type { Route } from './topology.ts';
import type { UncommittedBytes } from './uncommitted-bytes.ts';

/** A commit holds about this much, so that neither memory nor a transaction grows with a slice. */
const MAX_COMMIT_RECORDS = 10_000;
const MAX_COMMIT_BYTES = 2 * 1024 * 1024;
/** A slice that is not over by then is given up and cut finer, unless it is one millisecond. */
const MAX_SLICE_PAGES = 50;

export interface SliceReaderContext {
  readonly store: Pick<StateStore, 'load' | 'commit' | 'spool'>;
  readonly route: Route;
  readonly clock: Clock;
  readonly serviceClock: ServiceClock;
  readonly metrics: Metrics;
  /** Shared by all partitions of the process. */
  readonly uncommitted: UncommittedBytes;
}

/** What was read so far; grows while a slice is read, so that it is right after an error too. */
export interface ReadCounts {
  fetched: number;
  duplicate: number;
  committed: number;
  readonly dropped: Record<string, number>;
}

export const noCounts = (): ReadCounts => ({ fetched: 0, duplicate: 0, committed: 0, dropped: {} });

/** What is known of the partition, as of the last commit or of reading since. */
export interface ReaderState {
  revision: number;
  checkpoint: Checkpoint;
  states: TransformStates;
  readonly seen: SeenIds;
  /** Of the seen ids, those of the beginning: the first commit stores them. */
  adopted: readonly SeenChunk[];
  /** When that was, by the monotonic clock. */
  committedMonotonic: number;
}

/** What a slice held that was read whole. */
export interface SliceRead {
  readonly cost: SliceCost;
  /** Of the events that were not known before. */
  readonly lateness: LatenessCounts;
}

/** Where reading begins when nothing was committed yet, and which ids are known all the same. */
export interface Beginning {
  readonly checkpoint: Checkpoint;
  readonly seen: readonly SeenChunk[];
}

export class SliceReader {
  readonly #key: string;
  readonly #context: SliceReaderContext;
  #loaded: ReaderState | undefined;
  #committed: Checkpoint | undefined;
  #wakeAtMillis: number | undefined;

  /** `key` names the checkpoint. */
  constructor(key: string, context: SliceReaderContext) {
    this.#key = key;
    this.#context = context;
  }

  /** When a transform holds records that must not wait for longer, in the service's time. */
  get wakeAtMillis(): number | undefined {
    return this.#wakeAtMillis;
  }

  get checkpoint(): Checkpoint | undefined {
    return this.#loaded?.checkpoint;
  }

  async load(begin: () => Beginning | Promise<Beginning>): Promise<ReaderState> {
    if (this.#loaded !== undefined) return this.#loaded;
    const stored = await this.#context.store.load(this.#key);
    const committedMonotonic = this.#context.clock.monotonic();
    if (stored !== undefined) {
      // Whatever transforms held before the restart is due to be looked at.
      this.#wakeAtMillis = Object.keys(stored.transformStates).length > 0 ? 0 : undefined;
      this.#loaded = {
        revision: stored.revision,
        checkpoint: stored.checkpoint,
        states: stored.transformStates,
        seen: new SeenIds(stored.seen),
        adopted: [],
        committedMonotonic,
      };
      return this.#loaded;
    }
    const { checkpoint, seen } = await begin();
    this.#loaded = {
      revision: 0,
      checkpoint,
      states: {},
      seen: new SeenIds(seen),
      adopted: seen,
      committedMonotonic,
    };
    return this.#loaded;
  }

  /**
   * False when the slice was given up as too dense; then the checkpoint knows, and the next plan cuts finer.
   * `after` makes the checkpoint of a slice that was read whole, from the one before.
   */
  async readSlice(
    loaded: ReaderState,
    { slice, startedMillis, pages: reading }: OpenSlice,
    after: (checkpoint: Checkpoint, read: SliceRead) => Checkpoint,
    counts: ReadCounts,
    signal: AbortSignal,
  ): Promise<boolean> {
    const { uncommitted } = this.#context;
    const lateness = new LatenessCounts();
    const readToMillis = loaded.checkpoint.headMillis;
    let fresh: LogRecord[] = [];
    let freshBytes = 0;
    const cost = { pageEvents: [] as number[], kept: 0 };
    const keep = async (checkpoint: Checkpoint) => {
      const records = fresh;
      uncommitted.add(-freshBytes);
      fresh = [];
      freshBytes = 0;
      if (records.length > 0) await this.commit(loaded, records, checkpoint, counts, signal);
      else loaded.checkpoint = checkpoint;
    };
    try {
      for await (const page of reading) {
        const freshBefore = fresh.length;
        const bytesBefore = freshBytes;
        for (const record of page.records) {
          if (!loaded.seen.add(record.id, record.timestampMillis)) continue;
          fresh.push(record);
          lateness.add(record.timestampMillis, record.ingestedMillis, readToMillis);
          freshBytes += approximateBytes(record);
        }
        uncommitted.add(freshBytes - bytesBefore);
        cost.pageEvents.push(page.events);
        cost.kept += page.records.length;
        this.#countRead(page.records.length, page.records.length - (fresh.length - freshBefore), counts);
        if (cost.pageEvents.length >= MAX_SLICE_PAGES && slice.toMillis > slice.fromMillis) {
          await keep(afterTooDense(loaded.checkpoint, slice, cost, startedMillis));
          return false;
        }
        const isEnough = fresh.length >= MAX_COMMIT_RECORDS || freshBytes >= MAX_COMMIT_BYTES;
        if (isEnough || uncommitted.isMuch) await keep(loaded.checkpoint);
      }
    } catch (thrown) {
      // What was read is true all the same; without this its ids would be known and its records gone.
      if (this.#loaded !== undefined && fresh.length > 0) await keep(loaded.checkpoint);
      throw thrown;
    }
    await keep(after(loaded.checkpoint, { cost, lateness }));
    return true;
  }

  /**
   * Adds records of a time that is sealed, where no id is known any more: the caller knows that they are missing. Their
   * ids are counted, and dropped again by the same commit.
   */
  async addMissing(
    loaded: ReaderState,
    records: readonly LogRecord[],
    checkpoint: Checkpoint,
    counts: ReadCounts,
    signal: AbortSignal,
  ): Promise<void> {
    const fresh = records.filter(({ id, timestampMillis }) => loaded.seen.add(id, timestampMillis));
    await this.commit(loaded, fresh, checkpoint, counts, signal);
  }

  /** Writes down where reading has come to, unless that was done with the last records. */
  async commitCheckpoint(loaded: ReaderState, counts: ReadCounts, signal: AbortSignal): Promise<void> {
    if (loaded.checkpoint !== this.#committed)
      await this.commit(loaded, [], loaded.checkpoint, counts, signal);
  }

  /** Writes down `records` together with `checkpoint`. Waits while the spool is full. */
  async commit(
    loaded: ReaderState,
    records: readonly LogRecord[],
    checkpoint: Checkpoint,
    counts: ReadCounts,
    signal: AbortSignal,
  ): Promise<void> {
    const { store, route, clock, serviceClock } = this.#context;
    const ordered = records.toSorted((a, b) => a.timestampMillis - b.timestampMillis);
    const result = applyRoute(route, ordered, loaded.states, serviceClock.now());
    const batchId = `${hashText(this.#key)}-${loaded.revision + 1}`;
    const seenAdded = loaded.seen.takeAdded();
    // Until the commit is known to have happened, what is in memory is ahead of the store.
    this.#loaded = undefined;
    for (;;) {
      const outcome = await store.commit({
        key: this.#key,
        expectedRevision: loaded.revision,
        checkpoint,
        transformStates: result.states,
        seenAdded,
        seenAdopted: loaded.adopted,
        seenSealedBeforeMillis: checkpoint.watermarkMillis,
        batches: [...result.outputs]
          .filter(([, output]) => output.length > 0)
          .map(([topic, output]) => ({ topic, batch: { id: `${batchId}-${topic}`, records: output } })),
      });
      if (outcome.kind === 'conflict') {
        throw new LogferryError('STATE_CONFLICT', `Another worker moved the checkpoint ${this.#key}.`);
      }
      if (outcome.kind === 'committed') {
        loaded.revision = outcome.revision;
        break;
      }
      await this.#waitForSpace(signal);
    }
    loaded.checkpoint = checkpoint;
    this.#committed = checkpoint;
    loaded.states = result.states;
    loaded.seen.sealBefore(checkpoint.watermarkMillis);
    loaded.adopted = [];
    loaded.committedMonotonic = clock.monotonic();
    this.#loaded = loaded;
    this.#wakeAtMillis = result.wakeAtMillis;
    this.#count(result, counts);
  }

  async #waitForSpace(signal: AbortSignal): Promise<void> {
    const { store, clock, metrics } = this.#context;
    const sinceMillis = clock.monotonic();
    try {
      await store.spool.waitForSpace(signal);
    } finally {
      metrics.count('logferry_spool_full_seconds_total', {}, (clock.monotonic() - sinceMillis) / 1000);
    }
  }

  #countRead(fetched: number, duplicate: number, counts: ReadCounts): void {
    const { metrics, route } = this.#context;
    const labels = { source: route.sourceId };
    counts.fetched += fetched;
    counts.duplicate += duplicate;
    metrics.count('logferry_fetched_records_total', labels, fetched);
    metrics.count('logferry_duplicate_records_total', labels, duplicate);
  }

  #count(result: ReturnType<typeof applyRoute>, counts: ReadCounts): void {
    const { metrics } = this.#context;
    for (const [topic, output] of result.outputs) {
      counts.committed += output.length;
      metrics.count('logferry_committed_records_total', { topic }, output.length);
    }
    for (const { component, reason, records } of result.dropped) {
      const label = `${component}: ${reason}`;
      counts.dropped[label] = (counts.dropped[label] ?? 0) + records;
      metrics.count('logferry_dropped_records_total', { component, reason }, records);
    }
    for (const { component, reason, records } of result.failed) {
      metrics.count('logferry_transform_failures_total', { component, reason }, records);
    }
  }
}
