import type {
  ContextRequest,
  ContextScope,
  RecordContext,
  RecordKey,
  SearchOrder,
  StoredRecord,
} from '../contracts/log-search.ts';
import type { LogRecord } from '../record/log-record.ts';
import type { LogEngine } from './engine.ts';
import { readRows } from './log-pages.ts';
import { encodeTags } from './origin-text.ts';
import { BoundValues } from './sql/bound-values.ts';
import { tagText } from './sql/field-sql.ts';
import { keySql } from './sql/search-sql.ts';

export async function readRecord(
  engine: LogEngine,
  key: RecordKey,
  signal: AbortSignal,
): Promise<StoredRecord | undefined> {
  const values = new BoundValues();
  const request = { where: keySql(key, values), values, order: 'oldest' as const, limit: 1 };
  const { records } = await readRows(engine, undefined, request, signal);
  return records[0];
}

/** What stands before and after a record in its stream, or in all streams of its task. */
export async function readContext(
  engine: LogEngine,
  request: ContextRequest,
  signal: AbortSignal,
): Promise<RecordContext | undefined> {
  const record = await readRecord(engine, request, signal);
  if (record === undefined) return undefined;
  const scope = scopeOf(record.record, request.scope);
  const neighbours = async (order: SearchOrder, limit: number) => {
    const values = new BoundValues();
    const { timestampMillis, id } = record.record;
    return await readRows(
      engine,
      undefined,
      {
        where: scopeSql(record.record, scope, values),
        values,
        order,
        limit,
        // The record itself, which the store has once in its scope.
        after: { timestampMillis, id, skip: 1 },
        maxMessageLength: request.maxMessageLength,
      },
      signal,
    );
  };
  const [before, after] = await Promise.all([
    neighbours('newest', request.before),
    neighbours('oldest', request.after),
  ]);
  return {
    record,
    scope,
    before: before.records.toReversed(),
    after: after.records,
    hasMoreBefore: before.next !== undefined,
    hasMoreAfter: after.next !== undefined,
  };
}

/** A record that knows of no task has the neighbours of its stream. */
function scopeOf({ origin }: LogRecord, wanted: ContextScope): ContextScope {
  return wanted === 'task' && origin.tags['task_id'] === undefined ? 'stream' : wanted;
}

function scopeSql({ origin }: LogRecord, scope: ContextScope, values: BoundValues): string {
  const ofSource = `source = ${values.text(origin.source)}`;
  const keys = scope === 'task' ? ['task_id'] : ['log_group', 'log_stream'];
  if (keys.some((key) => origin.tags[key] === undefined))
    return `${ofSource} AND origin = ${values.text(encodeTags(origin.tags))}`;
  const same = keys.map((key) => `${tagText(key, values)} = ${values.text(origin.tags[key] ?? '')}`);
  return [ofSource, ...same].join(' AND ');
}
