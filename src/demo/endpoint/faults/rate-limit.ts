import type { Clock } from '../../../foundation/clock.ts';

interface Level {
  tokens: number;
  atMillis: number;
}

/** Token buckets by key, as the service keeps one for each API of an account and Region. */
export class RateLimit {
  readonly #perSecond: number;
  readonly #burst: number;
  readonly #clock: Clock;
  readonly #levels = new Map<string, Level>();

  constructor(perSecond: number, burst: number, clock: Clock) {
    this.#perSecond = perSecond;
    this.#burst = burst;
    this.#clock = clock;
  }

  /** Whether the request is within the rate. */
  take(key: string): boolean {
    const now = this.#clock.monotonic();
    const level = this.#levels.get(key) ?? { tokens: this.#burst, atMillis: now };
    this.#levels.set(key, level);
    level.tokens = Math.min(this.#burst, level.tokens + ((now - level.atMillis) / 1000) * this.#perSecond);
    level.atMillis = now;
    if (level.tokens < 1) return false;
    level.tokens--;
    return true;
  }
}
