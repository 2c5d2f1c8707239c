/**
 * How many events a checkpoint has read, by minute of event time: a row of `minute_count` for each checkpoint and hour.
 *
 * Form of `counts`: one byte that says how to read the rest, 1; then the counts of the minutes 0 … 59, each an
 * unsigned LEB128 number (seven bits a byte, the lowest first, the top bit set on all but the last). So an hour takes 61
 * bytes while no minute has more than 127 events, and 181 with up to two million in each.
 *
 * Invariants: a count is the number of ids that commits have added to the seen ids of that minute, so it moves in their
 * transaction and never twice for an event; it is not lowered when the minute is sealed and its ids are dropped. Hours
 * that began more than COUNTS_KEPT_MILLIS ago are not written, and dropped one at a time by the commits that follow. Rows go
 * with their checkpoint.
 */
import type Database from 'better-sqlite3';
import type { SeenChunk, TimeRange } from '../../contracts/checkpoint.ts';
import { COUNTS_KEPT_MILLIS, type HourCounts } from '../../contracts/state-store.ts';

const HOUR_MILLIS = 3_600_000;
const MINUTE_MILLIS = 60_000;
const MINUTES = 60;
const HASH_BYTES = 8;
const FORM = 1;

export interface HourRow {
  readonly hour: number;
  readonly counts: Uint8Array;
}

/** Methods run inside a transaction of the caller. */
export class MinuteCounts {
  readonly #sql: ReturnType<typeof prepareStatements>;

  constructor(db: Database.Database) {
    this.#sql = prepareStatements(db);
  }

  add(checkpointId: number, chunks: readonly SeenChunk[], nowMillis: number): void {
    const oldestHour = Math.floor((nowMillis - COUNTS_KEPT_MILLIS) / HOUR_MILLIS);
    for (const [hour, added] of byHour(chunks)) {
      if (hour < oldestHour) continue;
      const stored = this.#sql.get.get(checkpointId, hour) as Uint8Array | undefined;
      const before = stored === undefined ? undefined : decodeCounts(stored);
      const after = before === undefined ? added : added.map((count, at) => count + (before[at] ?? 0));
      this.#sql.put.run(checkpointId, hour, encodeCounts(after));
    }
    this.#dropOldest(oldestHour);
  }

  rows(key: string, { fromMillis, toMillis }: TimeRange): HourRow[] {
    return this.#sql.range.all(key, hourOf(fromMillis), hourOf(toMillis)) as HourRow[];
  }

  /** One hour of all checkpoints: after a long pause several commits share the work. */
  #dropOldest(oldestHour: number): void {
    const hour = this.#sql.oldest.get() as number | null;
    if (hour !== null && hour < oldestHour) this.#sql.drop.run(hour);
  }
}

/** Throws when the row is damaged. */
export function readHour({ hour, counts }: HourRow): HourCounts {
  return { hourStartMillis: hour * HOUR_MILLIS, byMinute: decodeCounts(counts) };
}

export function encodeCounts(counts: readonly number[]): Uint8Array {
  const bytes = [FORM];
  for (const count of counts) {
    let rest = count;
    // Not by shifting: that would cut to 32 bits.
    for (; rest > 0x7f; rest = Math.floor(rest / 0x80)) bytes.push((rest % 0x80) | 0x80);
    bytes.push(rest);
  }
  return Uint8Array.from(bytes);
}

/** Throws when the bytes are not what encodeCounts makes. */
export function decodeCounts(bytes: Uint8Array): number[] {
  if (bytes[0] !== FORM) throw new Error(`counts of the unknown form ${bytes[0]}`);
  const counts: number[] = [];
  let value = 0;
  let unit = 1;
  for (let at = 1; at < bytes.length; at++) {
    const byte = bytes[at] as number;
    value += (byte & 0x7f) * unit;
    unit *= 0x80;
    if (byte >= 0x80) continue;
    counts.push(value);
    value = 0;
    unit = 1;
  }
  if (counts.length !== MINUTES || unit !== 1) throw new Error(`counts of ${counts.length} minutes`);
  return counts;
}

function byHour(chunks: readonly SeenChunk[]): Map<number, number[]> {
  const hours = new Map<number, number[]>();
  for (const { bucketStartMillis, hashes } of chunks) {
    if (hashes.length === 0) continue;
    const hour = hourOf(bucketStartMillis);
    let counts = hours.get(hour);
    if (counts === undefined) {
      counts = Array.from({ length: MINUTES }, () => 0);
      hours.set(hour, counts);
    }
    const minute = Math.floor((bucketStartMillis - hour * HOUR_MILLIS) / MINUTE_MILLIS);
    counts[minute] = (counts[minute] ?? 0) + hashes.length / HASH_BYTES;
  }
  return hours;
}

function hourOf(millis: number): number {
  return Math.floor(millis / HOUR_MILLIS);
}

function prepareStatements(db: Database.Database) {
  return {
    get: db.prepare('SELECT counts FROM minute_count WHERE checkpoint_id = ? AND hour = ?').pluck(),
    put: db.prepare(
      `INSERT INTO minute_count (checkpoint_id, hour, counts) VALUES (?, ?, ?)
       ON CONFLICT (checkpoint_id, hour) DO UPDATE SET counts = excluded.counts`,
    ),
    range: db.prepare(
      `SELECT hour, counts FROM minute_count
       WHERE checkpoint_id = (SELECT id FROM checkpoint WHERE key = ?) AND hour BETWEEN ? AND ? ORDER BY hour`,
    ),
    oldest: db.prepare('SELECT min(hour) FROM minute_count').pluck(),
    drop: db.prepare('DELETE FROM minute_count WHERE hour = ?'),
  };
}
