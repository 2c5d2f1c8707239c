/**
 * The state store on SQLite. Statements are prepared by hand, not built by kysely: better-sqlite3 is synchronous, and
 * what stands in the path of every batch must neither build a query nor give up its turn inside a transaction (kysely's
 * transactions are asynchronous: another commit could slip in between). What is large (packing records) is done off the
 * event loop before the transaction begins.
 */
import type Database from 'better-sqlite3';
import type { TimeRange } from '../../contracts/checkpoint.ts';
import type { RunStore } from '../../contracts/run.ts';
import type { Spool } from '../../contracts/spool.ts';
import type {
  Commit,
  CommitOutcome,
  HourCounts,
  Lease,
  StateStore,
  StoredCheckpoint,
} from '../../contracts/state-store.ts';
import type { Clock } from '../../foundation/clock.ts';
import { encodeRecords } from '../../record/batch-codec.ts';
import { MinuteCounts, readHour } from './minute-counts.ts';
import { SeenChunks } from './seen-chunks.ts';
import type { PackedBatch } from './spool/spool-entries.ts';
import { type Appended, SqliteSpool, type SqliteSpoolSettings } from './spool/sqlite-spool.ts';
import { SqliteLeases } from './sqlite-leases.ts';
import { SqliteRuns } from './sqlite-runs.ts';
import { SqliteWork } from './sqlite-work.ts';

interface CheckpointRow {
  readonly id: number;
  readonly key: string;
  readonly revision: number;
  readonly checkpoint: string;
  readonly transform_states: string;
}

type Refusal = Exclude<CommitOutcome, { kind: 'committed' }>;
type CommitResult =
  | Refusal
  | { readonly kind: 'committed'; readonly revision: number; readonly appended: Appended };

export class SqliteState implements StateStore {
  readonly runs: RunStore;
  readonly #spool: SqliteSpool;
  readonly #work: SqliteWork;
  readonly #seen: SeenChunks;
  readonly #counts: MinuteCounts;
  readonly #leases: SqliteLeases;
  readonly #clock: Clock;
  readonly #onClosed: () => void;
  readonly #sql: ReturnType<typeof prepareStatements>;

  /** Owns the database from here on; `onClosed` is called once it is closed. */
  constructor(database: Database.Database, spool: SqliteSpoolSettings, onClosed: () => void) {
    this.#work = new SqliteWork(database);
    this.#clock = spool.clock;
    this.#onClosed = onClosed;
    this.#sql = prepareStatements(database);
    this.#seen = new SeenChunks(database);
    this.#counts = new MinuteCounts(database);
    this.#leases = new SqliteLeases(database);
    this.#spool = new SqliteSpool(this.#work, spool);
    this.runs = new SqliteRuns(this.#work);
  }

  get spool(): Spool {
    return this.#spool;
  }

  async load(key: string): Promise<StoredCheckpoint | undefined> {
    return await this.#work.snapshot(() => {
      const row = this.#row(key);
      return row && { ...this.#stored(row), seen: this.#seen.load(row.id) };
    });
  }

