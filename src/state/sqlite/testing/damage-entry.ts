import { closeSync, openSync, readFileSync, writeSync } from 'node:fs';
import Database from 'better-sqlite3';

const CHANGED_BYTES = 16;

/** Changes bytes in the middle of what is stored of a spool entry, in the file itself. No store is open on it. */
export function damageEntry(file: string, offset: number): void {
  const database = new Database(file);
  database.pragma('wal_checkpoint(TRUNCATE)');
  const payload = database.prepare('SELECT payload FROM spool_entry WHERE offset = ?').pluck().get(offset);
  database.close();
  if (!(payload instanceof Buffer)) throw new Error(`There is no entry ${offset}.`);
  const begin = Math.trunc(payload.length / 2);
  const changed = payload.subarray(begin, begin + CHANGED_BYTES);
  const position = readFileSync(file).indexOf(changed);
  if (position === -1) throw new Error(`The middle of entry ${offset} lies on two pages.`);
  overwrite(
    file,
    position,
    changed.map((byte) => byte ^ 0x5a),
  );
}

export function overwrite(file: string, position: number, bytes: Uint8Array): void {
  const descriptor = openSync(file, 'r+');
  writeSync(descriptor, bytes, 0, bytes.length, position);
  closeSync(descriptor);
}
