import type { Clock } from '../foundation/clock.ts';

/** Wall clock and monotonic clock part by less than this while nobody sets the one and the machine does not sleep. */
const SET_MILLIS = 1000;

/** The Date header has whole seconds. */
const DATE_MILLIS = 1000;

/** The service's time less the monotonic clock, as two replies told it, milliseconds. */
interface Observed {
  readonly latestMillis: number;
  /** undefined when there was only one since the clock was set, or the machine slept. */
  readonly beforeMillis: number | undefined;
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

  /** False until two replies were seen, and when since then the local clock was set or the machine slept. */
  get isKnown(): boolean {
    return this.#observed?.beforeMillis !== undefined && this.#isUndisturbed(this.#observed);
  }

  /** Whole milliseconds, as slices have them; not later than the service's time. */
  now(): number {
    if (this.#observed === undefined) return this.#clock.now();
    const { latestMillis, beforeMillis = latestMillis } = this.#observed;
    return Math.floor(this.#clock.monotonic() + Math.min(latestMillis, beforeMillis));
  }

  /** Not earlier than the service's time. */
  latest(): number {
    if (this.#observed === undefined) return this.#clock.now();
    const { latestMillis, beforeMillis = latestMillis } = this.#observed;
    return Math.ceil(this.#clock.monotonic() + Math.max(latestMillis, beforeMillis) + DATE_MILLIS);
  }

  /** To be called when the reply comes, not when it is looked at. */
  observe(serverMillis: number): void {
    const latestMillis = serverMillis - this.#clock.monotonic();
    // The monotonic clock stands still while a machine sleeps: what was told before then is worth nothing.
    const before = this.#observed;
    const beforeMillis = before && this.#isUndisturbed(before) ? before.latestMillis : undefined;
    this.#observed = { latestMillis, beforeMillis, wallMillis: this.#wallOffset() };
  }

  #isUndisturbed({ wallMillis }: Observed): boolean {
    return Math.abs(this.#wallOffset() - wallMillis) < SET_MILLIS;
  }

  #wallOffset(): number {
    return this.#clock.now() - this.#clock.monotonic();
  }
}
