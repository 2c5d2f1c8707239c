import type { Metrics } from '../../contracts/metrics.ts';
import type { Sink } from '../../contracts/sink.ts';
import type { Spool, SpoolPosition } from '../../contracts/spool.ts';
import type { BackOffSettings } from '../../foundation/back-off.ts';
import type { Clock } from '../../foundation/clock.ts';
import type { Logger } from '../../foundation/logger.ts';
import type { Random } from '../../foundation/random.ts';
import type { DeliveryState } from './delivery-state.ts';

export interface DeliverySettings {
  /** The consumer's name in the spool, and the label of the metrics. */
  readonly destination: string;
  readonly sink: Sink;
  /** Where others write to the sink too. Default: every write at once. */
  readonly turn?: WriteTurn;
  readonly spool: Spool;
  readonly clock: Clock;
  readonly random: Random;
  /** Bound to the destination already, so that each line names it. */
  readonly logger: Logger;
  readonly metrics: Metrics;
  /** Called after every change of the status; must be quick and not throw. */
  readonly onProgress?: (status: DeliveryStatus) => void;
  /** Default 500 ms … 30 s, full jitter. */
  readonly backOff?: BackOffSettings;
  /** The longest that a destination may ask us to stay away; default 5 min. */
  readonly maxServerDelayMillis?: number;
}

/**
 * Runs a write when its turn has come, so that all who write to the sink together keep to its maxInFlight. Rejects with
 * the signal's reason when aborted before that.
 */
export type WriteTurn = <T>(write: () => Promise<T>, signal: AbortSignal) => Promise<T>;

export const atOnce: WriteTurn = (write) => write();

export interface DeliveryStatus {
  readonly state: DeliveryState;
  /** Since the start of the delivery: records, records, batches. */
  readonly delivered: number;
  readonly deadLetters: number;
  readonly retries: number;
  /** Writes under way. */
  readonly inFlight: number;
  /** What the spool was told last; undefined until the sink is open. */
  readonly acknowledged: SpoolPosition | undefined;
  readonly lastDeliveredAtMillis: number | undefined;
  /** Stays after it was overcome; `state` says what is now. */
  readonly lastError:
    | { readonly reason: string; readonly detail: string; readonly fix: string; readonly atMillis: number }
    | undefined;
}

export type DrainResult =
  | { readonly drained: true }
  | {
      readonly drained: false;
      /** `unreachable`: the attempts given in the options failed, one after the other. */
      readonly reason: 'aborted' | 'stopped' | 'failed' | 'unreachable';
      readonly detail: string;
      /** Records that the destination has not got; undefined when the spool could not say. */
      readonly waitingRecords: number | undefined;
    };

export interface DrainOptions {
  /** Gives up when so many writes in a row ended with "try later". Default: never. */
  readonly giveUpAfterAttempts?: number;
}

/** The delivery of one destination. Others have their own: nothing that one waits for is shared. */
export interface Delivery {
  status(): DeliveryStatus;
  /**
   * Resolves when all that is in the spool at the time of the call is settled (delivered or a dead letter) and the
   * spool knows it; earlier, with the reason, when aborted, stopped, failed, or given up by its options. Does not
   * linger meanwhile. Rejects only when the spool does.
   */
  drain(signal: AbortSignal, options?: DrainOptions): Promise<DrainResult>;
  /**
   * Hands out nothing more, gives the writes under way `graceMillis` (default 10 s) to end, aborts the rest,
   * acknowledges what was delivered and closes the sink. Idempotent; may be called at any time. Never rejects.
   */
  stop(graceMillis?: number): Promise<void>;
}
