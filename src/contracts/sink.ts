import type { LogRecord } from '../record/log-record.ts';
import type { CheckReport } from './check-report.ts';

/** What a sink asks of the kit that feeds it. */
export interface SinkLimits {
  readonly maxRecords: number;
  /** Of approximateBytes, summed. */
  readonly maxBytes: number;
  /** Writes under way at once. 1 keeps batches in order. */
  readonly maxInFlight: number;
  /** How long a batch that is not full waits for more. */
  readonly lingerMillis: number;
  /** How long one write may take before it is aborted and tried again. */
  readonly timeoutMillis: number;
}

/** A contiguous piece of a consumer's sequence. */
export interface DeliveryBatch {
  /** Names exactly these records of the spool: the same on every retry of the batch. */
  readonly id: string;
  readonly records: readonly LogRecord[];
  /**
   * True when an earlier write may have delivered some of these records without our knowing: a retry after an
   * unclear outcome, or what may have been in flight when the process died. A sink that can tell known event ids
   * then leaves them out.
   */
  readonly redelivery: boolean;
}

export type WriteOutcome =
  /** `bytes`: what went over the wire. `truncated`: messages that were cut to the destination's limit. */
  | { readonly kind: 'delivered'; readonly bytes?: number; readonly truncated?: number }
  /**
   * Try later, as a whole. `mayHaveArrived`: the destination may have it all the same (a timeout, a reset). Reasons are
   * short and stable (`timeout`, `refused`, `http_503`): labels of metrics.
   */
  | {
      readonly kind: 'retry';
      readonly reason: string;
      readonly detail: string;
      readonly afterMillis?: number;
      readonly mayHaveArrived: boolean;
    }
  /** The named records will never be accepted; all others are delivered. */
  | {
      readonly kind: 'partial';
      readonly rejected: readonly {
        readonly index: number;
        readonly reason: string;
        readonly detail: string;
      }[];
      readonly bytes?: number;
      readonly truncated?: number;
    }
  /**
   * The batch as it is will never be accepted, and nothing of it was. The kit divides it until the records at fault
   * stand alone, and makes those dead letters.
   */
  | { readonly kind: 'rejected'; readonly reason: string; readonly detail: string };

/**
 * A destination's implementation. It encodes, sends once, and says how it ended: waiting and retrying are the kit's.
 */
export interface Sink {
  readonly limits: SinkLimits;
  /** Called once before the first write; throws LogferryError when it can never work. Not being reachable is no reason. */
  open(signal: AbortSignal): Promise<void>;
  /** At most limits.maxInFlight at once. Throws only for defects and when aborted; all else is an outcome. */
  write(batch: DeliveryBatch, signal: AbortSignal): Promise<WriteOutcome>;
  /** Looks whether delivering would work, storing nothing where that is possible. Never throws but when aborted. */
  check(signal: AbortSignal): Promise<CheckReport>;
  /** Called once, after the last write ended; also when open failed or was never called. */
  close(): Promise<void>;
}
