const LAST_OFFSET = 999_999;
const MOST_REMEMBERED = 20_000;
/** Nanoseconds are 64 signed bits in every parser of the format. */
const MAX_MILLIS = 9_223_372_036_853;

/**
 * Nanosecond timestamps that keep the order of records inside a millisecond: the first gets offset 0, the next 1 … up
 * to 999,999, where it stays. Counting goes on from batch to batch, so that a batch that ends inside a
 * millisecond does not put the rest of it in front. The backend sorts by time alone.
 */
export class NanosecondOrder {
  #next = new Map<number, number>();
  #lastMillis = Number.NaN;
  #lastOffset = 0;

  /** Decimal text of the timestamp. Text, since a Number holds no nanoseconds of today and BigInt costs tenfold. */
  text(millis: number): string {
    if (millis === this.#lastMillis) {
      if (this.#lastOffset < LAST_OFFSET) this.#lastOffset++;
    } else {
      this.#remember();
      this.#lastMillis = millis;
      this.#lastOffset = this.#next.get(millis) ?? 0;
    }
    // Before 1970 the offset would count backwards; nothing writes such logs but a broken clock.
    if (millis <= 0)
      return millis === 0 ? String(this.#lastOffset) : `${Math.max(millis, -MAX_MILLIS)}000000`;
    const offset = this.#lastOffset;
    const padded = offset === 0 ? '000000' : String(1_000_000 + offset).slice(1);
    return `${Math.min(millis, MAX_MILLIS)}${padded}`;
  }

  #remember(): void {
    if (Number.isNaN(this.#lastMillis)) return;
    // Oldest insertions go first: what was written long ago is unlikely to come again.
    if (this.#next.size >= MOST_REMEMBERED) {
      let left = MOST_REMEMBERED / 2;
      for (const key of this.#next.keys()) {
        if (left-- === 0) break;
        this.#next.delete(key);
      }
    }
    this.#next.set(this.#lastMillis, Math.min(this.#lastOffset + 1, LAST_OFFSET));
  }
}
