import type { Origin } from '../../record/log-record.ts';

/** Why records of a stream are left out; the `reason` label of the metric. */
export type LeftOut = 'not_selected' | 'unknown_task' | 'own_logs';

export type StreamVerdict =
  | { readonly kind: 'read'; readonly origin: Origin }
  | { readonly kind: 'left_out'; readonly reason: LeftOut; readonly because: string };

/** Says of each stream of a log group whether it is read and what its records are tagged with. */
export interface StreamOrigins {
  /**
   * Called with the names of a page's streams before `verdict` is asked for them; may look something up. What it
   * throws fails the slice, which is then read again later: better late than mis-tagged or left out.
   */
  prepare(streams: Iterable<string>, signal: AbortSignal): Promise<void>;
  /** The same object for the same stream as long as possible: records share it. */
  verdict(stream: string): StreamVerdict;
}
