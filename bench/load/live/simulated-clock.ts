import { setTimeout as rest, setImmediate as turn } from 'node:timers/promises';
import type { Clock } from '../../../src/foundation/clock.ts';

interface Sleeper {
  readonly dueMillis: number;
  readonly wake: () => void;
}

/** So many rests in a row of the machine's time without anything happening mean that everybody waits. */
const CALM_RESTS = 2;

/**
 * Time that passes only when everybody waits for it to: hours in a minute, and the same ones however busy the machine is.
 * Both sides must live in its process. What they do on other threads it must be told of (`during`): it sees what they wait
 * for in time, and what happens on this thread.
 */
export class SimulatedClock implements Clock {
  readonly #sleepers = new Set<Sleeper>();
  #nowMillis: number;
  #happened = 0;
  #atWork = 0;

  constructor(startMillis: number) {
    this.#nowMillis = startMillis;
  }

  now(): number {
    return this.#nowMillis;
  }

  monotonic(): number {
    return this.#nowMillis;
  }

  sleep(millis: number, signal?: AbortSignal): Promise<void> {
    this.#happened++;
    return new Promise((resolve, reject) => {
      if (signal?.aborted) {
        reject(signal.reason as Error);
        return;
      }
      const onAbort = () => {
        this.#sleepers.delete(sleeper);
        reject(signal?.reason as Error);
      };
      const sleeper: Sleeper = {
        dueMillis: Math.ceil(this.#nowMillis + millis),
        wake: () => {
          signal?.removeEventListener('abort', onAbort);
          resolve();
        },
      };
      this.#sleepers.add(sleeper);
      signal?.addEventListener('abort', onAbort, { once: true });
    });
  }

  /** Time stands still until it has ended. */
  async during<T>(work: () => Promise<T>): Promise<T> {
    this.#atWork++;
    this.#happened++;
    try {
      return await work();
    } finally {
      this.#atWork--;
      this.#happened++;
    }
  }

  async runUntil(millis: number): Promise<void> {
    while (await this.#wakeNext(millis));
    this.#nowMillis = Math.max(this.#nowMillis, millis);
  }

  /** Lets time pass until the work has ended, and ends as it does. */
  async runDuring<T>(work: Promise<T>): Promise<T> {
    const running = { has: 'begun' };
    const end = () => {
      running.has = 'ended';
    };
    work.then(end, end);
    while (running.has !== 'ended') await this.#wakeNext(Number.POSITIVE_INFINITY);
    return await work;
  }

  /** False when nobody has to be woken by then. */
  async #wakeNext(byMillis: number): Promise<boolean> {
    await this.#calm();
    const next = this.#next();
    if (next === undefined || next.dueMillis > byMillis) return false;
    this.#nowMillis = Math.max(this.#nowMillis, next.dueMillis);
    this.#sleepers.delete(next);
    next.wake();
    return true;
  }

  async #calm(): Promise<void> {
    for (let calm = 0; calm < CALM_RESTS; ) {
      const before = this.#happened;
      await turn();
      await rest(1);
      calm = this.#atWork === 0 && this.#happened === before ? calm + 1 : 0;
    }
  }

  #next(): Sleeper | undefined {
    let next: Sleeper | undefined;
    for (const sleeper of this.#sleepers)
      if (next === undefined || sleeper.dueMillis < next.dueMillis) next = sleeper;
    return next;
  }
}
