/** A range of event time, both ends inclusive, Unix milliseconds. */
export interface TimeRange {
  readonly fromMillis: number;
  readonly toMillis: number;
}

/** What the collector believes of a partition's lateness; the learning fills it, the planner reads it. */
export interface Lateness {
  /** How far the watermark trails the present, milliseconds. */
  readonly horizonMillis: number;
  /** Events by lateness, in buckets as source-kit/lateness has them; left out until learned. */
  readonly counts?: readonly number[];
}

/**
 * How far a partition was read. Persisted as JSON; `version` says how to read it.
 *
 * Invariants: coveredFromMillis ≤ watermarkMillis ≤ headMillis. Every event in [coveredFromMillis,
 * watermarkMillis) that the service will ever show is in the spool (but for recorded gaps). Every event that the
 * service had shown in [watermarkMillis, headMillis] when it was last read is in the spool, and its id is among
 * the seen ids.
 */
export interface Checkpoint {
  readonly version: 1;
  /** Where reading began: the first start_from. */
  readonly coveredFromMillis: number;
  /** Everything before is sealed. */
  readonly watermarkMillis: number;
  /** The end of what has been read at least once; the service's present at that time, or less in catch-up. */
  readonly headMillis: number;
  /** When what moved the head was asked for, by the service's time; the head when left out. */
  readonly headAskedAtMillis?: number;
  /**
   * Everything before was read when its lateness horizon had passed, or is left to sealing because nothing comes late;
   * between watermark and head, and the watermark when left out.
   */
  readonly rereadMillis?: number;
  /** When the whole of [watermark, head] was last read again. */
  readonly sweptAtMillis: number;
  readonly lateness: Lateness;
  /** Density seen last: sizes the next slices. In full pages, those of events that are left out included; 0 when left out. */
  readonly pagesPerSecond?: number;
  /** Events in a full page, those that are left out included; the most there can be when left out. */
  readonly eventsPerPage?: number;
  /** Of the events that are fetched, the share that is kept; 1 when left out. */
  readonly keptShare?: number;
  /** Slices that were read ahead of the watermark's order (parallel reading); merged, ascending. */
  readonly doneAhead: readonly TimeRange[];
  /** What could not be read, and why; the newest last, bounded by the collector. */
  readonly gaps: readonly Gap[];
  /** What counting sealed minutes again has shown. */
  readonly audits?: AuditSummary;
  /** When what was read came into being; another time than the partition's means that it was deleted and made again. */
  readonly createdMillis?: number;
  /** No reply that the marks go by was made later; the service's time. */
  readonly lastReplyMillis?: number;
  /** The marks when it was last known that everything before them was read of the group that `createdMillis` tells. */
  readonly confirmed?: Pick<Checkpoint, 'headMillis' | 'watermarkMillis'>;
}

export interface Gap extends TimeRange {
  readonly reason: 'expired' | 'deleted' | 'denied' | 'unreadable';
  readonly recordedAtMillis: number;
  /** The range was read, but not again when everything late had come: only events that came late may be missing. */
  readonly lateOnly?: true;
}

export interface AuditSummary {
  /** Minutes that were counted again and held what was kept of them, or did not. */
  readonly compared: number;
  /** Minutes that could not be compared, by reason. */
  readonly notComparable: Readonly<Record<string, number>>;
  readonly lastAtMillis: number;
  /** The newest last, bounded. */
  readonly findings: readonly AuditFinding[];
}

/** A sealed minute that lacked events. */
export interface AuditFinding {
  /** Its start. */
  readonly minuteMillis: number;
  readonly foundAtMillis: number;
  /** How it was seen: by reading its streams one by one, or by reading it again as ever. */
  readonly way: AuditWay;
  readonly missing: number;
  /** Of these, how many were read again and are in the spool. */
  readonly repaired: number;
}

export type AuditWay = 'by_stream' | 'read_again';

/**
 * Ids read in one bucket of event time: 8 bytes an id, as made by source-kit/seen-ids. Chunks are only ever
 * added; a bucket is dropped as a whole when the watermark has passed its end.
 */
export interface SeenChunk {
  readonly bucketStartMillis: number;
  readonly hashes: Uint8Array;
}

/** Checkpoints of backfills stand beside that of their partition: its key, this, the backfill's name, and the range's start. */
const BACKFILL_MARK = '#backfill/';

export const backfillKeyPrefix = (partitionKey: string): string => `${partitionKey}${BACKFILL_MARK}`;

export function backfillKey(partitionKey: string, name: string, fromMillis: number): string {
  return `${backfillKeyPrefix(partitionKey)}${name}/${fromMillis}`;
}

export function isBackfillKey(key: string): boolean {
  return key.includes(BACKFILL_MARK);
}

/** The key of the partition that a checkpoint belongs to, be it its own or one of a backfill. */
export function liveKeyOf(key: string): string {
  return key.split(BACKFILL_MARK, 1)[0] ?? key;
}
