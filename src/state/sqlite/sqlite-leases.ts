import type Database from 'better-sqlite3';
import type { Lease } from '../../contracts/state-store.ts';

interface LeaseRow {
  /** null: given back. */
  readonly owner: string | null;
  readonly fencing_token: number;
  readonly expires_at_millis: number;
}

/** A name's token grows with each change of hands and never goes back. Methods run inside a transaction of the caller. */
export class SqliteLeases {
  readonly #sql: ReturnType<typeof prepareStatements>;

  constructor(db: Database.Database) {
    this.#sql = prepareStatements(db);
  }

  acquire(name: string, owner: string, ttlMillis: number, nowMillis: number): Lease | undefined {
    const row = this.#row(name);
    const isHeld = row !== undefined && row.owner !== null && row.expires_at_millis > nowMillis;
    if (isHeld && row.owner !== owner) return undefined;
    // Whoever let it expire may have been away while another one worked: it gets a new token too.
    const fencingToken = isHeld ? row.fencing_token : (row?.fencing_token ?? 0) + 1;
    const expiresAtMillis = nowMillis + ttlMillis;
    this.#sql.put.run({ name, owner, fencingToken, expiresAtMillis });
    return { name, fencingToken, expiresAtMillis };
  }

  /** Does nothing when somebody else holds it by now. */
  release(lease: Lease): void {
    this.#sql.release.run(lease.name, lease.fencingToken);
  }

  /** A newer token was given out for the name. */
  isOutdated(name: string, fencingToken: number): boolean {
    return (this.#row(name)?.fencing_token ?? 0) > fencingToken;
  }

  #row(name: string): LeaseRow | undefined {
    return this.#sql.row.get(name) as LeaseRow | undefined;
  }
}

function prepareStatements(db: Database.Database) {
  return {
    row: db.prepare('SELECT owner, fencing_token, expires_at_millis FROM lease WHERE name = ?'),
    put: db.prepare(
      `INSERT INTO lease (name, owner, fencing_token, expires_at_millis)
       VALUES (@name, @owner, @fencingToken, @expiresAtMillis)
       ON CONFLICT (name) DO UPDATE SET owner = excluded.owner, fencing_token = excluded.fencing_token,
         expires_at_millis = excluded.expires_at_millis`,
    ),
    release: db.prepare('UPDATE lease SET owner = NULL WHERE name = ? AND fencing_token = ?'),
  };
}
