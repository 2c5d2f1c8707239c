import type { Metrics } from '../../contracts/metrics.ts';
import type { Logger } from '../../foundation/logger.ts';
import type { ReadEvent } from './event-record.ts';
import type { LeftOut, StreamVerdict } from './stream-origins.ts';

export interface SliceTally {
  leftOut(event: ReadEvent, verdict: Extract<StreamVerdict, { kind: 'left_out' }>): void;
  /** An event that no record can be made of. */
  malformed(event: unknown): void;
  /** An event that became a record although something of it was missing. */
  repaired(event: ReadEvent): void;
  /** The slice was read to its end. */
  end(toMillis: number): void;
}

const EXPLAINED_STREAMS = 1000;

/**
 * Counts the events of a log group that become no record, and says why, each stream once. The same range is read many
 * times over; so that an event is counted about once, only what is newer than all that was read before counts.
 */
export class LeftOutCounter {
  readonly #component: string;
  readonly #group: string;
  readonly #metrics: Metrics;
  readonly #logger: Logger;
  readonly #explained = new Set<string>();
  #countedToMillis = Number.NEGATIVE_INFINITY;

  constructor(component: string, group: string, metrics: Metrics, logger: Logger) {
    this.#component = component;
    this.#group = group;
    this.#metrics = metrics;
    this.#logger = logger;
  }

  beginSlice(): SliceTally {
    const countedToMillis = this.#countedToMillis;
    let newestMillis = countedToMillis;
    let malformed = 0;
    return {
      leftOut: (event, verdict) => {
        this.#explain(event.stream, verdict.reason, verdict.because);
        newestMillis = Math.max(newestMillis, event.timestampMillis);
        if (event.timestampMillis > countedToMillis) this.#count(verdict.reason);
      },
      malformed: (event) => {
        this.#count('malformed');
        if (malformed++ > 0) return;
        const keys = typeof event === 'object' && event !== null ? Object.keys(event).slice(0, 20) : [];
        this.#logger.warn(
          { logGroup: this.#group, type: typeof event, keys },
          'An event without a time came from CloudWatch Logs; no record can be made of it.',
        );
      },
      repaired: (event) => {
        this.#explain(
          event.stream,
          'repaired',
          'its events lack a message, stream or time, or have them of a wrong type',
        );
      },
      end: (toMillis) => {
        this.#countedToMillis = Math.max(this.#countedToMillis, Math.min(newestMillis, toMillis));
      },
    };
  }

  #count(reason: LeftOut | 'malformed'): void {
    this.#metrics.count('logferry_dropped_records_total', { component: this.#component, reason });
  }

  #explain(stream: string, reason: LeftOut | 'repaired', because: string): void {
    const key = `${reason} ${stream}`;
    if (this.#explained.has(key)) return;
    // Forgetting all at once repeats some lines in the log; growing without bound would be worse.
    if (this.#explained.size >= EXPLAINED_STREAMS) this.#explained.clear();
    this.#explained.add(key);
    const details = { logGroup: this.#group, logStream: stream, reason, because };
    if (reason === 'repaired') this.#logger.warn(details, 'Records of this stream had to be repaired.');
    else if (reason === 'unknown_task') this.#logger.warn(details, 'Records of this stream are left out.');
    else this.#logger.info(details, 'Records of this stream are left out.');
  }
}
