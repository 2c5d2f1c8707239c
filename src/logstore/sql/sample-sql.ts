import type { SqlQuery } from '../engine.ts';
import { LOGS_TABLE } from '../schema.ts';
import { BoundValues } from './bound-values.ts';
import { filterSql, type PlannedFilter } from './filter-sql.ts';

export interface SampleRow {
  readonly origin: string;
  readonly fields: Readonly<Record<string, string>>;
  /** The message, if it may be a JSON object; else empty. */
  readonly json: string;
}

const NEWEST = 100_000;
const OF_EACH_ORIGIN = 20;
const MAX_RECORDS = 1000;
const MAX_JSON_BYTES = 16 * 1024;

/** A few of the newest records of each stream: what fields there are. */
export function sampleSql(filter: PlannedFilter): SqlQuery {
  const values = new BoundValues();
  const where = filterSql(filter, values);
  const json = `if(startsWith(message, '{') AND length(message) <= ${MAX_JSON_BYTES}, message, '')`;
  return {
    sql: `SELECT origin, fields, ${json} AS json
      FROM (SELECT origin, fields, message FROM ${LOGS_TABLE} WHERE ${where}
        ORDER BY time DESC, id DESC LIMIT ${NEWEST})
      LIMIT ${OF_EACH_ORIGIN} BY origin LIMIT ${MAX_RECORDS}`,
    parameters: values.parameters,
  };
}
