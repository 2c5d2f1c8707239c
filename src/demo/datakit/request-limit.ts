import type { Clock } from '../../foundation/clock.ts';

/** Lets `perSecond` requests through in any second, with as many saved up at most. */
export class RequestLimit {
  readonly #perSecond: number;
  readonly #clock: Clock;
  #tokens: number;
  #lastMillis: number;

  constructor(perSecond: number, clock: Clock) {
    this.#perSecond = perSecond;
    this.#clock = clock;
    this.#tokens = perSecond;
    this.#lastMillis = clock.monotonic();
  }

  tryTake(): boolean {
    const now = this.#clock.monotonic();
    this.#tokens = Math.min(
      this.#perSecond,
      this.#tokens + ((now - this.#lastMillis) / 1000) * this.#perSecond,
    );
    this.#lastMillis = now;
    if (this.#tokens < 1) return false;
    this.#tokens--;
    return true;
  }
}
