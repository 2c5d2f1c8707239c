import type { LogCursor, RecordKey, SearchOrder } from '../../contracts/log-search.ts';
import type { SqlQuery } from '../engine.ts';
import { logRowColumns, storedTime } from '../log-row.ts';
import { LOGS_TABLE } from '../schema.ts';
import { BoundValues } from './bound-values.ts';
import { filterSql, type PlannedFilter } from './filter-sql.ts';

export interface PageSqlRequest {
  /** SQL of a condition; its values are bound in `values`. */
  readonly where: string;
  readonly values: BoundValues;
  readonly order: SearchOrder;
  readonly limit: number;
  readonly after?: LogCursor | undefined;
  readonly maxMessageLength?: number | undefined;
}

/** Rows in an order that is the same every time, from behind a cursor. */
export function pageSql({ where, values, order, limit, after, maxMessageLength }: PageSqlRequest): SqlQuery {
  const direction = order === 'newest' ? 'DESC' : 'ASC';
  const behind = after === undefined ? '' : ` AND ${behindSql(after, order, values)}`;
  const columns = logRowColumns(
    maxMessageLength === undefined ? undefined : values.integer(maxMessageLength),
  );
  // The order of the table, so that the engine stops reading as soon as it has enough.
  const sort = ['time', 'id', 'source', 'stored'].map((column) => `${column} ${direction}`);
  return {
    sql: `SELECT ${columns} FROM ${LOGS_TABLE} WHERE ${where}${behind}
      ORDER BY ${sort.join(', ')} LIMIT ${values.integer(limit)} OFFSET ${values.integer(after?.skip ?? 0)}`,
    parameters: values.parameters,
  };
}

export function countSql(filter: PlannedFilter): SqlQuery {
  const values = new BoundValues();
  return {
    sql: `SELECT count() AS records FROM ${LOGS_TABLE} WHERE ${filterSql(filter, values)}`,
    parameters: values.parameters,
  };
}

/** The condition that a record is the one that a key names. */
export function keySql({ timestampMillis, id, source }: RecordKey, values: BoundValues): string {
  const ofSource = source === undefined ? '' : ` AND source = ${values.text(source)}`;
  return `time = ${values.time(storedTime(timestampMillis))} AND id = ${values.text(id)}${ofSource}`;
}

/** Which of these ids are there already, and of which data source; the range of time keeps the search to a few parts. */
export function knownIdsSql(ids: readonly string[], fromMillis: number, toMillis: number): SqlQuery {
  const values = new BoundValues();
  const range = filterSql({ query: { kind: 'all' }, fromMillis, toMillis }, values);
  return {
    sql: `SELECT DISTINCT source, id FROM ${LOGS_TABLE} WHERE ${range} AND id IN ${values.texts(ids)}`,
    parameters: values.parameters,
  };
}

/** The first condition lets the engine find the place; records of the cursor's own time and id are skipped by their number. */
function behindSql({ timestampMillis, id }: LogCursor, order: SearchOrder, values: BoundValues): string {
  const sign = order === 'newest' ? '<' : '>';
  const time = values.time(storedTime(timestampMillis));
  return `time ${sign}= ${time} AND (time ${sign} ${time} OR id ${sign}= ${values.text(id)})`;
}
