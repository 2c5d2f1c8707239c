import type Database from 'better-sqlite3';
import {
  DAMAGED,
  type DeadLetter,
  type DeadLetterPage,
  type DiscardChoice,
  type Discarded,
  type StoredDeadLetter,
} from '../../../contracts/spool.ts';
import { encodeRecords } from '../../../record/batch-codec.ts';
import type { DeadLetterCounts } from './dead-letter-counts.ts';

export interface PackedDeadLetter {
  readonly reason: string;
  readonly detail: string;
  readonly payload: Buffer;
}

export interface DeadLetterRow {
  readonly id: number;
  readonly bytes: number;
  readonly created_at_millis: number;
  readonly reason: string;
  readonly detail: string;
  readonly payload: Buffer;
  readonly records: number;
  /** Of a damaged entry. */
  readonly entry_offset: number | null;
}

export interface DamagedEntry {
  readonly offset: number;
  readonly records: number;
  readonly detail: string;
  /** What is stored, as far as it can be read. */
  readonly payload: Buffer;
}

type Renewal = Pick<StoredDeadLetter, 'id' | 'reason' | 'detail'>;

/** One after the other: each compression takes about a megabyte for as long as it lasts. */
export async function packDeadLetters(letters: readonly DeadLetter[]): Promise<PackedDeadLetter[]> {
  const packed: PackedDeadLetter[] = [];
  for (const { record, reason, detail } of letters)
    packed.push({ reason, detail, payload: await encodeRecords([record]) });
  return packed;
}

/** Dead letters of all consumers, which are named by their ids. Methods run inside a transaction of the caller. */
export class SpoolDeadLetters {
  readonly #counts: DeadLetterCounts;
  readonly #sql: ReturnType<typeof prepareStatements>;

  constructor(db: Database.Database, counts: DeadLetterCounts) {
    this.#counts = counts;
    this.#sql = prepareStatements(db);
  }

