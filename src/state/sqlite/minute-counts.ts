/**
 * How many events a checkpoint has read, by minute of event time, and a fingerprint of which ones: a row of `minute_count`
 * for each checkpoint and hour.
 *
 * Form of `counts`: one byte that says how to read the rest; then the counts of the minutes 0 … 59, each an unsigned
 * LEB128 number (seven bits a byte, the lowest first, the top bit set on all but the last). In form 2 then the
 * fingerprint of each minute that has events: 8 bytes, the XOR of its seen ids as SeenChunk holds them. Form 1 ends
 * before: fingerprints are not known, or no longer kept. So a busy hour takes up to 661 bytes, and 181 later.
 *
 * Invariants: a count is the number of ids that commits have added to the seen ids of that minute, and the fingerprint
 * is of those ids, so both move in their transaction and never twice for an event; neither is changed when the minute is
 * sealed and its ids are dropped. An hour has all of its fingerprints or none. They are let go when it was sealed
 * FINGERPRINTS_KEPT_MILLIS ago, an hour at a time when a new one begins. Hours that began more than COUNTS_KEPT_MILLIS ago
 * are not written, and dropped one at a time by the commits that follow. Rows go with their checkpoint.
 */
import type Database from 'better-sqlite3';
import type { SeenChunk, TimeRange } from '../../contracts/checkpoint.ts';
import {
  COUNTS_KEPT_MILLIS,
  FINGERPRINTS_KEPT_MILLIS,
  type HourCounts,
} from '../../contracts/state-store.ts';

const HOUR_MILLIS = 3_600_000;
const MINUTE_MILLIS = 60_000;
const MINUTES = 60;
const HASH_BYTES = 8;
const COUNTS_ONLY = 1;
const WITH_FINGERPRINTS = 2;
/** A count takes at most eight bytes, and so does a fingerprint. */
const LONGEST_ROW = 1 + MINUTES * (8 + HASH_BYTES);
/** Hours whose fingerprints are let go at once. */
const FADED_AT_ONCE = 24;

export interface HourRow {
  readonly hour: number;
  readonly counts: Uint8Array;
}

/** Of the minutes of an hour. */
export interface Hour {
  readonly counts: readonly number[];
  /** Two lanes of 32 bits, the first one at even indexes; undefined when not known. */
  readonly fingerprints: Uint32Array | undefined;
}

/** Methods run inside a transaction of the caller. */
export class MinuteCounts {
  readonly #sql: ReturnType<typeof prepareStatements>;

  constructor(db: Database.Database) {
    this.#sql = prepareStatements(db);
  }

  /** Everything before `sealedBeforeMillis` is sealed, where that is known. */
  add(
    checkpointId: number,
    chunks: readonly SeenChunk[],
    sealedBeforeMillis: number | undefined,
    nowMillis: number,
  ): void {
    const oldestHour = hourOf(nowMillis - COUNTS_KEPT_MILLIS);
    let begins = false;
    for (const [hour, added] of byHour(chunks)) {
      if (hour < oldestHour) continue;
      const stored = this.#sql.get.get(checkpointId, hour) as Uint8Array | undefined;
      begins ||= stored === undefined;
      this.#put(checkpointId, hour, stored === undefined ? added : together(decodeHour(stored), added));
    }
    if (begins && sealedBeforeMillis !== undefined)
      this.#fadeBefore(checkpointId, hourOf(sealedBeforeMillis - FINGERPRINTS_KEPT_MILLIS));
    this.#dropOldest(oldestHour);
  }

  rows(key: string, { fromMillis, toMillis }: TimeRange): HourRow[] {
    return this.#sql.range.all(key, hourOf(fromMillis), hourOf(toMillis)) as HourRow[];
  }

  #put(checkpointId: number, hour: number, value: Hour): void {
    this.#sql.put.run(checkpointId, hour, encodeHour(value));
  }

  #fadeBefore(checkpointId: number, before: number): void {
    const rows = this.#sql.withFingerprints.all(checkpointId, before, FADED_AT_ONCE) as HourRow[];
    for (const { hour, counts } of rows)
      this.#put(checkpointId, hour, { ...decodeHour(counts), fingerprints: undefined });
  }

  /** One hour of all checkpoints: after a long pause several commits share the work. */
  #dropOldest(oldestHour: number): void {
    const hour = this.#sql.oldest.get() as number | null;
    if (hour !== null && hour < oldestHour) this.#sql.drop.run(hour);
  }
}

/** Throws when the row is damaged. */
export function readHour({ hour, counts: bytes }: HourRow): HourCounts {
  const { counts, fingerprints } = decodeHour(bytes);
  return {
    hourStartMillis: hour * HOUR_MILLIS,
    byMinute: counts,
    ...(fingerprints !== undefined && {
      fingerprints: Array.from(counts, (_, at) => laneValue(fingerprints, at)),
    }),
  };
}

