import type {
  LogCursor,
  LogFilter,
  LogPage,
  LogSearch,
  SearchOrder,
  StoredRecord,
} from '../contracts/log-search.ts';
import type { LogEngine } from './engine.ts';
import { type LogRow, rowDecoder } from './log-row.ts';
import { BoundValues } from './sql/bound-values.ts';
import { filterSql, type PlannedFilter } from './sql/filter-sql.ts';
import { type PageSqlRequest, pageSql } from './sql/search-sql.ts';

const EXPORTED_AT_ONCE = 20_000;
/** A page of large messages ends before it has all its records. */
const MAX_PAGE_LENGTH = 32 * 1024 ** 2;

/** Searches of the same records share a key, so that the engine does their common work once. */
export function searchKey({ fromMillis, toMillis, query }: LogFilter): string {
  return JSON.stringify([fromMillis, toMillis, query]);
}

export async function readPage(
  engine: LogEngine,
  search: LogSearch & PlannedFilter,
  signal: AbortSignal,
): Promise<LogPage> {
  const values = new BoundValues();
  const where = filterSql(search, values);
  return await readRows(engine, searchKey(search), { ...search, where, values }, signal);
}

/** One more is asked for than is wanted, to know whether there are more. */
export async function readRows(
  engine: LogEngine,
  key: string | undefined,
  request: PageSqlRequest,
  signal: AbortSignal,
): Promise<LogPage> {
  const decode = rowDecoder();
  const records: StoredRecord[] = [];
  let length = 0;
  const sql = pageSql({ ...request, limit: request.limit + 1 });
  for await (const rows of engine.search<LogRow>(sql, key, signal)) {
    for (const row of rows) {
      if (records.length === request.limit || (length > MAX_PAGE_LENGTH && records.length > 0))
        return { records, next: cursorBehind(records, request.after) };
      records.push(decode(row));
      length += row.text.length;
    }
  }
  return { records };
}

/** Page after page; each is read when the one before it was taken. */
export async function* readAll(
  engine: LogEngine,
  filter: PlannedFilter,
  order: SearchOrder,
  signal: AbortSignal,
): AsyncGenerator<readonly StoredRecord[]> {
  let after: LogCursor | undefined;
  do {
    const search = { ...filter, order, limit: EXPORTED_AT_ONCE, ...(after !== undefined && { after }) };
    const page: LogPage = await readPage(engine, search, signal);
    if (page.records.length > 0) yield page.records;
    after = page.next;
  } while (after !== undefined);
}

/** Behind the last of some records, which themselves stand behind a cursor. */
function cursorBehind(records: readonly StoredRecord[], before: LogCursor | undefined): LogCursor {
  const last = records.at(-1)?.record;
  if (last === undefined) throw new RangeError('There is nothing to go on behind.');
  const isSame = ({ timestampMillis, id }: { readonly timestampMillis: number; readonly id: string }) =>
    timestampMillis === last.timestampMillis && id === last.id;
  const own = records.length - (records.findLastIndex(({ record }) => !isSame(record)) + 1);
  const isWhole = own === records.length && before !== undefined && isSame(before);
  return { timestampMillis: last.timestampMillis, id: last.id, skip: own + (isWhole ? before.skip : 0) };
}
