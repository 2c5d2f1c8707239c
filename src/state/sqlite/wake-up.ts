/**
 * Wakes all who wait, at once. Whoever looks before waiting takes `count` first, then looks, then waits past that
 * count: a wake-up in between is not missed, and who finds what it looked for has nothing to take back.
 */
export class WakeUp {
  #count = 0;
  readonly #waiting = new Set<() => void>();

  get count(): number {
    return this.#count;
  }

  wakeAll(): void {
    this.#count++;
    for (const wake of this.#waiting) wake();
  }

  /** Resolves as soon as `count` is more than `seenCount`; rejects with the signal's reason when it is aborted. */
  async waitPast(seenCount: number, signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    if (this.#count > seenCount) return;
    await new Promise<void>((resolve, reject) => {
      const end = () => {
        this.#waiting.delete(wake);
        signal.removeEventListener('abort', onAbort);
      };
      const wake = () => {
        end();
        resolve();
      };
      const onAbort = () => {
        end();
        reject(signal.reason as Error);
      };
      this.#waiting.add(wake);
      signal.addEventListener('abort', onAbort, { once: true });
    });
  }
}
