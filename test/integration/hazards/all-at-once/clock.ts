import type { Clock } from '../../../../src/foundation/clock.ts';

/** A source measures itself so often, which takes time and changes nothing: it is not woken for that. */
const MEASURE_MILLIS = 5000;
const FOR_EVER = Number.MAX_SAFE_INTEGER / 2;

interface Sleeper {
  readonly owner: object;
  readonly dueMillis: number;
  readonly wake: () => void;
}

/**
 * The true time, which is the service's, and what the clocks of Logferry's machine make of it. Time goes on only in
 * `passTo`; the machine may be put to sleep, and its wall clock set.
 */
export class WorldClock {
  #nowMillis: number;
  #asleepMillis = 0;
  #sleepers: Sleeper[] = [];
  /** How far the machine's wall clock is ahead. */
  wallAheadMillis = 0;

  constructor(nowMillis: number) {
    this.#nowMillis = nowMillis;
  }

  get nowMillis(): number {
    return this.#nowMillis;
  }

  /** The next time at which somebody wakes; Infinity when nobody sleeps. */
  get nextMillis(): number {
    let next = Number.POSITIVE_INFINITY;
    for (const { dueMillis } of this.#sleepers) if (dueMillis < next) next = dueMillis;
    return next;
  }

  /** Moves the time on, and wakes the first who is due by then, if anybody is. */
  passTo(millis: number): void {
    this.#nowMillis = Math.max(this.#nowMillis, millis);
    let first: Sleeper | undefined;
    for (const sleeper of this.#sleepers)
      if (
        sleeper.dueMillis <= this.#nowMillis &&
        (first === undefined || sleeper.dueMillis < first.dueMillis)
      )
        first = sleeper;
    if (first === undefined) return;
    this.#sleepers = this.#sleepers.filter((sleeper) => sleeper !== first);
    first.wake();
  }

  /** The machine sleeps: its monotonic clock stands still, and what it waits for comes later by as much. */
  sleepMachine(millis: number): void {
    this.#nowMillis += millis;
    this.#asleepMillis += millis;
    this.#sleepers = this.#sleepers.map((sleeper) => ({ ...sleeper, dueMillis: sleeper.dueMillis + millis }));
  }

  /** Who waits for it never wakes. */
  forget(owner: object): void {
    this.#sleepers = this.#sleepers.filter((sleeper) => sleeper.owner !== owner);
  }

  sleep(owner: object, millis: number, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      if (signal?.aborted) {
        reject(signal.reason as Error);
        return;
      }
      const onAbort = () => {
        this.#sleepers = this.#sleepers.filter((other) => other.wake !== wake);
        reject(signal?.reason as Error);
      };
      const wake = () => {
        signal?.removeEventListener('abort', onAbort);
        resolve();
      };
      this.#sleepers.push({ owner, dueMillis: this.#nowMillis + Math.max(0, millis), wake });
      signal?.addEventListener('abort', onAbort, { once: true });
    });
  }

  /** As one process on the machine sees it. */
  of(owner: object): Clock {
    return {
      now: () => this.#nowMillis + this.wallAheadMillis,
      monotonic: () => this.#nowMillis - this.#asleepMillis,
      sleep: (millis, signal) => this.sleep(owner, millis === MEASURE_MILLIS ? FOR_EVER : millis, signal),
    };
  }
}
