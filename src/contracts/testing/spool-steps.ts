import type { DeadLetter } from '../spool.ts';
import { type OpenStore, sampleBatch, sampleCommit, sampleRecord } from './state-store-harness.ts';

/** Room for about five entries of ENTRY_BYTES of text. */
export const SPOOL_MAX_BYTES = 100_000;
export const ENTRY_BYTES = 25_000;

/** What tests of a spool do again and again. All commits go to one key. */
export class SpoolSteps {
  readonly #open: OpenStore;
  #revision = 0;

  constructor(open: OpenStore) {
    this.#open = open;
  }

  /** One commit of batches written as `id:topic`. */
  async commit(...batches: readonly string[]): Promise<void> {
    const outcome = await this.#open.store.commit(
      sampleCommit('k', this.#revision, {
        batches: batches.map((text) => {
          const [id = '', topic = ''] = text.split(':');
          return { topic, batch: sampleBatch(id) };
        }),
      }),
    );
    if (outcome.kind !== 'committed') throw new Error(`The commit ended as ${outcome.kind}.`);
    this.#revision++;
  }

  /** Offsets and batch ids. */
  async read(consumer: string, fromOffset = 0): Promise<(readonly [number, string])[]> {
    const entries = await this.#open.store.spool.read(consumer, fromOffset, 1e9);
    return entries.map(({ offset, batch }) => [offset, batch.id] as const);
  }

  async usageOf(consumer: string) {
    return (await this.#open.store.spool.usage()).consumers.find((one) => one.consumer === consumer);
  }

  async commitLarge() {
    const batch = sampleBatch(`large ${this.#revision}`, 1, ENTRY_BYTES);
    const outcome = await this.#open.store.commit(
      sampleCommit('k', this.#revision, { batches: [{ topic: 'a', batch }] }),
    );
    if (outcome.kind === 'committed') this.#revision++;
    return outcome;
  }

  /** Until a large commit does not fit; resolves to the revision that the key then has. */
  async fill(): Promise<number> {
    while ((await this.commitLarge()).kind === 'committed')
      if (this.#revision === 100) throw new Error('The spool does not become full.');
    return this.#revision;
  }
}

export function letter(id: string, messageBytes?: number): DeadLetter {
  return { record: sampleRecord(id, messageBytes), reason: 'refused', detail: `because of ${id}` };
}
