import type { LogQuery } from '../../contracts/log-query.ts';
import type { LogFilter } from '../../contracts/log-search.ts';
import { storedTime } from '../log-row.ts';
import type { BoundValues } from './bound-values.ts';
import { type OnlyTags, termSql } from './term-sql.ts';

/** A filter, and what is known of its fields. */
export interface PlannedFilter extends LogFilter {
  readonly onlyTags?: OnlyTags;
}

const NONE: OnlyTags = new Set();

/** The condition that a record fulfils a filter. Values enter it as placeholders only. */
export function filterSql(
  { query, fromMillis, toMillis, onlyTags = NONE }: PlannedFilter,
  values: BoundValues,
): string {
  const range = `time >= ${values.time(storedTime(fromMillis))} AND time <= ${values.time(storedTime(toMillis))}`;
  return query.kind === 'all' ? range : `${range} AND ${querySql(query, values, onlyTags)}`;
}

function querySql(query: LogQuery, values: BoundValues, onlyTags: OnlyTags): string {
  switch (query.kind) {
    case 'all':
      return '1';
    case 'and':
      return `(${query.nodes.map((node) => querySql(node, values, onlyTags)).join(' AND ')})`;
    case 'or':
      return `(${query.nodes.map((node) => querySql(node, values, onlyTags)).join(' OR ')})`;
    case 'not':
      return `(NOT ${querySql(query.node, values, onlyTags)})`;
    case 'term':
      return `(${termSql(query, values, onlyTags)})`;
  }
}
