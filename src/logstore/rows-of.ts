import type { LogEngine, SqlQuery } from './engine.ts';

/** All rows of a search that has few. */
export async function rowsOf<Row>(
  engine: LogEngine,
  query: SqlQuery,
  key: string | undefined,
  signal: AbortSignal,
): Promise<readonly Row[]> {
  const all: Row[] = [];
  for await (const rows of engine.search<Row>(query, key, signal)) all.push(...rows);
  return all;
}
