import type Database from 'better-sqlite3';
import type { SpoolTotal } from './spool-total.ts';

export interface KeptDeadLetters {
  readonly records: number;
  readonly bytes: number;
}

interface ReasonRow extends KeptDeadLetters {
  readonly reason: string;
}

/** How many dead letters are kept, kept up in the transactions that change them, and the spool's total with it. */
export class DeadLetterCounts {
  readonly #total: SpoolTotal;
  readonly #sql: ReturnType<typeof prepareStatements>;

  constructor(db: Database.Database, total: SpoolTotal) {
    this.#total = total;
    this.#sql = prepareStatements(db);
  }

  kept(consumerId: number): KeptDeadLetters {
    return this.#sql.kept.get(consumerId) as KeptDeadLetters;
  }

  byReason(consumerId: number): Map<string, number> {
    const rows = this.#sql.reasons.all(consumerId) as ReasonRow[];
    return new Map(rows.map(({ reason, records }) => [reason, records]));
  }

  /** `records` and `bytes` are what comes (or, below zero, goes). */
  change(consumerId: number, reason: string, records: number, bytes: number): void {
    this.#sql.change.run({ consumerId, reason, records, bytes });
    this.#sql.dropEmpty.run(consumerId, reason);
    this.#total.addDeadBytes(bytes);
  }

  /** The consumer is dropped: its rows go with it. */
  forget(consumerId: number): void {
    this.#total.addDeadBytes(-this.kept(consumerId).bytes);
  }
}

function prepareStatements(db: Database.Database) {
  return {
    kept: db.prepare(
      `SELECT coalesce(sum(records), 0) AS records, coalesce(sum(bytes), 0) AS bytes
       FROM dead_letter_count WHERE consumer_id = ?`,
    ),
    reasons: db.prepare(
      `SELECT reason, records, bytes FROM dead_letter_count WHERE consumer_id = ? ORDER BY records DESC, reason`,
    ),
    change: db.prepare(
      `INSERT INTO dead_letter_count (consumer_id, reason, records, bytes)
       VALUES (@consumerId, @reason, @records, @bytes)
       ON CONFLICT (consumer_id, reason) DO UPDATE SET records = records + @records, bytes = bytes + @bytes`,
    ),
    dropEmpty: db.prepare(
      'DELETE FROM dead_letter_count WHERE consumer_id = ? AND reason = ? AND records = 0',
    ),
  };
}
