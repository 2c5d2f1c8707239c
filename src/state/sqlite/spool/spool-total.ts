import type Database from 'better-sqlite3';

export interface TotalRow {
  readonly newest_offset: number;
  /** Entries and dead letters. */
  readonly used_bytes: number;
  readonly dead_bytes: number;
}

/** The one row that says how full the spool is, kept up in the transactions that change it. */
export class SpoolTotal {
  readonly maxBytes: number;
  readonly #read: Database.Statement;
  readonly #advance: Database.Statement;
  readonly #add: Database.Statement;

  constructor(db: Database.Database, maxBytes: number) {
    this.maxBytes = maxBytes;
    this.#read = db.prepare('SELECT newest_offset, used_bytes, dead_bytes FROM spool_total');
    this.#advance = db.prepare('UPDATE spool_total SET newest_offset = ?, used_bytes = used_bytes + ?');
    this.#add = db.prepare('UPDATE spool_total SET used_bytes = used_bytes + ?, dead_bytes = dead_bytes + ?');
  }

  read(): TotalRow {
    return this.#read.get() as TotalRow;
  }

  /**
   * What is larger than the whole bound must get through all the same when no entry is there. Dead letters alone do
   * not prevent that until they have filled the bound: then somebody has to look at them, and reading waits.
   */
  hasRoomFor(bytes: number): boolean {
    const { used_bytes, dead_bytes } = this.read();
    if (used_bytes + bytes <= this.maxBytes || used_bytes === 0) return true;
    return used_bytes === dead_bytes && dead_bytes < this.maxBytes;
  }

  advance(newestOffset: number, addedBytes: number): void {
    this.#advance.run(newestOffset, addedBytes);
  }

  addEntryBytes(bytes: number): void {
    if (bytes !== 0) this.#add.run(bytes, 0);
  }

  addDeadBytes(bytes: number): void {
    if (bytes !== 0) this.#add.run(bytes, bytes);
  }
}
