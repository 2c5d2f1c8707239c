import type { TailBatch, TailRequest } from '../contracts/log-search.ts';
import type { Clock } from '../foundation/clock.ts';
import type { LogEngine } from './engine.ts';
import { readRows } from './log-pages.ts';
import { rowsOf } from './rows-of.ts';
import { BoundValues } from './sql/bound-values.ts';
import { filterSql } from './sql/filter-sql.ts';
import { type AppendedCounts, appendedCountsSql, appendedSql, backlogSql } from './sql/tail-sql.ts';
import type { Append, TailFeed, TailSubscription } from './tail-feed.ts';

/** Appends that come close together are looked at together. */
const GATHER_MILLIS = 200;
const FOREVER = Number.MAX_SAFE_INTEGER;

export async function* tailRecords(
  engine: LogEngine,
  feed: TailFeed,
  clock: Clock,
  request: TailRequest,
  signal: AbortSignal,
): AsyncGenerator<TailBatch> {
  const subscription = feed.subscribe(clock.now());
  try {
    const backlog = await readBacklog(engine, subscription, request, signal);
    if (backlog.records.length > 0) yield backlog;
    for (;;) {
      const { appends, forgotten } = await subscription.take(signal);
      const batch = await readAppended(engine, appends, request, signal);
      const leftOut = { ...batch.leftOut, tooMany: batch.leftOut.tooMany + forgotten };
      if (batch.records.length > 0 || leftOut.tooMany > 0 || leftOut.older > 0)
        yield { records: batch.records, leftOut };
      await clock.sleep(GATHER_MILLIS, signal);
    }
  } finally {
    subscription.close();
  }
}

async function readBacklog(
  engine: LogEngine,
  subscription: TailSubscription,
  { query, fromMillis, backlog, maxMessageLength }: TailRequest,
  signal: AbortSignal,
): Promise<TailBatch> {
  const leftOut = { tooMany: 0, older: 0 };
  if (backlog === 0) return { records: [], leftOut };
  const values = new BoundValues();
  const filter = filterSql({ query, fromMillis, toMillis: FOREVER }, values);
  const where = `${filter} AND ${backlogSql(subscription, values)}`;
  const request = { where, values, order: 'newest' as const, limit: backlog, maxMessageLength };
  const { records } = await readRows(engine, undefined, request, signal);
  return { records: records.toReversed(), leftOut };
}

async function readAppended(
  engine: LogEngine,
  appends: readonly Append[],
  { query, fromMillis, maxRecords, maxMessageLength }: TailRequest,
  signal: AbortSignal,
): Promise<TailBatch> {
  const values = new BoundValues();
  const where = `${appendedSql(query, appends, values)} AND time >= ${values.time(fromMillis)}`;
  const request = { where, values, order: 'newest' as const, limit: maxRecords, maxMessageLength };
  const { records, next } = await readRows(engine, undefined, request, signal);
  const isAllShown = next === undefined && appends.every((append) => append.fromMillis >= fromMillis);
  if (isAllShown) return { records: records.toReversed(), leftOut: { tooMany: 0, older: 0 } };
  const sql = appendedCountsSql(query, appends, fromMillis);
  const [counts] = await rowsOf<AppendedCounts>(engine, sql, undefined, signal);
  const { records: all = 0, older = 0 } = counts ?? {};
  return {
    records: records.toReversed(),
    leftOut: { tooMany: Math.max(0, all - older - records.length), older },
  };
}
