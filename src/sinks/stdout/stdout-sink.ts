import type { Writable } from 'node:stream';
import type { CheckReport } from '../../contracts/check-report.ts';
import type { DeliveryBatch, Sink, SinkLimits, WriteOutcome } from '../../contracts/sink.ts';
import { describeError } from '../../foundation/logferry-error.ts';
import { ndjsonLine } from '../../sink-kit/ndjson.ts';

/** Prints lines, no faster than the other end takes them. What was printed before a crash may be printed again. */
export class StdoutSink implements Sink {
  readonly limits: SinkLimits = {
    maxRecords: 1000,
    maxBytes: 1024 * 1024,
    maxInFlight: 1,
    lingerMillis: 100,
    timeoutMillis: 60_000,
  };
  readonly #output: Writable;

  constructor(output: Writable) {
    this.#output = output;
  }

  open(): Promise<void> {
    // A write that fails says so itself; without a listener the stream's event would end the process.
    this.#output.on('error', ignore);
    return Promise.resolve();
  }

  async write(batch: DeliveryBatch, signal: AbortSignal): Promise<WriteOutcome> {
    signal.throwIfAborted();
    const text = batch.records.map(ndjsonLine).join('');
    try {
      await print(this.#output, text, signal);
      return { kind: 'delivered', bytes: Buffer.byteLength(text) };
    } catch (thrown) {
      signal.throwIfAborted();
      return { kind: 'retry', reason: 'closed', detail: describeError(thrown), mayHaveArrived: true };
    }
  }

  check(): Promise<CheckReport> {
    return Promise.resolve([{ status: 'ok', title: 'Standard output' }]);
  }

  close(): Promise<void> {
    // The stream is the process's, and stays open.
    this.#output.off('error', ignore);
    return Promise.resolve();
  }
}

const ignore = () => {};

function print(output: Writable, text: string, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const onAbort = () => reject(signal.reason as Error);
    signal.addEventListener('abort', onAbort, { once: true });
    output.write(text, (thrown) => {
      signal.removeEventListener('abort', onAbort);
      if (thrown === null || thrown === undefined) resolve();
      else reject(thrown);
    });
  });
}
