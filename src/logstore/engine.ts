/** Values of `{name:Type}` placeholders; they never enter the SQL text. */
export type SqlParameters = Readonly<Record<string, string | number | readonly string[]>>;

/**
 * What runs the SQL of the log store: ClickHouse in a child process, later a ClickHouse server. Rejects with LogferryError
 * STORE_UNAVAILABLE when it does not start and STORE_FAILED otherwise.
 */
export interface LogEngine {
  /** Rows as objects; 64-bit integers come as numbers. */
  rows<Row>(sql: string, parameters: SqlParameters, signal: AbortSignal): Promise<readonly Row[]>;
  /** Statements without a result. */
  run(sql: string, parameters: SqlParameters, signal: AbortSignal): Promise<void>;
  /** `lines`: a JSON object a line, UTF-8. When it resolves they survive SIGKILL. */
  insert(table: string, lines: Buffer, signal: AbortSignal): Promise<void>;
  close(): Promise<void>;
}