  async list(keyPrefix: string): Promise<readonly Omit<StoredCheckpoint, 'seen'>[]> {
    return await this.#work.do(() => {
      const rows = this.#sql.checkpoints.all(keyPrefix, `${keyPrefix}\u{10ffff}`) as CheckpointRow[];
      return rows.map((row) => this.#stored(row));
    });
  }

  async commit(commit: Commit): Promise<CommitOutcome> {
    const batches = commit.batches.filter(({ batch }) => batch.records.length > 0);
    // A spool that has no room for anything is found so before the work of packing, which is done again at each try.
    const full = batches.length === 0 ? undefined : await this.#work.do(() => this.#refuseEarly(commit));
    if (full !== undefined) return full;
    const packed: PackedBatch[] = [];
    // One after the other: making the text of a batch holds up the event loop for milliseconds.
    for (const batch of batches) packed.push(await pack(batch));
    const result = await this.#work.transaction(() => this.#commit(commit, packed));
    if (result.kind !== 'committed') return result;
    this.#spool.committed(result.appended);
    return { kind: 'committed', revision: result.revision };
  }

  async counts(key: string, range: TimeRange): Promise<readonly HourCounts[]> {
    return await this.#work.do(() => {
      const rows = this.#counts.rows(key, range);
      return this.#work.decode(`how many events ${key} had`, () => rows.map(readHour));
    });
  }

  async forget(key: string): Promise<void> {
    await this.#work.transaction(() => this.#sql.forget.run(key));
  }

  async acquireLease(name: string, owner: string, ttlMillis: number): Promise<Lease | undefined> {
    return await this.#work.transaction(() =>
      this.#leases.acquire(name, owner, ttlMillis, this.#clock.now()),
    );
  }

  async releaseLease(lease: Lease): Promise<void> {
    await this.#work.transaction(() => this.#leases.release(lease));
  }

  async close(): Promise<void> {
    await this.#spool.close();
    this.#onClosed();
  }

  #refuseEarly(commit: Commit): Refusal | undefined {
    return this.#conflict(commit) ?? this.#spool.refuse(1);
  }

  #commit(commit: Commit, packed: readonly PackedBatch[]): CommitResult {
    const result = this.#conflict(commit) ?? this.#spool.append(packed);
    if (result.kind !== 'appended') return result;
    const { key, seenAdded, seenAdopted = [], seenSealedBeforeMillis } = commit;
    const checkpoint = JSON.stringify(commit.checkpoint);
    const states = JSON.stringify(commit.transformStates);
    const { id, revision } = this.#sql.put.get(key, checkpoint, states) as CheckpointRow;
    this.#seen.add(id, seenAdded);
    this.#seen.add(id, seenAdopted);
    if (seenAdded.length > 0) this.#counts.add(id, seenAdded, seenSealedBeforeMillis, this.#clock.now());
    if (seenSealedBeforeMillis !== undefined) this.#seen.sealBefore(id, seenSealedBeforeMillis);
    return { kind: 'committed', revision, appended: result };
  }

  #conflict({ key, expectedRevision, fencingToken }: Commit): Refusal | undefined {
    const revision = this.#row(key)?.revision ?? 0;
    const isOutdated = fencingToken !== undefined && this.#leases.isOutdated(key, fencingToken);
    return revision === expectedRevision && !isOutdated ? undefined : { kind: 'conflict', revision };
  }

  #row(key: string): CheckpointRow | undefined {
    return this.#sql.checkpoint.get(key) as CheckpointRow | undefined;
  }

  #stored({ key, revision, checkpoint, transform_states }: CheckpointRow): Omit<StoredCheckpoint, 'seen'> {
    return this.#work.decode(`the checkpoint of ${key}`, () => ({
      key,
      revision,
      checkpoint: JSON.parse(checkpoint) as StoredCheckpoint['checkpoint'],
      transformStates: JSON.parse(transform_states) as StoredCheckpoint['transformStates'],
    }));
  }
}

async function pack({ topic, batch }: Commit['batches'][number]): Promise<PackedBatch> {
  const payload = await encodeRecords(batch.records);
  return { topic, batch, payload };
}

function prepareStatements(db: Database.Database) {
  return {
    checkpoint: db.prepare('SELECT * FROM checkpoint WHERE key = ?'),
    checkpoints: db.prepare('SELECT * FROM checkpoint WHERE key >= ? AND key < ? ORDER BY key'),
    put: db.prepare(
      `INSERT INTO checkpoint (key, revision, checkpoint, transform_states) VALUES (?, 1, ?, ?)
       ON CONFLICT (key) DO UPDATE SET revision = revision + 1, checkpoint = excluded.checkpoint,
         transform_states = excluded.transform_states
       RETURNING id, revision`,
    ),
    forget: db.prepare('DELETE FROM checkpoint WHERE key = ?'),
  };
}
