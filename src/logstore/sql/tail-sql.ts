import type { LogQuery } from '../../contracts/log-query.ts';
import type { SqlQuery } from '../engine.ts';
import { LOGS_TABLE } from '../schema.ts';
import type { Append, TailSubscription } from '../tail-feed.ts';
import { BoundValues } from './bound-values.ts';
import { filterSql } from './filter-sql.ts';

/** What was there when a subscription began. */
export function backlogSql(subscription: TailSubscription, values: BoundValues): string {
  const known = `stored <= ${values.time(subscription.knownUntilMillis)}`;
  if (subscription.underWay.length === 0) return known;
  return `(${known} AND NOT ${storedAt(subscription.underWay, values)})`;
}

/** What the appends brought that fulfils a query. */
export function appendedSql(query: LogQuery, appends: readonly Append[], values: BoundValues): string {
  const range = {
    fromMillis: Math.min(...appends.map(({ fromMillis }) => fromMillis)),
    toMillis: Math.max(...appends.map(({ toMillis }) => toMillis)),
  };
  const moments = appends.map(({ storedMillis }) => storedMillis);
  return `${filterSql({ query, ...range }, values)} AND ${storedAt(moments, values)}`;
}

export interface AppendedCounts {
  readonly records: number;
  readonly older: number;
}

export function appendedCountsSql(query: LogQuery, appends: readonly Append[], fromMillis: number): SqlQuery {
  const values = new BoundValues();
  const older = `countIf(time < ${values.time(fromMillis)})`;
  return {
    sql: `SELECT count() AS records, ${older} AS older FROM ${LOGS_TABLE} WHERE ${appendedSql(query, appends, values)}`,
    parameters: values.parameters,
  };
}

function storedAt(moments: readonly number[], values: BoundValues): string {
  return `toUnixTimestamp64Milli(stored) IN ${values.integers(moments)}`;
}
