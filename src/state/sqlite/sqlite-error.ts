import Database from 'better-sqlite3';
import { LogferryError } from '../../foundation/logferry-error.ts';

/** What SQLite threw, as an error for a person; anything else passes through unchanged. `file` is named in the text. */
export function toLogferryError(thrown: unknown, file: string): unknown {
  if (!(thrown instanceof Database.SqliteError)) return thrown;
  const { code } = thrown;
  if (isDamage(thrown) || code === 'SQLITE_NOTADB') return damaged(file, thrown.message, thrown);
  if (code === 'SQLITE_FULL') {
    return new LogferryError('DATA_DIR_UNUSABLE', `The disk of ${file} is full.`, {
      hint: 'Make room on the disk, or set a smaller bound for the spool. Nothing was lost; work goes on by itself.',
      cause: thrown,
    });
  }
  if (code.startsWith('SQLITE_IOERR')) {
    return new LogferryError('DATA_DIR_UNUSABLE', `${file} could not be read or written (${code}).`, {
      hint: 'Look at the disk and the mount of the data folder; it must be a local file system.',
      cause: thrown,
    });
  }
  if (/^SQLITE_(CANTOPEN|READONLY|PERM|AUTH)/.test(code)) {
    return new LogferryError('DATA_DIR_UNUSABLE', `${file} cannot be opened or written (${code}).`, {
      hint: 'Look at the owner and the permissions of the data folder and its files.',
      cause: thrown,
    });
  }
  return new LogferryError('STATE_FAILED', `The state file ${file} answered with an error (${code}).`, {
    hint: /^SQLITE_(BUSY|LOCKED)/.test(code)
      ? 'Another program has the file open for writing (a backup, a database shell); end it.'
      : 'Nothing was changed. If it comes again, please report it with the log.',
    cause: thrown,
  });
}

/** Pages of the file are not what they must be. */
export function isDamage(thrown: unknown): boolean {
  return thrown instanceof Database.SqliteError && thrown.code.startsWith('SQLITE_CORRUPT');
}

export function damaged(file: string, what: string, cause?: unknown): LogferryError {
  return new LogferryError('STATE_CORRUPT', `The state file ${file} is damaged: ${what}.`, {
    hint:
      'Move the file (and its -wal and -shm) away for examination and start again: ' +
      'sources then begin at start_from, and records already delivered may be delivered once more.',
    cause,
  });
}
