import { FakeClock } from '../../foundation/fake-clock.ts';
import { hashText } from '../../foundation/hash.ts';
import { type Logger, silentLogger } from '../../foundation/logger.ts';
import { seededRandom } from '../../foundation/random.ts';
import type { LogRecord, RecordBatch } from '../../record/log-record.ts';
import type { Checkpoint } from '../checkpoint.ts';
import type { Commit, StateStore } from '../state-store.ts';

export interface OpenSettings {
  readonly clock: FakeClock;
  readonly logger: Logger;
  readonly maxSpoolBytes: number;
}

/** Data of its own for one test: opened empty the first time, later with what is there. One store at a time. */
export interface StateStoreHarness {
  open(settings: OpenSettings): Promise<StateStore>;
  /** Changes bytes of what is stored of a spool entry, so that it cannot be read. No store is open then. */
  damageEntry(offset: number): Promise<void>;
  /** Removes the data; every store is closed by then. */
  remove(): Promise<void>;
}

export type MakeHarness = () => Promise<StateStoreHarness>;

export const START_MILLIS = 1_700_000_000_000;

/** A harness with the store that is open on it. */
export class OpenStore {
  readonly clock: FakeClock;
  readonly #harness: StateStoreHarness;
  readonly #maxSpoolBytes: number;
  #store: StateStore;

  private constructor(
    harness: StateStoreHarness,
    maxSpoolBytes: number,
    store: StateStore,
    clock: FakeClock,
  ) {
    this.#harness = harness;
    this.#maxSpoolBytes = maxSpoolBytes;
    this.#store = store;
    this.clock = clock;
  }

  static async make(make: MakeHarness, maxSpoolBytes = 64 * 1024 * 1024): Promise<OpenStore> {
    const harness = await make();
    const clock = new FakeClock(START_MILLIS);
    const store = await harness.open({ clock, logger: silentLogger, maxSpoolBytes });
    return new OpenStore(harness, maxSpoolBytes, store, clock);
  }

  get store(): StateStore {
    return this.#store;
  }

  /** `damaged`: an entry that cannot be read any longer afterwards. */
  async reopen(damaged?: number): Promise<void> {
    await this.#store.close();
    if (damaged !== undefined) await this.#harness.damageEntry(damaged);
    const { clock } = this;
    this.#store = await this.#harness.open({
      clock,
      logger: silentLogger,
      maxSpoolBytes: this.#maxSpoolBytes,
    });
  }

  async end(): Promise<void> {
    await this.#store.close();
    await this.#harness.remove();
  }
}

export function sampleCheckpoint(watermarkMillis = 0): Checkpoint {
  return {
    version: 1,
    coveredFromMillis: 0,
    watermarkMillis,
    headMillis: watermarkMillis,
    sweptAtMillis: 0,
    lateness: { horizonMillis: 60_000 },
    doneAhead: [],
    gaps: [],
  };
}

const ORIGIN = { source: 'ecs', tags: { log_group: '/ecs/api', service: 'api' } };

/** Named by `id`, with `messageBytes` of text that does not compress away. */
export function sampleRecord(id: string, messageBytes = 20): LogRecord {
  const random = seededRandom(Number.parseInt(hashText(id).slice(0, 8), 16));
  let message = id;
  while (message.length < messageBytes) message += random.next().toString(36).slice(2);
  return {
    id,
    timestampMillis: START_MILLIS,
    ingestedMillis: START_MILLIS + 1,
    message: message.slice(0, Math.max(messageBytes, id.length)),
    origin: ORIGIN,
  };
}

export function sampleBatch(id: string, records = 1, messageBytes = 20): RecordBatch {
  return {
    id,
    records: Array.from({ length: records }, (_, index) => sampleRecord(`${id}/${index}`, messageBytes)),
  };
}

/** A commit of nothing but what is given. */
export function sampleCommit(key: string, expectedRevision: number, more: Partial<Commit> = {}): Commit {
  return {
    key,
    expectedRevision,
    checkpoint: sampleCheckpoint(),
    transformStates: {},
    seenAdded: [],
    batches: [],
    ...more,
  };
}
