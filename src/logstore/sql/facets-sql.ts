import type { FieldValuesRequest, LogFilter } from '../../contracts/log-search.ts';
import type { SqlQuery } from '../engine.ts';
import { isBuiltIn } from '../query/field-names.ts';
import { LOGS_TABLE } from '../schema.ts';
import { BoundValues } from './bound-values.ts';
import { fieldTextOrNull, tagText } from './field-sql.ts';
import { filterSql } from './filter-sql.ts';

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

/** Records are counted by what they have in common first: then it is little work to count by any tag. */
const GROUPED = ['source', 'level'];

/** Whether a field's values can be told from the tags alone, if all records have it as a tag. */
export function isGrouped(field: string): boolean {
  return GROUPED.includes(field) || !isBuiltIn(field);
}

/** Counts by tags, levels and sources; records that do not have a field as a tag count as having none. */
export function groupedFacetsSql(filter: LogFilter, fields: readonly string[], top: number): SqlQuery {
  const values = new BoundValues();
  const texts = fields.map((field) =>
    GROUPED.includes(field) ? `toString(${field})` : tagText(field, values),
  );
  const groups = `SELECT source, level, origin, count() AS n FROM ${LOGS_TABLE}
    WHERE ${filterSql(filter, values)} GROUP BY source, level, origin`;
  return countedSql(groups, texts, top, values);
}

/** Counts record by record, wherever the value stands. */
export function facetsSql(filter: LogFilter, fields: readonly string[], top: number): SqlQuery {
  const values = new BoundValues();
  const texts = fields.map((field) => `ifNull(${fieldTextOrNull(field, values)}, '')`);
  const rows = `SELECT *, 1 AS n FROM ${LOGS_TABLE} WHERE ${filterSql(filter, values)}`;
  return countedSql(rows, texts, top, values);
}

function countedSql(from: string, texts: readonly string[], top: number, values: BoundValues): SqlQuery {
  const pairs = texts.map((text, field) => `(${field}, ${text})`).join(', ');
  // The records without a value come first, so that the limit never cuts them off.
  return {
    sql: `SELECT field, value, records,
        countIf(value != '') OVER (PARTITION BY field) AS different, sum(records) OVER (PARTITION BY field) AS total
      FROM (SELECT pair.1 AS field, pair.2 AS value, sum(n) AS records FROM (${from})
        ARRAY JOIN [${pairs}] AS pair GROUP BY field, value)
      ORDER BY field, value != '', records DESC, value LIMIT ${values.integer(top + 1)} BY field`,
    parameters: values.parameters,
  };
}

const SAMPLED_RECORDS = 100_000;

/** Values of one field among the newest records. */
export function fieldValuesSql(request: FieldValuesRequest): SqlQuery {
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
