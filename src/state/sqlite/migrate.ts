import { existsSync } from 'node:fs';
import type { Database } from 'better-sqlite3';
import { LogferryError } from '../../foundation/logferry-error.ts';
import { damaged } from './sqlite-error.ts';

/** Brings the file from version `version - 1` to `version`. Plain SQL, run in one transaction. */
export interface Migration {
  readonly version: number;
  readonly sql: string;
}

/** "LFRY": tells a state file from any other SQLite file. */
const APPLICATION_ID = 0x4c465259;

/**
 * Version of the file, 0 when it is new. Throws STATE_CORRUPT for a file that is not Logferry's and STATE_NEWER for
 * one that this program is too old for.
 */
export function readVersion(database: Database, newestVersion: number): number {
  const applicationId = database.pragma('application_id', { simple: true });
  const version = database.pragma('user_version', { simple: true }) as number;
  const tables = database.prepare('SELECT count(*) FROM sqlite_schema').pluck().get() as number;
  if (applicationId === 0 && version === 0 && tables === 0) return 0;
  if (applicationId !== APPLICATION_ID) throw damaged(database.name, 'it is no state file of Logferry');
  if (version > newestVersion) {
    throw new LogferryError(
      'STATE_NEWER',
      `The state file ${database.name} has version ${version}; this Logferry knows versions up to ${newestVersion}.`,
      {
        hint: `Use the newer Logferry again, or restore the copy that it kept beside the file (${database.name}.v*).`,
      },
    );
  }
  return version;
}

/**
 * Runs what is missing, each migration in one transaction with the new version, so that a process that dies between
 * two of them goes on where it stopped. A copy of a file that existed is kept as `<file>.v<old version>` before; one
 * that is there already is of an earlier try and older than any harm, so it stays.
 */
export function migrate(database: Database, migrations: readonly Migration[]): void {
  const newest = migrations.at(-1)?.version ?? 0;
  const from = readVersion(database, newest);
  if (from === newest) return;
  if (from > 0) keepCopy(database, `${database.name}.v${from}`);
  for (const { version, sql } of migrations) {
    if (version <= from) continue;
    database.transaction(() => {
      database.exec(sql);
      database.pragma(`application_id = ${APPLICATION_ID}`);
      database.pragma(`user_version = ${version}`);
    })();
  }
}

/** By SQLite itself: closing a second descriptor of the file would drop this process's locks on it (POSIX). */
function keepCopy(database: Database, copy: string): void {
  if (!existsSync(copy)) database.prepare('VACUUM INTO ?').run(copy);
}
