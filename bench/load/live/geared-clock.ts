import { type Clock, systemClock } from '../../../src/foundation/clock.ts';

/**
 * How fast the time of a scenario passes: `fast` times as fast as the machine's for the first `fastMillis` of the machine's
 * time, then as fast as that. Every process of the scenario has the same, so that they agree on what time it is.
 */
export interface Gears {
  /** Where both times begin, Unix milliseconds. */
  readonly startMillis: number;
  readonly fast: number;
  readonly fastMillis: number;
}

/** A machine's hour that is over in a minute: to come to a steady state sooner, or to watch one for longer. */
export class GearedClock implements Clock {
  readonly #gears: Gears;
  /** Processes of one machine agree on this, and it does not jump while they run. */
  readonly #originMillis = Date.now() - performance.now();

  constructor(gears: Gears) {
    this.#gears = gears;
  }

  now(): number {
    return Math.floor(this.monotonic());
  }

  monotonic(): number {
    const { startMillis, fast, fastMillis } = this.#gears;
    const passed = this.#machineNow() - startMillis;
    return startMillis + passed + Math.min(passed, fastMillis) * (fast - 1);
  }

  sleep(millis: number, signal?: AbortSignal): Promise<void> {
    const untilMillis = this.#machineTimeOf(this.monotonic() + millis);
    return systemClock.sleep(Math.max(0, untilMillis - this.#machineNow()), signal);
  }

  async sleepUntil(millis: number): Promise<void> {
    for (let left = millis - this.monotonic(); left > 0; left = millis - this.monotonic())
      await this.sleep(left);
  }

  #machineNow(): number {
    return this.#originMillis + performance.now();
  }

  #machineTimeOf(millis: number): number {
    return machineTimeOf(this.#gears, millis);
  }
}

/** The machine's time at which a time of the scenario has come. */
export function machineTimeOf({ startMillis, fast, fastMillis }: Gears, millis: number): number {
  const passed = millis - startMillis;
  const fastPart = Math.min(passed, fastMillis * fast);
  return startMillis + fastPart / fast + (passed - fastPart);
}

/** The time of the scenario when so much of the machine's has passed. */
export function timeAfter({ startMillis, fast, fastMillis }: Gears, machineMillis: number): number {
  return startMillis + machineMillis + Math.min(machineMillis, fastMillis) * (fast - 1);
}
