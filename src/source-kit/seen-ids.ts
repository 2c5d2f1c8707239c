/**
 * The ids read after the watermark, as 64-bit hashes in buckets of event time.
 *
 * Stored form (SeenChunk.hashes): 8 bytes an id, two little-endian 32-bit lanes as foundation/hash makes them.
 * A bucket's id set is an open-addressing table at most 3/4 full: 11 to 22 bytes an id in memory.
 *
 * Invariants: an id is looked for only in the bucket of its own timestamp, so that dropping a sealed bucket can
 * forget nothing else, and two different ids are taken for one with a chance of about n / 2^64, n being the ids of
 * one bucket.
 */
import type { SeenChunk } from '../contracts/checkpoint.ts';
import { hashLanes } from '../foundation/hash.ts';

export const SEEN_BUCKET_MILLIS = 60_000;

const lanes = new Uint32Array(2);

/** The hash of an id as chunks hold it, as a little-endian number of eight bytes. Not for hot paths. */
export function idHash(id: string): bigint {
  hashLanes(id, lanes, 0);
  const [high = 0, low = 0] = lanes;
  return (BigInt(low) << 32n) | BigInt(high);
}

export class SeenIds {
  readonly #buckets = new Map<number, Bucket>();
  /** Those that have ids that were added since the last takeAdded. */
  readonly #touched = new Set<Bucket>();
  #addedCount = 0;
  /** Of the last id: that of the next is mostly the same. */
  #last: Bucket | undefined;

  constructor(chunks: readonly SeenChunk[] = []) {
    for (const { bucketStartMillis, hashes } of chunks) {
      const { set } = this.#bucket(bucketStartMillis);
      const view = new DataView(hashes.buffer, hashes.byteOffset, hashes.byteLength);
      for (let at = 0; at + 8 <= hashes.byteLength; at += 8) {
        set.add(view.getUint32(at, true), view.getUint32(at + 4, true));
      }
    }
  }

  /** False when the id was there already. */
  add(id: string, timestampMillis: number): boolean {
    hashLanes(id, lanes, 0);
    const high = lanes[0] as number;
    const low = lanes[1] as number;
    const start = Math.floor(timestampMillis / SEEN_BUCKET_MILLIS) * SEEN_BUCKET_MILLIS;
    const bucket = this.#last?.startMillis === start ? this.#last : this.#bucket(start);
    this.#last = bucket;
    if (!bucket.set.add(high, low)) return false;
    if (bucket.added.count === 0) this.#touched.add(bucket);
    bucket.added.push(high, low);
    this.#addedCount++;
    return true;
  }

  /** Ids that were added since the last takeAdded. */
  get addedCount(): number {
    return this.#addedCount;
  }

  /** What was added since the last call: what the next commit has to store. */
  takeAdded(): SeenChunk[] {
    const chunks = Array.from(
      this.#touched,
      ({ startMillis, added }): SeenChunk => ({ bucketStartMillis: startMillis, hashes: added.take() }),
    );
    this.#touched.clear();
    this.#addedCount = 0;
    return chunks;
  }

  /** Forgets the buckets that end at or before `millis`. */
  sealBefore(millis: number): void {
    for (const start of this.#buckets.keys()) {
      if (start + SEEN_BUCKET_MILLIS <= millis) this.#buckets.delete(start);
    }
    this.#last = undefined;
  }

  get size(): number {
    let size = 0;
    for (const { set } of this.#buckets.values()) size += set.size;
    return size;
  }

  /** About how many ids lie in this range of time: a bucket counts by the part of it that does. */
  countBetween(fromMillis: number, toMillis: number): number {
    let count = 0;
    for (const [start, { set }] of this.#buckets) {
      const insideMillis = Math.min(toMillis, start + SEEN_BUCKET_MILLIS) - Math.max(fromMillis, start);
      if (insideMillis > 0) count += (set.size * insideMillis) / SEEN_BUCKET_MILLIS;
    }
    return count;
  }

  /** The start of the earliest bucket from which on at most `maxIds` are known; -Infinity when there are no more. */
  newestSince(maxIds: number): number {
    let count = 0;
    let since = Number.NEGATIVE_INFINITY;
    for (const start of [...this.#buckets.keys()].toSorted((a, b) => b - a)) {
      count += this.#buckets.get(start)?.set.size ?? 0;
      if (count > maxIds) return since === Number.NEGATIVE_INFINITY ? start + SEEN_BUCKET_MILLIS : since;
      since = start;
    }
    return Number.NEGATIVE_INFINITY;
  }

  #bucket(startMillis: number): Bucket {
    let bucket = this.#buckets.get(startMillis);
    if (bucket === undefined) {
      bucket = { startMillis, set: new IdSet(), added: new AddedHashes() };
      this.#buckets.set(startMillis, bucket);
    }
    return bucket;
  }
}

interface Bucket {
  readonly startMillis: number;
  readonly set: IdSet;
  readonly added: AddedHashes;
}

const NOTHING = new Uint32Array(0);

/** In the stored form, on machines that are little-endian as all that Logferry is made for. */
class AddedHashes {
  count = 0;
  #lanes = NOTHING;

  push(high: number, low: number): void {
    const at = this.count * 2;
    if (at === this.#lanes.length) this.#grow();
    this.#lanes[at] = high;
    this.#lanes[at + 1] = low;
    this.count++;
  }

  take(): Uint8Array {
    const bytes = new Uint8Array(this.#lanes.buffer, 0, this.count * 8);
    this.#lanes = NOTHING;
    this.count = 0;
    return bytes;
  }

  #grow(): void {
    const larger = new Uint32Array(Math.max(64, this.#lanes.length * 2));
    larger.set(this.#lanes);
    this.#lanes = larger;
  }
}

/** A set of 64-bit values as pairs of 32-bit lanes; (0, 0) marks an empty slot. */
class IdSet {
  size = 0;
  #slots = new Uint32Array(16);

  add(high: number, low: number): boolean {
    const lowOrOne = high === 0 && low === 0 ? 1 : low;
    if ((this.size + 1) * 8 > this.#slots.length * 3) this.#grow();
    if (!insert(this.#slots, high, lowOrOne)) return false;
    this.size++;
    return true;
  }

  #grow(): void {
    const old = this.#slots;
    this.#slots = new Uint32Array(old.length * 2);
    for (let at = 0; at < old.length; at += 2) {
      const high = old[at] as number;
      const low = old[at + 1] as number;
      if (high !== 0 || low !== 0) insert(this.#slots, high, low);
    }
  }
}

function insert(slots: Uint32Array, high: number, low: number): boolean {
  const mask = slots.length / 2 - 1;
  for (let slot = low & mask; ; slot = (slot + 1) & mask) {
    const slotHigh = slots[slot * 2];
    const slotLow = slots[slot * 2 + 1];
    if (slotHigh === high && slotLow === low) return false;
    if (slotHigh === 0 && slotLow === 0) {
      slots[slot * 2] = high;
      slots[slot * 2 + 1] = low;
      return true;
    }
  }
}
