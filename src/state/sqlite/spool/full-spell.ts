import type { Clock } from '../../../foundation/clock.ts';

/** A spool at its bound lets a commit through now and then: that alone does not end a spell. */
const OVER_AFTER_MILLIS = 30_000;
const ROOM_SHARE = 0.9;

/** Since when commits wait for space. */
export class FullSpell {
  readonly #clock: Clock;
  #waiting = 0;
  #sinceMillis: number | undefined;
  #overAtMonotonic = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** `usedShare`: of the bound, 0 … 1 and above. */
  sinceMillis(usedShare: number): number | undefined {
    const isOver = usedShare < ROOM_SHARE || this.#clock.monotonic() >= this.#overAtMonotonic;
    if (this.#waiting === 0 && isOver) this.#sinceMillis = undefined;
    return this.#sinceMillis;
  }

  /** While `wait` lasts, one more waits. */
  async during<T>(wait: () => Promise<T>): Promise<T> {
    if (this.#waiting === 0 && this.#clock.monotonic() >= this.#overAtMonotonic)
      this.#sinceMillis = undefined;
    this.#sinceMillis ??= this.#clock.now();
    this.#waiting++;
    try {
      return await wait();
    } finally {
      this.#waiting--;
      this.#overAtMonotonic = this.#clock.monotonic() + OVER_AFTER_MILLIS;
    }
  }
}
