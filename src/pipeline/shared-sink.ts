import type { CheckReport } from '../contracts/check-report.ts';
import type { DeliveryBatch, Sink, SinkLimits, WriteOutcome } from '../contracts/sink.ts';
import type { WriteTurn } from '../sink-kit/delivery/delivery.ts';
import { Semaphore } from './semaphore.ts';

/** A sink that its delivery opens and closes, and that somebody beside it writes to. */
export class SharedSink implements Sink {
  readonly limits: SinkLimits;
  /** Of all who write: the time that a write may take begins with its turn. */
  readonly turn: WriteTurn;
  readonly #sink: Sink;
  readonly #opened = Promise.withResolvers<void>();

  constructor(sink: Sink) {
    this.limits = sink.limits;
    this.#sink = sink;
    const writes = new Semaphore(sink.limits.maxInFlight);
    this.turn = (write, signal) => writes.run(write, signal);
    // Whoever does not wait for it need not know: the delivery says that it could not be opened.
    this.#opened.promise.catch(() => {});
  }

  async open(signal: AbortSignal): Promise<void> {
    try {
      await this.#sink.open(signal);
      this.#opened.resolve();
    } catch (thrown) {
      this.#opened.reject(thrown);
      throw thrown;
    }
  }

  /** Resolves when the delivery has opened it; rejects with what made that fail, and when aborted. */
  async untilOpen(signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    const aborted = Promise.withResolvers<never>();
    const onAbort = () => aborted.reject(signal.reason);
    signal.addEventListener('abort', onAbort, { once: true });
    try {
      await Promise.race([this.#opened.promise, aborted.promise]);
    } finally {
      signal.removeEventListener('abort', onAbort);
    }
  }

  write(batch: DeliveryBatch, signal: AbortSignal): Promise<WriteOutcome> {
    return this.#sink.write(batch, signal);
  }

  check(signal: AbortSignal): Promise<CheckReport> {
    return this.#sink.check(signal);
  }

  close(): Promise<void> {
    return this.#sink.close();
  }
}
