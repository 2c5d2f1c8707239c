/**
 * One process at a time works on a data folder.
 *
 * The lock is an exclusive SQLite transaction held open on `lock.db`, which is empty for ever: an advisory lock of the
 * operating system, gone with the process however it ends, so neither SIGKILL nor a pid that is used again can leave
 * it behind or fake it. `lock-owner.json` beside it says who holds it, for the message alone: it is believed only
 * while the lock is seen to be held.
 *
 * Nobody else may open lock.db with plain file calls: closing any descriptor of a file drops all POSIX locks that the
 * process has on it.
 */
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { LogferryError } from '../foundation/logferry-error.ts';

export interface LockOwner {
  readonly pid: number;
  readonly sinceMillis: number;
  /** As a person would type it: `logferry up`. No secrets. */
  readonly command: string;
}

export interface DataDirLock {
  readonly owner: LockOwner;
  /** Idempotent. */
  release(): void;
}

/** Long enough for somebody who only looks (readLockOwner) to be gone again. */
const WAIT_MILLIS = 300;

/**
 * Makes the folder where it is missing. Throws DATA_DIR_LOCKED, naming the owner, when another process (or this one)
 * holds it, and DATA_DIR_UNUSABLE when the folder cannot be written.
 */
// oxlint-disable-next-line require-await -- a lock on a database server is asynchronous
export async function lockDataDir(dir: string, owner: LockOwner): Promise<DataDirLock> {
  let database: Database.Database | undefined;
  try {
    mkdirSync(dir, { recursive: true, mode: 0o700 });
    database = new Database(lockFile(dir), { timeout: WAIT_MILLIS });
    database.exec('BEGIN EXCLUSIVE');
    writeOwner(dir, owner);
  } catch (thrown) {
    database?.close();
    throw isBusy(thrown) ? lockedBy(dir, readOwnerFile(dir), thrown) : unusable(dir, thrown);
  }
  return held(dir, owner, database);
}

/** Who works on the folder now; undefined when nobody does. */
// oxlint-disable-next-line require-await -- as above
export async function readLockOwner(dir: string): Promise<LockOwner | undefined> {
  let database: Database.Database | undefined;
  try {
    database = new Database(lockFile(dir), { readonly: true, fileMustExist: true, timeout: 0 });
    // A read takes a shared lock, which an exclusive one does not let through.
    database.prepare('SELECT count(*) FROM sqlite_schema').get();
    return undefined;
  } catch (thrown) {
    return isBusy(thrown)
      ? (readOwnerFile(dir) ?? { pid: 0, sinceMillis: 0, command: 'unknown' })
      : undefined;
  } finally {
    database?.close();
  }
}

function held(dir: string, owner: LockOwner, database: Database.Database): DataDirLock {
  return {
    owner,
    release: () => {
      if (!database.open) return;
      // While the lock is still held: afterwards it might be the next owner's.
      rmSync(ownerFile(dir), { force: true });
      database.close();
    },
  };
}

function lockedBy(dir: string, owner: LockOwner | undefined, cause: unknown): LogferryError {
  const who =
    owner === undefined
      ? 'another process'
      : `\`${owner.command}\` (process ${owner.pid}, since ${new Date(owner.sinceMillis).toISOString()})`;
  return new LogferryError('DATA_DIR_LOCKED', `The data folder ${dir} is in use by ${who}.`, {
    hint: 'Stop that process, or give this one a data folder of its own.',
    cause,
  });
}

function unusable(dir: string, cause: unknown): LogferryError {
  return new LogferryError('DATA_DIR_UNUSABLE', `The data folder ${dir} cannot be created or written.`, {
    hint: 'Look at its owner, its permissions and the space on its disk, or name another folder as data_dir.',
    cause,
  });
}

function isBusy(thrown: unknown): boolean {
  return thrown instanceof Database.SqliteError && thrown.code.startsWith('SQLITE_BUSY');
}

/** Renamed into place: whoever reads it sees a whole one. */
function writeOwner(dir: string, owner: LockOwner): void {
  const next = `${ownerFile(dir)}.new`;
  writeFileSync(next, `${JSON.stringify(owner)}\n`, { mode: 0o600 });
  renameSync(next, ownerFile(dir));
}

function readOwnerFile(dir: string): LockOwner | undefined {
  try {
    const { pid, sinceMillis, command } = JSON.parse(
      readFileSync(ownerFile(dir), 'utf8'),
    ) as Partial<LockOwner>;
    if (typeof pid !== 'number' || typeof sinceMillis !== 'number' || typeof command !== 'string')
      return undefined;
    return { pid, sinceMillis, command };
  } catch {
    return undefined;
  }
}

function lockFile(dir: string): string {
  return join(dir, 'lock.db');
}

function ownerFile(dir: string): string {
  return join(dir, 'lock-owner.json');
}
