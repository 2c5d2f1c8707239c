import type { SpoolPosition } from '../../contracts/spool.ts';
import { type BackOffSettings, backOffMillis } from '../../foundation/back-off.ts';
import type { DeliverySettings } from './delivery.ts';
import type { JobQueue } from './job-queue.ts';

export interface AcknowledgerEvents {
  /** The cursor moved, or there is more to acknowledge. */
  readonly onChange: () => void;
  /** The spool did not take it; it is told again. */
  readonly onFailure: (thrown: unknown) => void;
}

/** Tells the spool of the settled beginning of the queue, with its dead letters: one call at a time. */
export class Acknowledger {
  readonly #settings: DeliverySettings;
  readonly #backOff: BackOffSettings;
  readonly #queue: JobQueue;
  readonly #events: AcknowledgerEvents;
  #position: SpoolPosition;
  #running: Promise<void> | undefined;

  constructor(
    settings: DeliverySettings,
    backOff: BackOffSettings,
    queue: JobQueue,
    position: SpoolPosition,
    events: AcknowledgerEvents,
  ) {
    this.#settings = settings;
    this.#backOff = backOff;
    this.#queue = queue;
    this.#position = position;
    this.#events = events;
  }

  /** What the spool was told last. */
  get position(): SpoolPosition {
    return this.#position;
  }

  /** Begins to tell the spool what is settled, if anything is and it is not being told already. */
  advance(signal: AbortSignal): void {
    if (this.#running !== undefined || this.#queue.settled() === undefined) return;
    this.#running = this.#advance(signal).finally(() => {
      this.#running = undefined;
      // Settled while the last call was ending.
      if (this.#queue.settled() !== undefined) this.#events.onChange();
    });
  }

  /** The last word before the end: tried once. */
  async finish(): Promise<void> {
    await this.#running;
    await this.#advance(AbortSignal.abort());
  }

  async #advance(signal: AbortSignal): Promise<void> {
    const { clock, random } = this.#settings;
    for (let failures = 0; ; ) {
      try {
        if (!(await this.#tell())) return;
        failures = 0;
      } catch (thrown) {
        this.#events.onFailure(thrown);
        if (signal.aborted) return;
        failures++;
        await clock.sleep(backOffMillis(failures, this.#backOff, random), signal).catch(() => {});
      }
    }
  }

  async #tell(): Promise<boolean> {
    const settled = this.#queue.settled();
    if (settled === undefined) return false;
    const { spool, destination } = this.#settings;
    await spool.acknowledge(destination, settled.position, settled.deadLetters);
    this.#queue.release(settled.count);
    this.#position = settled.position;
    this.#events.onChange();
    return true;
  }
}
