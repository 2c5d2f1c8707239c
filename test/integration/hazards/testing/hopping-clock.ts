import { setImmediate } from 'node:timers/promises';
import type { Clock } from '../../../../src/foundation/clock.ts';

/** What waits for longer does so for a rhythm of its own (measuring, time limits): it waits until that time has passed. */
const LONGEST_HOP_MILLIS = 5_000;

interface Sleeper {
  readonly dueMillis: number;
  readonly wake: () => void;
}

/** The right time. It stands still but for `pass`; a short wait ends at once and moves it on by what was waited. */
export class HoppingClock implements Clock {
  readonly #startMillis: number;
  #passedMillis = 0;
  #sleepers: readonly Sleeper[] = [];

  constructor(startMillis: number) {
    this.#startMillis = startMillis;
  }

  now(): number {
    return this.#startMillis + this.#passedMillis;
  }

  monotonic(): number {
    return this.#passedMillis;
  }

  pass(millis: number): void {
    this.#passedMillis += millis;
    const isDue = ({ dueMillis }: Sleeper) => dueMillis <= this.#passedMillis;
    const due = this.#sleepers.filter(isDue);
    this.#sleepers = this.#sleepers.filter((sleeper) => !isDue(sleeper));
    for (const { wake } of due) wake();
  }

  async sleep(millis: number, signal?: AbortSignal): Promise<void> {
    signal?.throwIfAborted();
    if (millis >= LONGEST_HOP_MILLIS) {
      await new Promise<void>((resolve, reject) => {
        const sleeper = { dueMillis: this.#passedMillis + millis, wake: resolve };
        this.#sleepers = [...this.#sleepers, sleeper];
        const onAbort = () => {
          this.#sleepers = this.#sleepers.filter((other) => other !== sleeper);
          reject(signal?.reason as Error);
        };
        signal?.addEventListener('abort', onAbort, { once: true });
      });
    } else {
      this.#passedMillis += Math.max(0, millis);
      await setImmediate();
    }
    signal?.throwIfAborted();
  }
}

/** The clock of a machine whose wall clock is wrong by `aheadMillis`; it may be set at any time. */
export class WrongClock implements Clock {
  aheadMillis: number;
  readonly #right: Clock;

  constructor(right: Clock, aheadMillis = 0) {
    this.#right = right;
    this.aheadMillis = aheadMillis;
  }

  now(): number {
    return this.#right.now() + this.aheadMillis;
  }

  monotonic(): number {
    return this.#right.monotonic();
  }

  sleep(millis: number, signal?: AbortSignal): Promise<void> {
    return this.#right.sleep(millis, signal);
  }
}
