import type { Clock } from './clock.ts';

interface Sleeper {
  readonly dueMillis: number;
  readonly wake: () => void;
}

/** A clock for tests: it moves only when told to, and sleepers wake in the order they are due. */
export class FakeClock implements Clock {
  #nowMillis: number;
  #monotonicMillis = 0;
  #sleepers: Sleeper[] = [];

  constructor(nowMillis: number) {
    this.#nowMillis = nowMillis;
  }

  now(): number {
    return this.#nowMillis;
  }

  monotonic(): number {
    return this.#monotonicMillis;
  }

  /** Sleepers that wait now. */
  get sleeping(): number {
    return this.#sleepers.length;
  }

  sleep(millis: number, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      if (signal?.aborted) {
        reject(signal.reason as Error);
        return;
      }
      const sleeper: Sleeper = { dueMillis: this.#monotonicMillis + millis, wake: resolve };
      this.#sleepers.push(sleeper);
      signal?.addEventListener(
        'abort',
        () => {
          this.#sleepers = this.#sleepers.filter((other) => other !== sleeper);
          reject(signal.reason as Error);
        },
        { once: true },
      );
    });
  }

  /** Sets the wall clock alone, as an operator or NTP would: sleepers do not notice. */
  setWallClock(nowMillis: number): void {
    this.#nowMillis = nowMillis;
  }

  /** Moves both clocks on and wakes who is due, letting each run before the next one wakes. */
  async advance(millis: number): Promise<void> {
    const endMillis = this.#monotonicMillis + millis;
    for (;;) {
      await settle();
      const next = this.#sleepers
        .filter((sleeper) => sleeper.dueMillis <= endMillis)
        .sort((a, b) => a.dueMillis - b.dueMillis)[0];
      if (next === undefined) break;
      this.#moveTo(Math.max(next.dueMillis, this.#monotonicMillis));
      this.#sleepers = this.#sleepers.filter((sleeper) => sleeper !== next);
      next.wake();
    }
    this.#moveTo(endMillis);
    await settle();
  }

  #moveTo(monotonicMillis: number): void {
    this.#nowMillis += monotonicMillis - this.#monotonicMillis;
    this.#monotonicMillis = monotonicMillis;
  }
}

/** Lets promises that are already resolved run their continuations. */
async function settle(): Promise<void> {
  for (let turn = 0; turn < 5; turn++) await new Promise<void>((resolve) => setImmediate(resolve));
}
