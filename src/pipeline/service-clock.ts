import type { Clock } from '../foundation/clock.ts';

/** Wall clock and monotonic clock part by less than this while nobody sets the one and the machine does not sleep. */
const SET_MILLIS = 1000;

/** The service's time less the monotonic clock, as two replies told it, milliseconds. */
interface Observed {
  readonly latestMillis: number;
  readonly beforeMillis: number;
  /** The wall clock less the monotonic one at the latest reply. */
  readonly wallMillis: number;
}

/**
 * The service's time as its replies tell it: the local clock may be wrong, and may be set at any time (hazard 14 of the
 * facts on AWS). What has passed since the last reply is therefore measured by the monotonic clock.
 *
 * Too early a time only makes reading repeat what is known; by one that is too late, data would be sealed or taken for
 * expired before they were read. So of what the last two replies tell the earlier is believed: one reply alone with a
 * Date of the future (a proxy's, or this machine's where the reply had none) changes nothing.
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
    return Math.abs(this.#wallOffset() - this.#observed.wallMillis) < SET_MILLIS;
  }

  now(): number {
    if (this.#observed === undefined) return this.#clock.now();
    const { latestMillis, beforeMillis } = this.#observed;
    // Whole milliseconds, as slices have them.
    return Math.floor(this.#clock.monotonic() + Math.min(latestMillis, beforeMillis));
  }

  /** To be called when the reply comes, not when it is looked at. */
  observe(serverMillis: number): void {
    const latestMillis = serverMillis - this.#clock.monotonic();
    // The monotonic clock stands still while a machine sleeps: what was told before then is worth nothing.
    const beforeMillis = this.isKnown && this.#observed ? this.#observed.latestMillis : latestMillis;
    this.#observed = { latestMillis, beforeMillis, wallMillis: this.#wallOffset() };
  }

  #wallOffset(): number {
    return this.#clock.now() - this.#clock.monotonic();
  }
}
