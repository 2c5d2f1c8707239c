import type Database from 'better-sqlite3';
import { LogferryError } from '../../foundation/logferry-error.ts';
import { damaged, toLogferryError } from './sqlite-error.ts';

/**
 * Runs work on the database, and makes of what SQLite throws an error for a person. Every method is asynchronous only
 * in form (better-sqlite3 is not): so that a store on a database server keeps to the same contract.
 */
export class SqliteWork {
  readonly database: Database.Database;
  readonly #file: string;

  constructor(database: Database.Database) {
    this.database = database;
    this.#file = database.name;
  }

  /** One statement, or several that need not agree with each other. */
  async do<T>(work: () => T): Promise<T> {
    await Promise.resolve();
    if (!this.database.open) throw new LogferryError('STATE_FAILED', 'The state store was closed.');
    try {
      return work();
    } catch (thrown) {
      throw toLogferryError(thrown, this.#file);
    }
  }

  /** Reads that must agree with each other although another process writes in between. */
  async snapshot<T>(work: () => T): Promise<T> {
    return await this.do(() => this.database.transaction(work).deferred());
  }

  /** All or nothing; takes the write lock at once, so that it cannot fail for it half-way. */
  async transaction<T>(work: () => T): Promise<T> {
    return await this.do(() => this.database.transaction(work).immediate());
  }

  /** What this program wrote must be readable; what is not is damage. `what` names it for a person. */
  decode<T>(what: string, read: () => T): T {
    try {
      return read();
    } catch (thrown) {
      throw damaged(this.#file, `${what} cannot be read`, thrown);
    }
  }

  close(): void {
    if (this.database.open) this.database.close();
  }
}
