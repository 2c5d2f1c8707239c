import type { Clock } from '../foundation/clock.ts';

/** Wall clock and monotonic clock part by less than this while nobody sets the one. */
const SET_MILLIS = 1000;

interface Observed {
  readonly serverMillis: number;
  readonly wallMillis: number;
  readonly monotonicMillis: number;
}

/**
 * The service's time as its replies tell it: the local clock may be wrong, and may be set at any time (hazard 14 of the
 * facts on AWS). What has passed since the last reply is therefore measured by the monotonic clock.
 */
export class ServiceClock {
  readonly #clock: Clock;
  #observed: Observed | undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** False until a reply was seen, and when since then the local clock was set or the machine slept. */
  get isKnown(): boolean {
    if (this.#observed === undefined) return false;
    const wallMillis = this.#clock.now() - this.#observed.wallMillis;
    return Math.abs(wallMillis - this.#sinceObserved(this.#observed)) < SET_MILLIS;
  }

  now(): number {
    if (this.#observed === undefined) return this.#clock.now();
    // Whole milliseconds, as slices have them.
    return Math.floor(this.#observed.serverMillis + this.#sinceObserved(this.#observed));
  }

  observe(serverMillis: number): void {
    const monotonicMillis = this.#clock.monotonic();
    this.#observed = { serverMillis, wallMillis: this.#clock.now(), monotonicMillis };
  }

  #sinceObserved({ monotonicMillis }: Observed): number {
    return this.#clock.monotonic() - monotonicMillis;
  }
}
