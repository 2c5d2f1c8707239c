import type { LogQuery } from '../../contracts/log-query.ts';
import type { LogFilter } from '../../contracts/log-search.ts';
import { storedTime } from '../log-row.ts';
import type { BoundValues } from './bound-values.ts';
import { termSql } from './term-sql.ts';

/** The condition that a record fulfils a filter. Values enter it as placeholders only. */
export function filterSql({ query, fromMillis, toMillis }: LogFilter, values: BoundValues): string {
  const range = `time >= ${values.time(storedTime(fromMillis))} AND time <= ${values.time(storedTime(toMillis))}`;
  return query.kind === 'all' ? range : `${range} AND ${querySql(query, values)}`;
}

function querySql(query: LogQuery, values: BoundValues): string {
  switch (query.kind) {
    case 'all':
      return '1';
    case 'and':
      return `(${query.nodes.map((node) => querySql(node, values)).join(' AND ')})`;
    case 'or':
      return `(${query.nodes.map((node) => querySql(node, values)).join(' OR ')})`;
    case 'not':
      return `(NOT ${querySql(query.node, values)})`;
    case 'term':
      return `(${termSql(query, values)})`;
  }
}
