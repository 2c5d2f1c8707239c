import type Database from 'better-sqlite3';
import { END_STATES, type Run, type RunStore } from '../../contracts/run.ts';
import type { SqliteWork } from './sqlite-work.ts';

/** How many runs may begin before old ones are looked for. */
const FORGET_EVERY = 100;

type Filter = Parameters<RunStore['list']>[0];

/** Runs as JSON, with what they are looked for by in columns of their own. */
export class SqliteRuns implements RunStore {
  readonly #work: SqliteWork;
  readonly #sql: ReturnType<typeof prepareStatements>;
  readonly #kept: number;

  /** Ended runs before the newest `kept` are forgotten, so that a run every few seconds does not fill the disk. */
  constructor(work: SqliteWork, kept = 10_000) {
    this.#work = work;
    this.#kept = kept;
    this.#sql = prepareStatements(work.database);
  }

  async create(run: Run): Promise<void> {
    await this.#work.transaction(() => {
      const sequence = Number(this.#sql.add.run(columns(run)).lastInsertRowid);
      if (sequence % FORGET_EVERY === 0) this.#sql.forget.run(sequence - this.#kept, ...END_STATES);
    });
  }

  async update(id: string, change: Partial<Omit<Run, 'id'>>): Promise<Run | undefined> {
    return await this.#work.transaction(() => {
      const before = this.#read(id);
      if (before === undefined || END_STATES.includes(before.state)) return before;
      const after: Run = { ...before, ...change };
      this.#sql.put.run(columns(after));
      return after;
    });
  }

  async get(id: string): Promise<Run | undefined> {
    return await this.#work.do(() => this.#read(id));
  }

  async list(filter: Filter): Promise<readonly Run[]> {
    return await this.#work.do(() => {
      const { source = null, states, limit, beforeMillis = null } = filter;
      const wanted = states === undefined ? null : JSON.stringify(states);
      const rows = this.#sql.list.all({ source, states: wanted, beforeMillis, limit }) as string[];
      return rows.map((text) => this.#parse(text));
    });
  }

  #read(id: string): Run | undefined {
    const text = this.#sql.get.get(id) as string | undefined;
    return text === undefined ? undefined : this.#parse(text);
  }

  #parse(text: string): Run {
    return this.#work.decode('a run', () => JSON.parse(text) as Run);
  }
}

function columns(run: Run) {
  const { id, source, state, createdAtMillis } = run;
  return { id, source, state, createdAtMillis, run: JSON.stringify(run) };
}

function prepareStatements(db: Database.Database) {
  return {
    add: db.prepare(
      `INSERT INTO run (id, source, state, created_at_millis, run)
       VALUES (@id, @source, @state, @createdAtMillis, @run)`,
    ),
    put: db.prepare(
      `UPDATE run SET source = @source, state = @state, created_at_millis = @createdAtMillis, run = @run
       WHERE id = @id`,
    ),
    get: db.prepare('SELECT run FROM run WHERE id = ?').pluck(),
    list: db
      .prepare(
        `SELECT run FROM run
         WHERE (@source IS NULL OR source = @source)
           AND (@states IS NULL OR state IN (SELECT value FROM json_each(@states)))
           AND (@beforeMillis IS NULL OR created_at_millis < @beforeMillis)
         ORDER BY created_at_millis DESC, sequence DESC LIMIT @limit`,
      )
      .pluck(),
    forget: db.prepare(
      `DELETE FROM run WHERE sequence <= ? AND state IN (${END_STATES.map(() => '?').join(', ')})`,
    ),
  };
}
