import type { CheckReport } from '../../contracts/check-report.ts';
import type { DeliveryBatch, Sink, SinkLimits, WriteOutcome } from '../../contracts/sink.ts';

export type Script = (
  batch: DeliveryBatch,
  attempt: number,
  signal: AbortSignal,
) => WriteOutcome | Promise<WriteOutcome>;

export const delivered = { kind: 'delivered', bytes: 10 } as const satisfies WriteOutcome;
export const unclear = {
  kind: 'retry',
  reason: 'reset',
  detail: 'cut off',
  mayHaveArrived: true,
} as const satisfies WriteOutcome;
export const refused = {
  kind: 'retry',
  reason: 'refused',
  detail: 'nobody there',
  mayHaveArrived: false,
} as const satisfies WriteOutcome;
export const rejected = {
  kind: 'rejected',
  reason: 'bad_point',
  detail: 'not this one',
} as const satisfies WriteOutcome;

/** A sink whose every answer a test decides; it keeps what it was given. */
export class ScriptedSink implements Sink {
  readonly limits: SinkLimits;
  readonly batches: DeliveryBatch[] = [];
  /** Ids of records of writes that were answered with delivered or partial, those named aside. */
  readonly arrived: string[] = [];
  mostInFlight = 0;
  closed = 0;
  script: Script;
  openError: Error | undefined;
  #inFlight = 0;

  constructor(script: Script = () => delivered, limits: Partial<SinkLimits> = {}) {
    this.script = script;
    this.limits = {
      maxRecords: 10,
      maxBytes: 1_000_000,
      maxInFlight: 1,
      lingerMillis: 0,
      timeoutMillis: 30_000,
      ...limits,
    };
  }

  async open(): Promise<void> {
    if (this.openError !== undefined) throw this.openError;
  }

  async write(batch: DeliveryBatch, signal: AbortSignal): Promise<WriteOutcome> {
    this.batches.push(batch);
    this.mostInFlight = Math.max(this.mostInFlight, ++this.#inFlight);
    try {
      const outcome = await this.script(batch, this.batches.length, signal);
      const refusedOnes = new Set(
        outcome.kind === 'partial' ? outcome.rejected.map(({ index }) => index) : [],
      );
      if (outcome.kind === 'delivered' || outcome.kind === 'partial')
        for (const [index, record] of batch.records.entries())
          if (!refusedOnes.has(index)) this.arrived.push(record.id);
      return outcome;
    } finally {
      this.#inFlight--;
    }
  }

  async check(): Promise<CheckReport> {
    return [];
  }

  async close(): Promise<void> {
    this.closed++;
  }
}

/** Never answers; rejects when it is aborted, as a sink must. */
export function noAnswer(signal: AbortSignal): Promise<WriteOutcome> {
  return new Promise((_, reject) => {
    if (signal.aborted) reject(signal.reason as Error);
    signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true });
  });
}
