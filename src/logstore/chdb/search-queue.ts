import { LogferryError } from '../../foundation/logferry-error.ts';

interface Waiting {
  readonly key: string | undefined;
  readonly enter: (lane: number) => void;
}

/**
 * Which search has which lane. First come, first served, but for those that wait for a search of their own key: what
 * it finds out makes them fast, and two at once would do the work twice.
 */
export class SearchQueue {
  readonly #maxWaiting: number;
  readonly #free: number[];
  readonly #running = new Map<number, string | undefined>();
  readonly #waiting: Waiting[] = [];

  constructor(lanes: number, maxWaiting: number) {
    this.#maxWaiting = maxWaiting;
    this.#free = Array.from({ length: lanes }, (_, lane) => lane);
  }

  /** Resolves to the lane, which is given back with `leave`. Rejects with STORE_BUSY when too many wait. */
  async enter(key: string | undefined, signal: AbortSignal): Promise<number> {
    signal.throwIfAborted();
    if (this.#waiting.length >= this.#maxWaiting) {
      throw new LogferryError('STORE_BUSY', `${this.#maxWaiting} searches wait for the log store already.`, {
        hint: 'Try again in a moment.',
      });
    }
    return await new Promise<number>((resolve, reject) => {
      const onAbort = () => {
        const at = this.#waiting.indexOf(waiting);
        if (at !== -1) this.#waiting.splice(at, 1);
        reject(signal.reason as Error);
      };
      const waiting: Waiting = {
        key,
        enter: (lane) => {
          signal.removeEventListener('abort', onAbort);
          resolve(lane);
        },
      };
      signal.addEventListener('abort', onAbort, { once: true });
      this.#waiting.push(waiting);
      this.#next();
    });
  }

  leave(lane: number): void {
    this.#running.delete(lane);
    this.#free.push(lane);
    this.#next();
  }

  #next(): void {
    for (;;) {
      const busy = new Set(this.#running.values());
      const at = this.#waiting.findIndex(({ key }) => key === undefined || !busy.has(key));
      if (at === -1) return;
      const lane = this.#free.pop();
      if (lane === undefined) return;
      const [first] = this.#waiting.splice(at, 1);
      if (first === undefined) return;
      this.#running.set(lane, first.key);
      first.enter(lane);
    }
  }
}
