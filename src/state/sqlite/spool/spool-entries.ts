import type Database from 'better-sqlite3';
import type { RecordBatch } from '../../../record/log-record.ts';
import { isDamage } from '../sqlite-error.ts';
import { RecentBatches } from './recent-batches.ts';
import type { Subscription } from './spool-consumers.ts';
import type { SpoolTotal } from './spool-total.ts';

/**
 * Freed in one transaction at most: deleting must not hold up the event loop. Measured: the pages of 2 MB go to
 * the free list in about a millisecond.
 */
const FREED_ENTRIES_AT_ONCE = 64;
const FREED_BYTES_AT_ONCE = 2 * 1024 * 1024;

export interface PackedBatch {
  readonly topic: string;
  readonly batch: RecordBatch;
  readonly payload: Buffer;
}

export interface AppendedBatch {
  readonly offset: number;
  readonly batch: RecordBatch;
}

export interface EntryRow {
  readonly offset: number;
  readonly topic: string;
  readonly batch_id: string;
  readonly records: number;
  readonly bytes: number;
  readonly committed_at_millis: number;
}

export type Payload =
  | { readonly kind: 'bytes'; readonly bytes: Buffer }
  /** Passed and freed meanwhile. */
  | { readonly kind: 'gone' }
  /** SQLite finds the pages damaged that hold it. */
  | { readonly kind: 'damaged' };

export interface Freed {
  readonly entries: number;
  /** There is more to free. */
  readonly isMore: boolean;
}

interface Head {
  readonly offset: number;
  readonly bytes: number;
  readonly subscription: Subscription;
}

/** The rows of the spool. All methods but `payload`, `recent` and `committed` run inside a transaction or snapshot of the caller. */
export class SpoolEntries {
  readonly #total: SpoolTotal;
  readonly #recent = new RecentBatches();
  readonly #sql: ReturnType<typeof prepareStatements>;
  /** Whose pages are damaged: deleting them could free pages of others, so that they stay and take their space. */
  readonly #untouchable = new Set<number>();

  constructor(db: Database.Database, total: SpoolTotal) {
    this.#total = total;
    this.#sql = prepareStatements(db);
  }

  append(batches: readonly PackedBatch[], nowMillis: number): AppendedBatch[] {
    const appended: AppendedBatch[] = [];
    let offset = this.#total.read().newest_offset;
    let bytes = 0;
    for (const { topic, batch, payload } of batches) {
      offset++;
      bytes += payload.length;
      const { id, records } = batch;
      const size = { records: records.length, bytes: payload.length };
      this.#sql.add.run({ offset, topic, ...size, now: nowMillis, id, payload });
      this.#sql.growTopic.run(size.records, size.bytes, topic);
      appended.push({ offset, batch });
    }
    this.#total.advance(offset, bytes);
    return appended;
  }

  /** The transaction in which they were appended was committed. */
  committed(appended: readonly AppendedBatch[]): void {
    for (const { offset, batch } of appended) this.#recent.add(offset, batch);
  }

  /** Undefined for one that is to be read from its payload. */
  recent(offset: number): RecordBatch | undefined {
    return this.#recent.get(offset);
  }

