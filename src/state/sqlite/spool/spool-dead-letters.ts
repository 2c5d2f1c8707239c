import type Database from 'better-sqlite3';
import type { DeadLetter, StoredDeadLetter } from '../../../contracts/spool.ts';
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

  list(consumer: Consumer, afterId: number, limit: number): StoredDeadLetter[] {
    const rows = this.#sql.page.all(consumer.id, afterId, limit) as DeadLetterRow[];
    return rows.map(({ id, created_at_millis, reason, detail, payload }) => {
      const record = this.#work.decode(`dead letter ${id}`, () => {
        const [first] = decodeRecords(payload);
        if (first === undefined) throw new Error('There is no record in it.');
        return first;
      });
      return { id, destination: consumer.name, createdAtMillis: created_at_millis, reason, detail, record };
    });
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

interface DeadLetterRow {
  readonly id: number;
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
    page: db.prepare('SELECT * FROM dead_letter WHERE consumer_id = ? AND id > ? ORDER BY id LIMIT ?'),
    drop: db.prepare('DELETE FROM dead_letter WHERE consumer_id = ? AND id = ? RETURNING bytes').pluck(),
  };
}
