/** Time, passed in so that a test can hold it still, move it, and turn it back. */
export interface Clock {
  /** Wall clock, Unix milliseconds. May jump in both directions. */
  now(): number;
  /** Milliseconds from an arbitrary start; never goes back. For measuring how long something took. */
  monotonic(): number;
  /** Resolves after `millis`; rejects with the signal's reason as soon as it is aborted. */
  sleep(millis: number, signal?: AbortSignal): Promise<void>;
}

export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  sleep: (millis, signal) =>
    new Promise((resolve, reject) => {
      if (signal?.aborted) {
        reject(signal.reason as Error);
        return;
      }
      const onAbort = () => {
        clearTimeout(timer);
        reject(signal?.reason as Error);
      };
      const timer = setTimeout(() => {
        signal?.removeEventListener('abort', onAbort);
        resolve();
      }, millis);
      signal?.addEventListener('abort', onAbort, { once: true });
    }),
};
