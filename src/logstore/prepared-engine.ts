import { LogferryError } from '../foundation/logferry-error.ts';
import type { LogEngine, SqlQuery } from './engine.ts';
import { untilAborted } from './until-aborted.ts';

/** An engine whose calls wait until some work was done on it once; what fails is tried again with the next call. */
export class PreparedEngine implements LogEngine {
  readonly #engine: LogEngine;
  readonly #prepare: (signal: AbortSignal) => Promise<void>;
  readonly #closing = new AbortController();
  #prepared: Promise<void> | undefined;

  constructor(engine: LogEngine, prepare: (engine: LogEngine, signal: AbortSignal) => Promise<void>) {
    this.#engine = engine;
    this.#prepare = (signal) => prepare(engine, signal);
  }

  async rows<Row>(query: SqlQuery, signal: AbortSignal): Promise<readonly Row[]> {
    await this.#ready(signal);
    return await this.#engine.rows<Row>(query, signal);
  }

  async run(sql: string, signal: AbortSignal): Promise<void> {
    await this.#ready(signal);
    await this.#engine.run(sql, signal);
  }

  async insert(table: string, lines: Buffer, signal: AbortSignal): Promise<void> {
    await this.#ready(signal);
    await this.#engine.insert(table, lines, signal);
  }

  async *search<Row>(
    query: SqlQuery,
    key: string | undefined,
    signal: AbortSignal,
  ): AsyncGenerator<readonly Row[]> {
    await this.#ready(signal);
    yield* this.#engine.search<Row>(query, key, signal);
  }

  async close(): Promise<void> {
    this.#closing.abort(new LogferryError('STORE_FAILED', 'The log store was closed.'));
    await this.#engine.close();
  }

  /** Who gives up waiting does not end the work. */
  async #ready(signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    if (this.#prepared === undefined) {
      const preparing = this.#prepare(this.#closing.signal);
      this.#prepared = preparing;
      preparing.catch(() => {
        if (this.#prepared === preparing) this.#prepared = undefined;
      });
    }
    await untilAborted(this.#prepared, signal);
  }
}
