/** Values of `{name:Type}` placeholders; they never enter the SQL text. */
export type SqlParameters = Readonly<Record<string, string | number | readonly string[] | readonly number[]>>;

export interface SqlQuery {
  readonly sql: string;
  readonly parameters: SqlParameters;
}

/**
 * What runs the SQL of the log store: ClickHouse in a child process, later a ClickHouse server. Rejects with LogferryError
 * STORE_UNAVAILABLE when it does not start and STORE_FAILED otherwise.
 *
 * `rows`, `run` and `insert` are the store's own work; they go one after the other and never wait for a search.
 */
export interface LogEngine {
  /** Rows as objects; 64-bit integers come as numbers. */
  rows<Row>(query: SqlQuery, signal: AbortSignal): Promise<readonly Row[]>;
  /** Statements without a result. */
  run(sql: string, signal: AbortSignal): Promise<void>;
  /** `lines`: a JSON object a line, UTF-8. When it resolves they survive SIGKILL. */
  insert(table: string, lines: Buffer, signal: AbortSignal): Promise<void>;
  /**
   * What a person asks: read-only, a few at once, bounded in time and memory (QUERY_TOO_COSTLY; STORE_BUSY when too
   * many wait). Rows come as they are taken; ending early or aborting ends the work in the engine. Searches of the
   * same `key` go one after the other: what the first one found out makes the next ones fast.
   */
  search<Row>(query: SqlQuery, key: string | undefined, signal: AbortSignal): AsyncIterable<readonly Row[]>;
  close(): Promise<void>;
}
