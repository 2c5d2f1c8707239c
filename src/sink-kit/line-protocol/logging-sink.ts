import type { CheckReport } from '../../contracts/check-report.ts';
import type { DeliveryBatch, Sink, SinkLimits, WriteOutcome } from '../../contracts/sink.ts';
import type { Logger } from '../../foundation/logger.ts';
import type { LogRecord } from '../../record/log-record.ts';
import { gzipFast, type HttpReply, type HttpTransport } from '../http-transport.ts';
import { failureOutcome } from '../reply-outcome.ts';
import type { LineProtocolEncoder } from './line-protocol-encoder.ts';

/** Below this a request is one packet with or without compression. */
const SMALLEST_COMPRESSED_BYTES = 1024;

export interface LoggingSinkSettings {
  readonly limits: SinkLimits;
  readonly encoder: LineProtocolEncoder;
  readonly transport: HttpTransport;
  readonly logger: Logger;
  /** Where batches are posted. */
  readonly url: URL;
  readonly gzip: boolean;
  /** What a reply means; `delivered` without its numbers. */
  readonly judge: (reply: HttpReply) => WriteOutcome;
  readonly check: (signal: AbortSignal) => Promise<CheckReport>;
}

interface EncodedBatch {
  readonly body: Buffer;
  readonly truncated: number;
}

/** Posts batches as line protocol to what speaks DataKit's write API; what its replies mean is the adapter's. */
export class LoggingSink implements Sink {
  readonly limits: SinkLimits;
  readonly #settings: LoggingSinkSettings;
  /**
   * Of batches that come again: a retry is the same bytes, timestamps included. No more than can be open at once.
   */
  readonly #unsettled = new Map<string, EncodedBatch>();
  #hasWarned = false;

  constructor(settings: LoggingSinkSettings) {
    this.limits = settings.limits;
    this.#settings = settings;
  }

  async open(): Promise<void> {}

  async write(batch: DeliveryBatch, signal: AbortSignal): Promise<WriteOutcome> {
    signal.throwIfAborted();
    if (batch.records.length === 0) return { kind: 'delivered' };
    const encoded = this.#unsettled.get(batch.id) ?? (await this.#encode(batch.records));
    this.#remember(batch.id, encoded);
    const { body, truncated } = encoded;
    const { transport, url, judge } = this.#settings;
    const result = await transport.send({ method: 'POST', url, headers: headersOf(body), body }, signal);
    const outcome = result.kind === 'failed' ? failureOutcome(result) : judge(result);
    if (outcome.kind !== 'retry') this.#unsettled.delete(batch.id);
    return outcome.kind === 'delivered' ? { ...outcome, bytes: body.length, truncated } : outcome;
  }

  check(signal: AbortSignal): Promise<CheckReport> {
    return this.#settings.check(signal);
  }

  async close(): Promise<void> {
    this.#unsettled.clear();
    await this.#settings.transport.close();
  }

  /** Encodes at once, so that batches are encoded in the order in which they are written. */
  async #encode(records: readonly LogRecord[]): Promise<EncodedBatch> {
    const { encoder, gzip } = this.#settings;
    const { body, truncated, droppedKeys } = encoder.encode(records);
    if (droppedKeys > 0) this.#warnOnce(droppedKeys);
    if (!gzip || body.length < SMALLEST_COMPRESSED_BYTES) return { body, truncated };
    try {
      return { body: await gzipFast(body), truncated };
    } finally {
      encoder.reuse(body);
    }
  }

  #remember(id: string, encoded: EncodedBatch): void {
    this.#unsettled.set(id, encoded);
    if (this.#unsettled.size <= this.limits.maxInFlight) return;
    const [oldest] = this.#unsettled.keys();
    if (oldest !== undefined) this.#unsettled.delete(oldest);
  }

  #warnOnce(droppedKeys: number): void {
    if (this.#hasWarned) return;
    this.#hasWarned = true;
    this.#settings.logger.warn(
      { droppedKeys },
      'Tags or fields are over the limits of the destination and were left out; messages are complete. Said once.',
    );
  }
}

/** A body says itself whether it is gzip. */
function headersOf(body: Buffer): Record<string, string> {
  const isGzip = body[0] === 0x1f && body[1] === 0x8b;
  return {
    'content-type': 'text/plain; charset=utf-8',
    'user-agent': 'logferry',
    ...(isGzip && { 'content-encoding': 'gzip' }),
  };
}
