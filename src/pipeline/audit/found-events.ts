import { hashLanes } from '../../foundation/hash.ts';
import type { LogRecord } from '../../record/log-record.ts';
import { SeenIds } from '../../source-kit/seen-ids.ts';

/** More events in a minute are not held against each other: it would take more memory than it is worth. */
export const MAX_FOUND = 100_000;

/** What a minute was found to hold: of each event the hash of its id, and by what such events may be missing together. */
export class FoundEvents {
  readonly #seen = new SeenIds();
  readonly #high: number[] = [];
  readonly #low: number[] = [];
  readonly #ingestedMillis: number[] = [];
  readonly #streams: number[] = [];
  readonly #streamNumbers = new Map<string, number>();

  get count(): number {
    return this.#high.length;
  }

  /** False when there were too many; then nothing was added. Events that come again are left out. */
  add(records: readonly LogRecord[]): boolean {
    if (this.count + records.length > MAX_FOUND) return false;
    for (const record of records) {
      if (!this.#seen.add(record.id, record.timestampMillis)) continue;
      hashLanes(record.id, lanes, 0);
      this.#high.push(lanes[0] as number);
      this.#low.push(lanes[1] as number);
      this.#ingestedMillis.push(record.ingestedMillis);
      this.#streams.push(this.#streamNumber(record.origin.tags['log_stream'] ?? ''));
    }
    this.#seen.takeAdded();
    return true;
  }

  /** As idHash of source-kit/seen-ids. */
  hashAt(index: number): bigint {
    return (BigInt(this.lowAt(index)) << 32n) | BigInt(this.highAt(index));
  }

  highAt(index: number): number {
    return this.#high[index] as number;
  }

  lowAt(index: number): number {
    return this.#low[index] as number;
  }

  /** The XOR of all hashes. */
  get fingerprint(): bigint {
    const xor = (values: readonly number[]) => values.reduce((sum, value) => sum ^ value, 0) >>> 0;
    return (BigInt(xor(this.#low)) << 32n) | BigInt(xor(this.#high));
  }

  /** Indexes in the order in which the events came into the service, the latest first. */
  latestFirst(): Float64Array {
    const first = this.#ingestedMillis.reduce((least, value) => Math.min(least, value), Infinity);
    return this.#ordered((index) => (this.#ingestedMillis[index] as number) - first).reverse();
  }

  /** Indexes stream by stream, in the order of reading. */
  byStream(): Float64Array {
    return this.#ordered((index) => this.#streams[index] as number);
  }

  /** Sorted as numbers, which a comparison function would make ten times as slow. */
  #ordered(rankOf: (index: number) => number): Float64Array {
    const packed = Float64Array.from(this.#high, (_, index) => rankOf(index) * INDEXES + index);
    return packed.sort().map((value) => value % INDEXES);
  }

  #streamNumber(name: string): number {
    const known = this.#streamNumbers.get(name);
    if (known !== undefined) return known;
    this.#streamNumbers.set(name, this.#streamNumbers.size);
    return this.#streamNumbers.size - 1;
  }
}

const lanes = new Uint32Array(2);
/** Room for the index beside what is sorted by: 2^17 times 14 days in milliseconds is far below 2^53. */
const INDEXES = 2 ** 17;
