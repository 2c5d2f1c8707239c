import type { CheckReport } from '../../contracts/check-report.ts';
import type { LogStore } from '../../contracts/log-store.ts';
import type { DeliveryBatch, Sink, SinkLimits, WriteOutcome } from '../../contracts/sink.ts';
import { formatByteSize } from '../../foundation/byte-size.ts';
import { describeError, LogferryError } from '../../foundation/logferry-error.ts';
import type { StoreOptions } from './options.ts';
import type { StoreSinkContext } from './store-sink-context.ts';

const RETENTION_EVERY_MILLIS = 60_000;

/** Writes to the embedded log store, and keeps it within its bounds. */
export class StoreSink implements Sink {
  readonly limits: SinkLimits = {
    maxRecords: 10_000,
    maxBytes: 8 * 1024 * 1024,
    // The engine takes one insert at a time; a second one waits encoded.
    maxInFlight: 2,
    lingerMillis: 1000,
    timeoutMillis: 60_000,
  };
  readonly #options: StoreOptions;
  readonly #context: StoreSinkContext;
  readonly #store: LogStore;
  readonly #stop = new AbortController();
  #keeping: Promise<void> | undefined;

  constructor(options: StoreOptions, context: StoreSinkContext) {
    this.#options = options;
    this.#context = context;
    this.#store = context.logStore(context.id);
  }

  open(): Promise<void> {
    this.#keeping = this.#keepBounds();
    return Promise.resolve();
  }

  async write(batch: DeliveryBatch, signal: AbortSignal): Promise<WriteOutcome> {
    try {
      await this.#store.append(batch.records, { redelivery: batch.redelivery }, signal);
      return { kind: 'delivered' };
    } catch (thrown) {
      signal.throwIfAborted();
      const isMissing = thrown instanceof LogferryError && thrown.code === 'STORE_UNAVAILABLE';
      return {
        kind: 'retry',
        reason: isMissing ? 'store_unavailable' : 'store_failed',
        detail: describeError(thrown),
        mayHaveArrived: !isMissing,
      };
    }
  }

  async check(signal: AbortSignal): Promise<CheckReport> {
    const title = 'Log store';
    try {
      const { records, bytesOnDisk } = await this.#store.usage(signal);
      const detail = `${records.toLocaleString('en')} records, ${formatByteSize(bytesOnDisk)} on disk`;
      return [{ status: 'ok', title, detail }];
    } catch (thrown) {
      signal.throwIfAborted();
      const known = thrown instanceof LogferryError ? thrown : undefined;
      return [
        {
          status: 'failed',
          title,
          code: known?.code ?? 'STORE_FAILED',
          detail: describeError(thrown),
          fix: known?.hint ?? 'Look at the disk and the permissions of the data folder.',
        },
      ];
    }
  }

  async close(): Promise<void> {
    this.#stop.abort();
    await this.#keeping;
  }

  async #keepBounds(): Promise<void> {
    const { clock, logger } = this.#context;
    const { signal } = this.#stop;
    while (!signal.aborted) {
      try {
        await this.#applyRetention(signal);
      } catch (thrown) {
        if (!signal.aborted)
          logger.warn({ error: describeError(thrown) }, 'The log store could not be kept within its bounds.');
      }
      await clock.sleep(RETENTION_EVERY_MILLIS, signal).catch(() => {});
    }
  }

  async #applyRetention(signal: AbortSignal): Promise<void> {
    const { clock, metrics, id: destination } = this.#context;
    const { retention, max_disk } = this.#options;
    const removed = await this.#store.applyRetention(
      { maxAgeMillis: retention, maxBytes: max_disk },
      clock.now(),
      signal,
    );
    for (const reason of ['age', 'bytes'] as const)
      metrics.count('logferry_store_expired_records_total', { destination, reason }, removed[reason]);
    const { records, bytesOnDisk } = await this.#store.usage(signal);
    metrics.set('logferry_store_records', { destination }, records);
    metrics.set('logferry_store_bytes', { destination }, bytesOnDisk);
  }
}