  add(consumerId: number, letters: readonly PackedDeadLetter[], nowMillis: number): void {
    const changes = new Changes();
    for (const { reason, detail, payload } of letters) {
      const bytes = payload.length + Buffer.byteLength(detail);
      this.#sql.add.run(consumerId, nowMillis, bytes, reason, detail, payload);
      changes.add(reason, 1, bytes);
    }
    changes.apply(this.#counts, consumerId);
  }

  /** Nothing where it was set aside before. */
  setAside(consumerId: number, entry: DamagedEntry, nowMillis: number): void {
    const { offset, records, detail, payload } = entry;
    const bytes = payload.length + Buffer.byteLength(detail);
    const row = { consumerId, nowMillis, bytes, reason: DAMAGED, detail, payload, records, offset };
    if (this.#sql.setAside.run(row).changes > 0) this.#counts.change(consumerId, DAMAGED, records, bytes);
  }

  page(consumerId: number, page: DeadLetterPage): DeadLetterRow[] {
    const { afterId, beforeId = NO_END, limit, reason, newestFirst = false, maxBytes = Infinity } = page;
    const of = reason === undefined ? this.#sql.ofAny : this.#sql.ofReason;
    const statement = newestFirst ? of.newest : of.oldest;
    const rows = statement.iterate({ consumerId, afterId, beforeId, reason, limit });
    return upTo(rows as Iterable<DeadLetterRow>, maxBytes);
  }

  renew(consumerId: number, letters: readonly Renewal[]): void {
    const changes = new Changes();
    for (const { id, reason, detail } of letters) {
      const before = this.#sql.get.get(consumerId, id) as GoneRow | undefined;
      if (before === undefined) continue;
      const bytes = before.bytes + Buffer.byteLength(detail) - before.detailBytes;
      this.#sql.renew.run(reason, detail, bytes, id);
      changes.add(before.reason, -before.records, -before.bytes);
      changes.add(reason, before.records, bytes);
    }
    changes.apply(this.#counts, consumerId);
  }

  /** Answers how many records there were. */
  discard(consumerId: number, ids: readonly number[]): number {
    const changes = new Changes();
    let discarded = 0;
    for (const id of ids) {
      const gone = this.#sql.drop.get(consumerId, id) as Omit<GoneRow, 'detailBytes'> | undefined;
      if (gone === undefined) continue;
      changes.add(gone.reason, -gone.records, -gone.bytes);
      discarded += gone.records;
    }
    changes.apply(this.#counts, consumerId);
    return discarded;
  }

  discardOldest(consumerId: number, { throughId = NO_END, reason, limit }: DiscardChoice): Discarded {
    const of = reason === undefined ? this.#sql.ofAny : this.#sql.ofReason;
    const ids = of.ids.all({ consumerId, throughId, reason, limit }) as number[];
    return { records: this.discard(consumerId, ids), isMore: ids.length === limit };
  }
}

const NO_END = Number.MAX_SAFE_INTEGER;

/** What comes and goes of each reason in one transaction. */
class Changes {
  readonly #byReason = new Map<string, { records: number; bytes: number }>();

  add(reason: string, records: number, bytes: number): void {
    const before = this.#byReason.get(reason) ?? { records: 0, bytes: 0 };
    this.#byReason.set(reason, { records: before.records + records, bytes: before.bytes + bytes });
  }

  apply(counts: DeadLetterCounts, consumerId: number): void {
    for (const [reason, { records, bytes }] of this.#byReason)
      counts.change(consumerId, reason, records, bytes);
  }
}

function upTo(rows: Iterable<DeadLetterRow>, maxBytes: number): DeadLetterRow[] {
  const taken: DeadLetterRow[] = [];
  let bytes = 0;
  for (const row of rows) {
    bytes += row.bytes;
    if (taken.length > 0 && bytes > maxBytes) break;
    taken.push(row);
  }
  return taken;
}

interface GoneRow {
  readonly reason: string;
  readonly bytes: number;
  readonly records: number;
  readonly detailBytes: number;
}

function prepareStatements(db: Database.Database) {
  // Each filter has an index that gives its rows in the order of their ids.
  const of = (filter: string) => ({
    oldest: db.prepare(page(filter, 'ASC')),
    newest: db.prepare(page(filter, 'DESC')),
    ids: db
      .prepare(`SELECT id FROM dead_letter WHERE ${filter} AND id <= @throughId ORDER BY id LIMIT @limit`)
      .pluck(),
  });
  return {
    ofAny: of('consumer_id = @consumerId'),
    ofReason: of('consumer_id = @consumerId AND reason = @reason'),
    add: db.prepare(
      `INSERT INTO dead_letter (consumer_id, created_at_millis, bytes, reason, detail, payload)
       VALUES (?, ?, ?, ?, ?, ?)`,
    ),
    setAside: db.prepare(
      `INSERT INTO dead_letter (consumer_id, created_at_millis, bytes, reason, detail, payload, records, entry_offset)
       VALUES (@consumerId, @nowMillis, @bytes, @reason, @detail, @payload, @records, @offset)
       ON CONFLICT DO NOTHING`,
    ),
    get: db.prepare(
      `SELECT reason, bytes, records, octet_length(detail) AS detailBytes FROM dead_letter WHERE consumer_id = ? AND id = ?`,
    ),
    renew: db.prepare('UPDATE dead_letter SET reason = ?, detail = ?, bytes = ? WHERE id = ?'),
    drop: db.prepare(
      'DELETE FROM dead_letter WHERE consumer_id = ? AND id = ? RETURNING reason, bytes, records',
    ),
  };
}

const page = (filter: string, order: 'ASC' | 'DESC') =>
  `SELECT * FROM dead_letter WHERE ${filter} AND id > @afterId AND id < @beforeId ORDER BY id ${order} LIMIT @limit`;
