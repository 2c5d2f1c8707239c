import type { LogCondition, LogQuery } from '../contracts/log-store.ts';
import type { SqlParameters } from './engine.ts';
import { LOG_ROW_COLUMNS } from './log-row.ts';
import { LOG_COLUMNS, LOGS_TABLE } from './schema.ts';

export interface SqlQuery {
  readonly sql: string;
  readonly parameters: SqlParameters;
}

export function selectSql(query: LogQuery): SqlQuery {
  const { where, parameters } = whereOf(query);
  const direction = query.order === 'newest' ? 'DESC' : 'ASC';
  return {
    sql: `SELECT ${LOG_ROW_COLUMNS} FROM ${LOGS_TABLE} WHERE ${where}
      ORDER BY logs.time ${direction}, id ${direction} LIMIT {limit:UInt32}`,
    parameters: { ...parameters, limit: query.limit },
  };
}

export function countSql(query: Omit<LogQuery, 'limit' | 'order'>): SqlQuery {
  const { where, parameters } = whereOf(query);
  return { sql: `SELECT count() AS records FROM ${LOGS_TABLE} WHERE ${where}`, parameters };
}

/** Which of these ids are there already; the range of time keeps the search to a few parts. */
export function knownIdsSql(ids: readonly string[], fromMillis: number, toMillis: number): SqlQuery {
  return {
    sql: `SELECT DISTINCT id FROM ${LOGS_TABLE} WHERE ${TIME_RANGE} AND id IN {ids:Array(String)}`,
    parameters: { from: fromMillis, to: toMillis, ids },
  };
}

const TIME_RANGE = `${LOGS_TABLE}.time >= fromUnixTimestamp64Milli({from:Int64}, 'UTC')
  AND ${LOGS_TABLE}.time <= fromUnixTimestamp64Milli({to:Int64}, 'UTC')`;

function whereOf(query: Omit<LogQuery, 'limit' | 'order'>): { where: string; parameters: SqlParameters } {
  const parameters: Record<string, string | number> = { from: query.fromMillis, to: query.toMillis };
  const terms = query.conditions.map((condition, index) => {
    const term = termOf(condition, index, parameters);
    return condition.negated === true ? `NOT (${term})` : term;
  });
  return { where: [TIME_RANGE, ...terms].join(' AND '), parameters };
}

function termOf(condition: LogCondition, index: number, parameters: Record<string, string | number>): string {
  if (condition.kind === 'contains') {
    parameters[`text${index}`] = condition.text;
    return `positionCaseInsensitiveUTF8(message, {text${index}:String}) > 0`;
  }
  parameters[`value${index}`] = condition.value;
  if (LOG_COLUMNS.has(condition.field)) return `${condition.field} = {value${index}:String}`;
  parameters[`key${index}`] = condition.field;
  parameters[`json${index}`] = JSON.stringify(condition.value);
  return `(tags[{key${index}:String}] = {value${index}:String}
    OR fields[{key${index}:String}] IN ({value${index}:String}, {json${index}:String}))`;
}
