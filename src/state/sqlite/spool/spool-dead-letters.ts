import type Database from 'better-sqlite3';
import type { DeadLetter, DeadLetterPage, StoredDeadLetter } from '../../../contracts/spool.ts';
import { decodeRecords, encodeRecords } from '../../../record/batch-codec.ts';
import type { SqliteWork } from '../sqlite-work.ts';
import type { Consumer, SpoolConsumers } from './spool-consumers.ts';
import type { SpoolTotal } from './spool-total.ts';

export interface PackedDeadLetter {
  readonly reason: string;
  readonly detail: string;
  readonly payload: Buffer;
}

/** One after the other: each compression takes about a megabyte for as long as it lasts. */
export async function packDeadLetters(letters: readonly DeadLetter[]): Promise<PackedDeadLetter[]> {
  const packed: PackedDeadLetter[] = [];
  for (const { record, reason, detail } of letters)
    packed.push({ reason, detail, payload: await encodeRecords([record]) });
  return packed;
}

/** Dead letters of all consumers. Methods run inside a transaction of the caller. */
export class SpoolDeadLetters {
  readonly #work: SqliteWork;
  readonly #total: SpoolTotal;
  readonly #consumers: SpoolConsumers;
  readonly #sql: ReturnType<typeof prepareStatements>;

  constructor(work: SqliteWork, total: SpoolTotal, consumers: SpoolConsumers) {
    this.#work = work;
    this.#total = total;
    this.#consumers = consumers;
    this.#sql = prepareStatements(work.database);
  }

  add(consumer: Consumer, letters: readonly PackedDeadLetter[], nowMillis: number): void {
    let total = 0;
    for (const { reason, detail, payload } of letters) {
      const bytes = payload.length + Buffer.byteLength(detail);
      this.#sql.add.run(consumer.id, nowMillis, bytes, reason, detail, payload);
      total += bytes;
    }
    this.#consumers.countDeadLetters(consumer, letters.length);
    this.#total.addDeadBytes(total);
  }

  list(consumer: Consumer, page: DeadLetterPage): StoredDeadLetter[] {
    const { afterId, beforeId = NO_END, limit, reason = null, newestFirst = false } = page;
    const statement = newestFirst ? this.#sql.newest : this.#sql.oldest;
    const found = statement.iterate({ consumerId: consumer.id, afterId, beforeId, reason, limit });
    const rows = upTo(found as Iterable<DeadLetterRow>, page.maxBytes ?? Infinity);
    return rows.map(({ id, created_at_millis, reason, detail, payload }) => {
      const record = this.#work.decode(`dead letter ${id}`, () => {
        const [first] = decodeRecords(payload);
        if (first === undefined) throw new Error('There is no record in it.');
        return first;
      });
      return { id, destination: consumer.name, createdAtMillis: created_at_millis, reason, detail, record };
    });
  }

  countByReason(consumer: Consumer): Map<string, number> {
    const rows = this.#sql.reasons.all(consumer.id) as { reason: string; letters: number }[];
    return new Map(rows.map(({ reason, letters }) => [reason, letters]));
  }

  renew(consumer: Consumer, letters: readonly Pick<StoredDeadLetter, 'id' | 'reason' | 'detail'>[]): void {
    let more = 0;
    for (const { id, reason, detail } of letters) {
      const before = this.#sql.detail.get(consumer.id, id) as string | undefined;
      if (before === undefined) continue;
      const grows = Buffer.byteLength(detail) - Buffer.byteLength(before);
      this.#sql.renew.run(reason, detail, grows, id);
      more += grows;
    }
    this.#total.addDeadBytes(more);
  }

  /** Answers how many there were. */
  discard(consumer: Consumer, ids: readonly number[]): number {
    const sizes = ids
      .map((id) => this.#sql.drop.get(consumer.id, id) as number | undefined)
      .filter((size) => size !== undefined);
    this.#consumers.countDeadLetters(consumer, -sizes.length);
    this.#total.addDeadBytes(-sizes.reduce((sum, size) => sum + size, 0));
    return sizes.length;
  }
}

const NO_END = Number.MAX_SAFE_INTEGER;

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

interface DeadLetterRow {
  readonly id: number;
  readonly bytes: number;
  readonly created_at_millis: number;
  readonly reason: string;
  readonly detail: string;
  readonly payload: Buffer;
}

function prepareStatements(db: Database.Database) {
  return {
    add: db.prepare(
      `INSERT INTO dead_letter (consumer_id, created_at_millis, bytes, reason, detail, payload)
       VALUES (?, ?, ?, ?, ?, ?)`,
    ),
    oldest: db.prepare(page('ASC')),
    newest: db.prepare(page('DESC')),
    reasons: db.prepare(
      `SELECT reason, count(*) AS letters FROM dead_letter WHERE consumer_id = ?
       GROUP BY reason ORDER BY letters DESC, reason`,
    ),
    detail: db.prepare('SELECT detail FROM dead_letter WHERE consumer_id = ? AND id = ?').pluck(),
    renew: db.prepare('UPDATE dead_letter SET reason = ?, detail = ?, bytes = bytes + ? WHERE id = ?'),
    drop: db.prepare('DELETE FROM dead_letter WHERE consumer_id = ? AND id = ? RETURNING bytes').pluck(),
  };
}

const page = (order: 'ASC' | 'DESC') =>
  `SELECT * FROM dead_letter
   WHERE consumer_id = @consumerId AND id > @afterId AND id < @beforeId AND (@reason IS NULL OR reason = @reason)
   ORDER BY id ${order} LIMIT @limit`;
