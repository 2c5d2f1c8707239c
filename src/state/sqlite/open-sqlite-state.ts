import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { StateStore } from '../../contracts/state-store.ts';
import type { Clock } from '../../foundation/clock.ts';
import { LogferryError } from '../../foundation/logferry-error.ts';
import type { Logger } from '../../foundation/logger.ts';
import { lockDataDir } from '../data-dir-lock.ts';
import { openForReading, openForWriting } from './open-database.ts';
import { toLogferryError } from './sqlite-error.ts';
import { SqliteState } from './sqlite-state.ts';

export const STATE_FILE = 'state.db';

export interface SqliteStateSettings {
  /** The data folder; made where it is missing. */
  readonly dir: string;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly maxSpoolBytes: number;
  /** Only looks, beside a process that works on the folder: takes no lock, makes nothing, and must not write or wait. */
  readonly readOnly?: boolean;
  /** As a person would type it (`logferry up`): told to who finds the folder locked. No secrets. */
  readonly owner: string;
}

/**
 * Takes the data folder and opens its state; `close` gives both back. Throws DATA_DIR_LOCKED (naming the process),
 * DATA_DIR_UNUSABLE, STATE_NEWER, STATE_CORRUPT or STATE_FAILED, and then holds nothing.
 */
export async function openSqliteState(settings: SqliteStateSettings): Promise<StateStore> {
  const { dir, clock, owner, readOnly = false } = settings;
  const file = join(dir, STATE_FILE);
  if (readOnly) return openBeside(settings, file);
  const lock = await lockDataDir(dir, { pid: process.pid, sinceMillis: clock.now(), command: owner });
  try {
    return withDatabase(settings, openForWriting(file), () => lock.release());
  } catch (thrown) {
    lock.release();
    throw thrown;
  }
}

function openBeside(settings: SqliteStateSettings, file: string): StateStore {
  if (!existsSync(file)) {
    throw new LogferryError(
      'DATA_DIR_UNUSABLE',
      `There is no state in the data folder ${settings.dir} yet.`,
      {
        hint: 'Is data_dir the right one? The file comes with the first `logferry up` or `logferry run`.',
      },
    );
  }
  return withDatabase(settings, openForReading(file), () => {});
}

function withDatabase(
  { clock, logger, maxSpoolBytes }: SqliteStateSettings,
  database: ReturnType<typeof openForWriting>,
  onClosed: () => void,
): StateStore {
  try {
    return new SqliteState(database, { clock, logger, maxBytes: maxSpoolBytes }, onClosed);
  } catch (thrown) {
    database.close();
    throw toLogferryError(thrown, database.name);
  }
}
