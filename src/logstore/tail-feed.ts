import { untilAborted } from './until-aborted.ts';

/** One append: its moment, which no other append of the store has, and what range of event time it holds. */
export interface Append {
  readonly storedMillis: number;
  readonly records: number;
  readonly fromMillis: number;
  readonly toMillis: number;
}

/** Appends that a slow reader has not looked at; of what is more than that, only the number of records is kept. */
const MAX_PENDING = 1000;

/**
 * Tells tails what came in. All appends to a store go through one process, so that no search has to guess what is new:
 * each append has a moment of its own, which its records are stored with, and is told when it has ended. One that failed
 * may have arrived in part: it is told too.
 */
export class TailFeed {
  readonly #underWay = new Set<number>();
  readonly #subscriptions = new Set<TailSubscription>();
  #lastMillis = Number.NEGATIVE_INFINITY;

  begin(nowMillis: number): number {
    const storedMillis = Math.max(Math.round(nowMillis), this.#lastMillis + 1);
    this.#lastMillis = storedMillis;
    this.#underWay.add(storedMillis);
    return storedMillis;
  }

  end(append: Append): void {
    this.#underWay.delete(append.storedMillis);
    for (const subscription of this.#subscriptions) subscription.push(append);
  }

  subscribe(nowMillis: number): TailSubscription {
    this.#lastMillis = Math.max(Math.round(nowMillis), this.#lastMillis);
    const subscription = new TailSubscription(this.#lastMillis, [...this.#underWay], () =>
      this.#subscriptions.delete(subscription),
    );
    this.#subscriptions.add(subscription);
    return subscription;
  }
}

export class TailSubscription {
  /** What had been appended before: everything up to this moment, but for those that had not ended. */
  readonly knownUntilMillis: number;
  readonly underWay: readonly number[];
  readonly close: () => void;
  #pending: Append[] = [];
  #forgotten = 0;
  #wake = () => {};

  constructor(knownUntilMillis: number, underWay: readonly number[], close: () => void) {
    this.knownUntilMillis = knownUntilMillis;
    this.underWay = underWay;
    this.close = close;
  }

  push(append: Append): void {
    this.#pending.push(append);
    if (this.#pending.length > MAX_PENDING) this.#forgotten += this.#pending.shift()?.records ?? 0;
    this.#wake();
  }

  /** Waits for something; then all of it, and how many records were in what nobody waited for. */
  async take(
    signal: AbortSignal,
  ): Promise<{ readonly appends: readonly Append[]; readonly forgotten: number }> {
    while (this.#pending.length === 0) {
      const { promise, resolve } = Promise.withResolvers<void>();
      this.#wake = resolve;
      await untilAborted(promise, signal);
    }
    const taken = { appends: this.#pending, forgotten: this.#forgotten };
    this.#pending = [];
    this.#forgotten = 0;
    return taken;
  }
}
