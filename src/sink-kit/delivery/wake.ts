import type { Clock } from '../../foundation/clock.ts';

/** A bell that a loop waits for. A ring while nobody waits is kept for the next wait. */
export class Wake {
  #rung = false;
  #waiting: (() => void) | undefined;

  ring(): void {
    this.#rung = true;
    this.#waiting?.();
  }

  /** Resolves at the next ring, or after `millis` where that is given. */
  async wait(clock: Clock, millis?: number): Promise<void> {
    if (!this.#rung) {
      const cancel = new AbortController();
      const ring = new Promise<void>((resolve) => {
        this.#waiting = resolve;
      });
      const timer = millis === undefined ? [] : [clock.sleep(millis, cancel.signal).catch(() => {})];
      await Promise.race([ring, ...timer]);
      cancel.abort();
      this.#waiting = undefined;
    }
    this.#rung = false;
  }
}
