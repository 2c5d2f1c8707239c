import type { ReceivedPoint } from './received-point.ts';

/**
 * What is kept of points that were taken. `points`: the points themselves and how often each event id came.
 * `event_ids`: only the latter. `counts`: nothing but their number.
 */
export type KeepLevel = 'points' | 'event_ids' | 'counts';

export interface StorageOptions {
  readonly keep?: KeepLevel;
  /** Of points kept; the oldest are forgotten first. 1,000,000 when left out. */
  readonly maxPoints?: number;
  /** Of distinct event ids; what comes after is counted in `uncountedEventIds`. 5,000,000 when left out. */
  readonly maxEventIds?: number;
}

/** Points in the order in which they were taken. */
export class ReceivedPoints implements Iterable<ReceivedPoint> {
  readonly keep: KeepLevel;
  readonly #maxPoints: number;
  readonly #maxEventIds: number;
  /** A ring once it is full: the oldest stands at `#oldest`. */
  #ring: ReceivedPoint[] = [];
  #oldest = 0;
  #eventIds = new Map<string, number>();
  #taken = 0;
  #repeated = 0;
  #uncounted = 0;

  constructor(options: StorageOptions = {}) {
    this.keep = options.keep ?? 'points';
    this.#maxPoints = options.maxPoints ?? 1_000_000;
    this.#maxEventIds = options.maxEventIds ?? 5_000_000;
  }

  /** Every point that was taken, kept or not. */
  get count(): number {
    return this.#taken;
  }

  /** Points kept now. */
  get size(): number {
    return this.#ring.length;
  }

  /** How often each `event_id` was taken. */
  get eventIds(): ReadonlyMap<string, number> {
    return this.#eventIds;
  }

  /** Points whose event id had been taken before. */
  get duplicates(): number {
    return this.#repeated;
  }

  get uncountedEventIds(): number {
    return this.#uncounted;
  }

  [Symbol.iterator](): Iterator<ReceivedPoint> {
    return this.toArray()[Symbol.iterator]();
  }

  /** A copy, oldest first. */
  toArray(): ReceivedPoint[] {
    return [...this.#ring.slice(this.#oldest), ...this.#ring.slice(0, this.#oldest)];
  }

  clear(): void {
    this.#ring = [];
    this.#oldest = 0;
    this.#eventIds = new Map();
    this.#taken = 0;
    this.#repeated = 0;
    this.#uncounted = 0;
  }

  addCount(count: number): void {
    this.#taken += count;
  }

  addEventId(id: string): void {
    const before = this.#eventIds.get(id);
    if (before !== undefined) this.#repeated++;
    else if (this.#eventIds.size >= this.#maxEventIds) {
      this.#uncounted++;
      return;
    }
    this.#eventIds.set(id, (before ?? 0) + 1);
  }

  addPoint(point: ReceivedPoint): void {
    if (this.#ring.length < this.#maxPoints) {
      this.#ring.push(point);
    } else if (this.#maxPoints > 0) {
      this.#ring[this.#oldest] = point;
      this.#oldest = (this.#oldest + 1) % this.#maxPoints;
    }
  }
}
