import { approximateBytes, type RecordBatch } from '../../../record/log-record.ts';

/** Two or three commits of reading at full speed. Of approximateBytes: in memory it is half as much again. */
const MAX_BYTES = 6 * 1024 * 1024;

/**
 * The newest entries as they were committed, so that a destination that keeps up need not read and unpack what was
 * packed a moment ago. The file stays the truth: what is here is there too, and what is not here is read from there.
 *
 * Invariants: a batch is put here after its commit and never before, since the offset of one that failed is given to
 * another; at most so many bytes are kept, of the newest.
 */
export class RecentBatches {
  /** By offset, oldest first. */
  readonly #kept = new Map<number, { readonly batch: RecordBatch; readonly bytes: number }>();
  readonly #maxBytes: number;
  #bytes = 0;

  constructor(maxBytes = MAX_BYTES) {
    this.#maxBytes = maxBytes;
  }

  get(offset: number): RecordBatch | undefined {
    return this.#kept.get(offset)?.batch;
  }

  add(offset: number, batch: RecordBatch): void {
    const bytes = batch.records.reduce((sum, record) => sum + approximateBytes(record), 0);
    this.#kept.set(offset, { batch, bytes });
    this.#bytes += bytes;
    for (const oldest of this.#kept.keys()) {
      if (this.#bytes <= this.#maxBytes) return;
      this.forget(oldest);
    }
  }

  /** Every consumer has passed it. */
  forget(offset: number): void {
    this.#bytes -= this.#kept.get(offset)?.bytes ?? 0;
    this.#kept.delete(offset);
  }
}
