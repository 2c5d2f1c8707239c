import { chmodSync } from 'node:fs';
import Database from 'better-sqlite3';
import { LogferryError } from '../../foundation/logferry-error.ts';
import { migrate, readVersion } from './migrate.ts';
import { MIGRATIONS } from './migrations/migrations.ts';
import { damaged, toLogferryError } from './sqlite-error.ts';

const NEWEST = MIGRATIONS.at(-1)?.version ?? 0;

/** The data folder's lock keeps other writers away; only a backup or a shell can be in the way, and not for long. */
const WRITER_WAIT_MILLIS = 2000;
const READER_WAIT_MILLIS = 5000;

/** A larger file is not read as a whole at each start: of its spool, each entry is checked when it is read. */
const WHOLE_CHECK_BYTES = 256 * 1024 * 1024;
const SMALL_TABLES = [
  'checkpoint',
  'seen_chunk',
  'minute_count',
  'topic',
  'consumer',
  'subscription',
  'spool_total',
  'lease',
  'run',
];

/**
 * Opens the state file for the one process that works on it, made where it is missing, checked, and brought to this
 * program's version. Throws STATE_NEWER, STATE_CORRUPT, STATE_FAILED or DATA_DIR_UNUSABLE.
 */
export function openForWriting(file: string): Database.Database {
  return opened(file, { timeout: WRITER_WAIT_MILLIS }, (database) => {
    // Before anything is changed: the file may be somebody else's.
    const version = readVersion(database, NEWEST);
    prepare(database);
    if (version > 0) check(database);
    migrate(database, MIGRATIONS);
    chmodSync(file, 0o600);
  });
}

/** Opens it beside the process that works on it. Throws as above, also when there is no file. */
export function openForReading(file: string): Database.Database {
  return opened(file, { timeout: READER_WAIT_MILLIS, readonly: true, fileMustExist: true }, (database) => {
    const version = readVersion(database, NEWEST);
    if (version === NEWEST) return;
    throw new LogferryError(
      'STATE_FAILED',
      `The state file ${file} has version ${version}; this Logferry reads version ${NEWEST}.`,
      {
        hint: 'Start `logferry up` or `logferry run` once with this version: it brings the file up to date.',
      },
    );
  });
}

function opened(
  file: string,
  options: Database.Options,
  ready: (database: Database.Database) => void,
): Database.Database {
  let database: Database.Database | undefined;
  try {
    database = new Database(file, options);
    ready(database);
    return database;
  } catch (thrown) {
    database?.close();
    throw toLogferryError(thrown, file);
  }
}

/**
 * Measured with entries of 2 MB: pages of 16 KiB and a checkpoint of the log every 4 MB hold the event loop up for 7 ms
 * (median; 99th percentile 15 ms), SQLite's own 4 KiB for 14 (36); deleting such an entry takes 0.7 ms, not 4.
 */
const PAGE_BYTES = 16_384;
const CHECKPOINT_PAGES = 256;

function prepare(database: Database.Database): void {
  // Only a file that is still empty takes these two; what is free goes back to the disk a few pages at a time.
  database.pragma(`page_size = ${PAGE_BYTES}`);
  database.pragma('auto_vacuum = INCREMENTAL');
  database.pragma('journal_mode = WAL');
  // A commit is on stable storage when it returns; NORMAL could lose the last ones when the power fails.
  database.pragma('synchronous = FULL');
  database.pragma(`wal_autocheckpoint = ${CHECKPOINT_PAGES}`);
  database.pragma('foreign_keys = ON');
  database.pragma('cache_size = -16000');
  database.pragma('journal_size_limit = 67108864');
}

function check(database: Database.Database): void {
  const pages = database.pragma('page_count', { simple: true }) as number;
  const pageBytes = database.pragma('page_size', { simple: true }) as number;
  const parts =
    pages * pageBytes <= WHOLE_CHECK_BYTES ? ['1'] : SMALL_TABLES.filter((name) => has(database, name));
  for (const part of parts) {
    const found = database.pragma(`quick_check(${part})`, { simple: true });
    if (found !== 'ok') throw damaged(database.name, String(found));
  }
}

/** A file of an older version has not got all of them yet. */
function has(database: Database.Database, table: string): boolean {
  return (
    database.prepare("SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = ?").get(table) !== undefined
  );
}
