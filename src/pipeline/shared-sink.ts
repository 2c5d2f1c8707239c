import type { CheckReport } from '../contracts/check-report.ts';
import type { DeliveryBatch, Sink, SinkLimits, WriteOutcome } from '../contracts/sink.ts';
import { Semaphore } from './semaphore.ts';

/** A sink that its delivery and somebody beside it write to: together they keep to its maxInFlight. */
export class SharedSink implements Sink {
  readonly limits: SinkLimits;
  readonly #sink: Sink;
  readonly #writes: Semaphore;
  readonly #opened: Promise<void>;
  #settleOpened: { readonly resolve: () => void; readonly reject: (thrown: unknown) => void } | undefined;

  constructor(sink: Sink) {
    this.limits = sink.limits;
    this.#sink = sink;
    this.#writes = new Semaphore(sink.limits.maxInFlight);
    this.#opened = new Promise((resolve, reject) => {
      this.#settleOpened = { resolve, reject };
    });
    // Whoever does not wait for it need not know: the delivery says that it could not be opened.
    this.#opened.catch(() => {});
  }

  async open(signal: AbortSignal): Promise<void> {
    try {
      await this.#sink.open(signal);
      this.#settleOpened?.resolve();
    } catch (thrown) {
      this.#settleOpened?.reject(thrown);
      throw thrown;
    }
  }

  /** Resolves when the delivery has opened it; rejects with what made that fail, and when aborted. */
  async untilOpen(signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    let onAbort = () => {};
    const aborted = new Promise<never>((_, reject) => {
      onAbort = () => reject(signal.reason as Error);
      signal.addEventListener('abort', onAbort, { once: true });
    });
    try {
      await Promise.race([this.#opened, aborted]);
    } finally {
      signal.removeEventListener('abort', onAbort);
    }
  }

  async write(batch: DeliveryBatch, signal: AbortSignal): Promise<WriteOutcome> {
    return await this.#writes.run(() => this.#sink.write(batch, signal), signal);
  }

  check(signal: AbortSignal): Promise<CheckReport> {
    return this.#sink.check(signal);
  }

  close(): Promise<void> {
    return this.#sink.close();
  }
}