  /**
   * Merges the topics by offset, each read through its own index: a consumer of a quiet topic does not walk over the
   * backlog of a busy one.
   */
  read(subscriptions: readonly Subscription[], fromOffset: number, maxBytes: number): EntryRow[] {
    const heads = subscriptions.flatMap((one) => this.#head(one, fromOffset));
    const rows: EntryRow[] = [];
    let bytes = 0;
    while (heads.length > 0) {
      const next = heads.reduce((least, head) => (head.offset < least.offset ? head : least));
      bytes += next.bytes;
      if (rows.length > 0 && bytes > maxBytes) break;
      rows.push(this.#sql.entry.get(next.offset) as EntryRow);
      heads.splice(heads.indexOf(next), 1, ...this.#head(next.subscription, next.offset + 1));
    }
    return rows;
  }

  hasFrom(subscriptions: readonly Subscription[], fromOffset: number): boolean {
    return subscriptions.some((one) => this.#head(one, fromOffset).length > 0);
  }

  /** Undefined for one that was freed. */
  get(offset: number): EntryRow | undefined {
    return this.#sql.entry.get(offset) as EntryRow | undefined;
  }

  /** Outside of a transaction: SQLite cannot end one in which it found damage. */
  payload(offset: number): Payload {
    try {
      const bytes = this.#sql.payload.get(offset) as Buffer | undefined;
      return bytes === undefined ? { kind: 'gone' } : { kind: 'bytes', bytes };
    } catch (thrown) {
      if (!isDamage(thrown)) throw thrown;
      this.#untouchable.add(offset);
      return { kind: 'damaged' };
    }
  }

  /** How many entries are known to be damaged so that they cannot be deleted. */
  get untouchable(): number {
    return this.#untouchable.size;
  }

  /** Deletes the oldest of what every consumer of its topic has passed, and of topics that nobody takes. */
  freeSome(): Freed {
    let entries = 0;
    let bytes = 0;
    for (const topicId of this.#sql.topicIds.all() as number[]) {
      // No row: nobody takes the topic, so that all of it may go.
      const below = (this.#sql.passedBelow.get(topicId) as number | null) ?? Number.MAX_SAFE_INTEGER;
      for (let from = 0; ; ) {
        const row = this.#sql.oldest.get(topicId, from, below) as
          | { offset: number; bytes: number }
          | undefined;
        if (row === undefined) break;
        from = row.offset + 1;
        if (this.#untouchable.has(row.offset)) continue;
        if (entries >= FREED_ENTRIES_AT_ONCE || (entries > 0 && bytes + row.bytes > FREED_BYTES_AT_ONCE)) {
          this.#total.addEntryBytes(-bytes);
          return { entries, isMore: true };
        }
        this.#drop(row.offset);
        entries++;
        bytes += row.bytes;
      }
    }
    this.#total.addEntryBytes(-bytes);
    return { entries, isMore: false };
  }

  #drop(offset: number): void {
    try {
      this.#sql.drop.run(offset);
      this.#recent.forget(offset);
    } catch (thrown) {
      if (isDamage(thrown)) this.#untouchable.add(offset);
      throw thrown;
    }
  }

  #head(subscription: Subscription, fromOffset: number): Head[] {
    const row = this.#sql.first.get(subscription.topicId, Math.max(fromOffset, subscription.fromOffset)) as
      | Omit<Head, 'subscription'>
      | undefined;
    return row === undefined || row.offset >= subscription.untilOffset ? [] : [{ ...row, subscription }];
  }
}

function prepareStatements(db: Database.Database) {
  return {
    add: db.prepare(
      `INSERT INTO spool_entry (offset, topic_id, records, bytes, committed_at_millis, before_entries, before_records,
         before_bytes, batch_id, payload)
       SELECT @offset, id, @records, @bytes, @now, total_entries, total_records, total_bytes, @id, @payload
       FROM topic WHERE name = @topic`,
    ),
    growTopic: db.prepare(
      `UPDATE topic SET total_entries = total_entries + 1, total_records = total_records + ?,
         total_bytes = total_bytes + ? WHERE name = ?`,
    ),
    entry: db.prepare(
      `SELECT e.offset, t.name AS topic, e.batch_id, e.records, e.bytes, e.committed_at_millis
       FROM spool_entry e JOIN topic t ON t.id = e.topic_id WHERE e.offset = ?`,
    ),
    payload: db.prepare('SELECT payload FROM spool_entry WHERE offset = ?').pluck(),
    first: db.prepare(
      'SELECT offset, bytes FROM spool_entry WHERE topic_id = ? AND offset >= ? ORDER BY offset LIMIT 1',
    ),
    topicIds: db.prepare('SELECT id FROM topic').pluck(),
    passedBelow: db
      .prepare(
        `SELECT min(max(c.cursor_offset, s.from_offset)) FROM subscription s
         JOIN consumer c ON c.id = s.consumer_id
         WHERE s.topic_id = ? AND (s.until_offset IS NULL OR s.until_offset > c.cursor_offset)`,
      )
      .pluck(),
    oldest: db.prepare(
      `SELECT offset, bytes FROM spool_entry WHERE topic_id = ? AND offset >= ? AND offset < ?
       ORDER BY offset LIMIT 1`,
    ),
    drop: db.prepare('DELETE FROM spool_entry WHERE offset = ?'),
  };
}
