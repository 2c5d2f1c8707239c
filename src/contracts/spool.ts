import type { LogRecord, RecordBatch } from '../record/log-record.ts';

/** A place in a consumer's sequence: all entries before `offset`, and `index` records of the entry at it, are settled. */
export interface SpoolPosition {
  readonly offset: number;
  readonly index: number;
}

export interface SpoolEntry {
  /** Ascending over the whole spool; a consumer sees only the offsets of its topics. */
  readonly offset: number;
  readonly topic: string;
  readonly batch: RecordBatch;
  /** Bytes on disk. */
  readonly storedBytes: number;
  readonly committedAtMillis: number;
  /** Why its records cannot be read, where it is damaged: then `batch` has none. */
  readonly damage?: string;
}

/** The reason of dead letters that are damaged entries. */
export const DAMAGED = 'damaged';

export interface DeadLetter {
  readonly record: LogRecord;
  /** Short and stable: a label of metrics. */
  readonly reason: string;
  /** What the destination said, cut to a bound; no secrets. */
  readonly detail: string;
}

export interface StoredDeadLetter extends Omit<DeadLetter, 'record'> {
  readonly id: number;
  readonly destination: string;
  readonly createdAtMillis: number;
  /** Undefined for a damaged entry, and where what is stored cannot be read any longer. */
  readonly record: LogRecord | undefined;
  /** How many it stands for: more than one for a damaged entry. */
  readonly records: number;
}

/** Which dead letters: those with ids between the two, ends not included. */
export interface DeadLetterPage {
  readonly afterId: number;
  /** Default: without an end. */
  readonly beforeId?: number;
  readonly limit: number;
  /** Of stored bytes; one letter is given however large it is. Default: without a bound. */
  readonly maxBytes?: number;
  readonly reason?: string;
  /** Default: oldest first. */
  readonly newestFirst?: boolean;
}

export interface DiscardChoice {
  /** Those with larger ids stay. Default: without an end. */
  readonly throughId?: number;
  readonly reason?: string;
  readonly limit: number;
}

export interface Discarded {
  readonly records: number;
  /** Whether there may be more of those chosen. */
  readonly isMore: boolean;
}

export interface ConsumerUsage {
  readonly consumer: string;
  readonly waitingEntries: number;
  readonly waitingRecords: number;
  readonly waitingBytes: number;
  /** When the oldest entry that waits was committed; undefined when none waits. */
  readonly oldestMillis: number | undefined;
  /** Records. */
  readonly deadLetters: number;
  readonly deadLetterBytes: number;
}

export interface SpoolUsage {
  /** Bytes of entries and dead letters. */
  readonly usedBytes: number;
  readonly maxBytes: number;
  /**
   * Since when somebody waits for space, one after the other with at most half a minute in between; undefined when nobody
   * does. Of this process alone.
   */
  readonly fullSinceMillis: number | undefined;
  readonly consumers: readonly ConsumerUsage[];
}

/**
 * The durable queue between reading and delivering, with a cursor for each destination. An entry's space is freed
 * when every consumer of its topic has passed it. Entries are written by StateStore.commit alone.
 */
export interface Spool {
  /**
   * States the whole set of consumers, at the start and at each reload. A new one begins after the entries that are
   * there, and so does a topic that one takes up. Of a topic that one no longer takes it still gets what was committed
   * before. One that is gone is dropped with its cursor; resolves to what it had waiting, so that it can be said.
   */
  setConsumers(
    consumers: readonly { readonly id: string; readonly topics: readonly string[] }[],
  ): Promise<readonly ConsumerUsage[]>;
  /** Where the consumer goes on after a restart. */
  position(consumer: string): Promise<SpoolPosition>;
  /** Offset of the newest entry of the spool; 0 when nothing was ever committed. */
  newestOffset(): Promise<number>;
  /**
   * Entries with offset ≥ `fromOffset`, ascending: as many as fit `maxBytes` stored bytes, but at least one if there is
   * one. A damaged one is among them, with its damage in place of records.
   */
  read(consumer: string, fromOffset: number, maxBytes: number): Promise<readonly SpoolEntry[]>;
  /** Resolves when there may be an entry with offset ≥ `fromOffset` for the consumer; rejects on abort. */
  waitForEntries(consumer: string, fromOffset: number, signal: AbortSignal): Promise<void>;
  /** Resolves when a commit may fit again; rejects on abort. */
  waitForSpace(signal: AbortSignal): Promise<void>;
  /**
   * Moves the cursor forward and keeps the dead letters, in one transaction. A position behind the cursor changes
   * nothing but still keeps the dead letters.
   */
  acknowledge(consumer: string, position: SpoolPosition, deadLetters: readonly DeadLetter[]): Promise<void>;
  /**
   * Sets a damaged entry aside, so that the consumer can go on: what is stored of it is kept as a dead letter of reason
   * `damaged`, for as many records as the consumer has not settled; answers how many. An entry is set aside once, however
   * often it is asked for, and stays for the other consumers.
   */
  quarantine(consumer: string, offset: number, detail: string): Promise<number>;
  /** May be fewer than the limit although there are more; none only when there are no more. */
  deadLetters(consumer: string, page: DeadLetterPage): Promise<readonly StoredDeadLetter[]>;
  /** How many records there are, by reason, most first. */
  deadLetterReasons(consumer: string): Promise<ReadonlyMap<string, number>>;
  /** The destination refused them again: reason and detail take the place of those before. Unknown ids are left out. */
  renewDeadLetters(
    consumer: string,
    letters: readonly Pick<StoredDeadLetter, 'id' | 'reason' | 'detail'>[],
  ): Promise<void>;
  /** Answers of how many records. */
  discardDeadLetters(consumer: string, ids: readonly number[]): Promise<number>;
  /** Discards the oldest of those chosen, at most `limit`, unread. */
  discardOldestDeadLetters(consumer: string, choice: DiscardChoice): Promise<Discarded>;
  usage(): Promise<SpoolUsage>;
}
