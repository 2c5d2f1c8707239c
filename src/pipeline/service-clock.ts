import type { Clock } from '../foundation/clock.ts';

/** The service's time as its replies tell it: the local clock may be wrong (hazard 14 of the facts on AWS). */
export class ServiceClock {
  readonly #clock: Clock;
  #offsetMillis = 0;
  #isKnown = false;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** False until a reply was seen. */
  get isKnown(): boolean {
    return this.#isKnown;
  }

  now(): number {
    return this.#clock.now() + this.#offsetMillis;
  }

  observe(serverMillis: number): void {
    this.#offsetMillis = serverMillis - this.#clock.now();
    this.#isKnown = true;
  }
}
