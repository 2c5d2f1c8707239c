import type { FieldValuesRequest } from '../../contracts/log-search.ts';
import type { SqlQuery } from '../engine.ts';
import { isBuiltIn } from '../query/field-names.ts';
import { LOGS_TABLE } from '../schema.ts';
import { BoundValues } from './bound-values.ts';
import { fieldTextOrNull, tagText } from './field-sql.ts';
import { filterSql, type PlannedFilter } from './filter-sql.ts';

/** A value of a field; the empty one stands for records without a value. */
export interface FacetRow {
  /** Index of the field in the request. */
  readonly field: number;
  readonly value: string;
  readonly records: number;
  /** Of the field: how many values there are, and records with and without one. */
  readonly different: number;
  readonly total: number;
}

/** Whether all values of a field can be told from the tags, if every record has it as a tag. */
export function isGrouped(field: string): boolean {
  return field === 'level' || field === 'source' || !isBuiltIn(field);
}

/**
 * Counts by level, by source and by origin in one pass, and from the origins by any tag: there are few of them. Records
 * that do not have a field as a tag count as having none.
 */
export function groupedFacetsSql(filter: PlannedFilter, fields: readonly string[], top: number): SqlQuery {
  const values = new BoundValues();
  const pairs = fields.map((field, index) => {
    if (field === 'level') return `(${index}, ${BY_LEVEL}, toString(level))`;
    if (field === 'source') return `(${index}, ${BY_SOURCE}, toString(source))`;
    return `(${index}, ${BY_ORIGIN}, ${tagText(field, values)})`;
  });
  const groups = `SELECT origin, level, source, grouping(origin, level, source) AS grouped, count() AS n
    FROM ${LOGS_TABLE} WHERE ${filterSql(filter, values)} GROUP BY GROUPING SETS ((origin), (level), (source))`;
  const counts = `SELECT pair.1 AS field, pair.3 AS value, sum(n) AS records FROM (${groups})
    ARRAY JOIN [${pairs.join(', ')}] AS pair WHERE pair.2 = grouped GROUP BY field, value`;
  return topSql(counts, top, values);
}

/** What grouping(origin, level, source) says: a bit for each that the group is not made by. */
const BY_ORIGIN = 3;
const BY_LEVEL = 5;
const BY_SOURCE = 6;

/** Counts record by record, wherever the value stands. */
export function facetsSql(filter: PlannedFilter, fields: readonly string[], top: number): SqlQuery {
  const values = new BoundValues();
  const pairs = fields.map((field, index) => `(${index}, ifNull(${fieldTextOrNull(field, values)}, ''))`);
  const counts = `SELECT pair.1 AS field, pair.2 AS value, count() AS records
    FROM (SELECT * FROM ${LOGS_TABLE} WHERE ${filterSql(filter, values)})
    ARRAY JOIN [${pairs.join(', ')}] AS pair GROUP BY field, value`;
  return topSql(counts, top, values);
}

/** The records without a value come first, so that the limit never cuts them off. */
function topSql(counts: string, top: number, values: BoundValues): SqlQuery {
  return {
    sql: `SELECT field, value, records,
        countIf(value != '') OVER (PARTITION BY field) AS different, sum(records) OVER (PARTITION BY field) AS total
      FROM (${counts}) ORDER BY field, value != '', records DESC, value LIMIT ${values.integer(top + 1)} BY field`,
    parameters: values.parameters,
  };
}

const SAMPLED_RECORDS = 100_000;

/** Values of one field among the newest records. */
export function fieldValuesSql(request: FieldValuesRequest & PlannedFilter): SqlQuery {
  const values = new BoundValues();
  const { field, containing, limit } = request;
  const text = `ifNull(${fieldTextOrNull(field, values)}, '')`;
  const where = filterSql(request, values);
  return {
    sql: `SELECT value, count() AS records FROM (
        SELECT ${text} AS value FROM ${LOGS_TABLE} WHERE ${where}
        ORDER BY time DESC, id DESC LIMIT ${SAMPLED_RECORDS})
      WHERE value != '' AND positionCaseInsensitiveUTF8(value, ${values.text(containing)}) > 0
      GROUP BY value ORDER BY records DESC, value LIMIT ${values.integer(limit)}`,
    parameters: values.parameters,
  };
}