export function encodeHour({ counts, fingerprints }: Hour): Uint8Array {
  const bytes = Buffer.allocUnsafe(LONGEST_ROW);
  bytes[0] = fingerprints === undefined ? COUNTS_ONLY : WITH_FINGERPRINTS;
  let at = 1;
  for (const count of counts) {
    let rest = count;
    // Not by shifting: that would cut to 32 bits.
    for (; rest > 0x7f; rest = Math.floor(rest / 0x80)) bytes[at++] = (rest % 0x80) | 0x80;
    bytes[at++] = rest;
  }
  if (fingerprints === undefined) return bytes.subarray(0, at);
  for (let minute = 0; minute < MINUTES; minute++) {
    if (counts[minute] === 0) continue;
    bytes.writeUInt32LE(fingerprints[minute * 2] as number, at);
    bytes.writeUInt32LE(fingerprints[minute * 2 + 1] as number, at + 4);
    at += HASH_BYTES;
  }
  return bytes.subarray(0, at);
}

/** Throws when the bytes are not what encodeHour makes. */
export function decodeHour(bytes: Uint8Array): Hour {
  const [form] = bytes;
  if (form !== COUNTS_ONLY && form !== WITH_FINGERPRINTS)
    throw new Error(`counts of the unknown form ${form}`);
  const counts: number[] = [];
  let value = 0;
  let unit = 1;
  let at = 1;
  for (; at < bytes.length && counts.length < MINUTES; at++) {
    const byte = bytes[at] as number;
    value += (byte & 0x7f) * unit;
    unit *= 0x80;
    if (byte >= 0x80) continue;
    counts.push(value);
    value = 0;
    unit = 1;
  }
  const withEvents = counts.filter((count) => count > 0).length;
  const restBytes = form === COUNTS_ONLY ? 0 : withEvents * HASH_BYTES;
  if (counts.length !== MINUTES || bytes.length - at !== restBytes)
    throw new Error(`counts of ${counts.length} minutes in ${bytes.length} bytes`);
  if (form === COUNTS_ONLY) return { counts, fingerprints: undefined };
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const fingerprints = new Uint32Array(MINUTES * 2);
  counts.forEach((count, minute) => {
    if (count === 0) return;
    fingerprints[minute * 2] = view.getUint32(at, true);
    fingerprints[minute * 2 + 1] = view.getUint32(at + 4, true);
    at += HASH_BYTES;
  });
  return { counts, fingerprints };
}

function together(first: Hour, second: Hour): Hour {
  const { fingerprints } = first;
  return {
    counts: first.counts.map((count, at) => count + (second.counts[at] ?? 0)),
    // Of a part of the events it would be of no use.
    fingerprints: fingerprints?.map((lane, at) => lane ^ (second.fingerprints?.[at] ?? 0)),
  };
}

function byHour(chunks: readonly SeenChunk[]): Map<number, Hour> {
  const hours = new Map<number, { counts: number[]; fingerprints: Uint32Array }>();
  for (const { bucketStartMillis, hashes } of chunks) {
    if (hashes.length === 0) continue;
    const hour = hourOf(bucketStartMillis);
    let found = hours.get(hour);
    if (found === undefined) {
      const counts = Array.from({ length: MINUTES }, () => 0);
      hours.set(hour, (found = { counts, fingerprints: new Uint32Array(MINUTES * 2) }));
    }
    const minute = Math.floor((bucketStartMillis - hour * HOUR_MILLIS) / MINUTE_MILLIS);
    found.counts[minute] = (found.counts[minute] ?? 0) + hashes.length / HASH_BYTES;
    addTo(found.fingerprints, minute, hashes);
  }
  return hours;
}

function addTo(fingerprints: Uint32Array, minute: number, hashes: Uint8Array): void {
  const view = new DataView(hashes.buffer, hashes.byteOffset, hashes.byteLength);
  let first = 0;
  let second = 0;
  for (let at = 0; at + HASH_BYTES <= hashes.length; at += HASH_BYTES) {
    first ^= view.getUint32(at, true);
    second ^= view.getUint32(at + 4, true);
  }
  // A typed array wraps what became negative.
  fingerprints[minute * 2] = (fingerprints[minute * 2] as number) ^ first;
  fingerprints[minute * 2 + 1] = (fingerprints[minute * 2 + 1] as number) ^ second;
}

/** As a little-endian number of the eight bytes: idHash of source-kit/seen-ids is the same. */
function laneValue(fingerprints: Uint32Array, minute: number): bigint {
  const [first = 0, second = 0] = fingerprints.subarray(minute * 2, minute * 2 + 2);
  return (BigInt(second) << 32n) | BigInt(first);
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
    withFingerprints: db.prepare(
      `SELECT hour, counts FROM minute_count
       WHERE checkpoint_id = ? AND hour < ? AND substr(counts, 1, 1) = x'02' ORDER BY hour LIMIT ?`,
    ),
    oldest: db.prepare('SELECT min(hour) FROM minute_count').pluck(),
    drop: db.prepare('DELETE FROM minute_count WHERE hour = ?'),
  };
}
