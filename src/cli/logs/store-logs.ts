import { type ExportFormat, exportHead, exportLine } from '../../api/logs/export-text.ts';
import type { LogCursor, LogFilter, SearchOrder, StoredRecord } from '../../contracts/log-search.ts';
import type { LogStore } from '../../contracts/log-store.ts';
import { requireQuery } from '../../logstore/query/parse-query.ts';
import { type CommandLogs, PAGE_RECORDS, type TextFilter } from './command-logs.ts';

/** A store in this process; `close` closes it. */
export function storeLogs(
  id: string,
  store: LogStore,
  signal: AbortSignal,
  release: () => Promise<void>,
): CommandLogs {
  const filterOf = ({ text, fromMillis, toMillis }: TextFilter): LogFilter => ({
    query: requireQuery(text),
    fromMillis,
    toMillis,
  });
  const search = async (filter: TextFilter, order: SearchOrder, limit: number) => {
    const records: StoredRecord[] = [];
    let after: LogCursor | undefined;
    do {
      const page = await store.search(
        {
          ...filterOf(filter),
          order,
          limit: Math.min(PAGE_RECORDS, limit - records.length),
          ...(after !== undefined && { after }),
        },
        signal,
      );
      records.push(...page.records);
      after = page.next;
    } while (after !== undefined && records.length < limit);
    return { records, hasMore: after !== undefined };
  };
  return {
    store: id,
    search,
    count: (filter) => store.count(filterOf(filter), signal),
    fields: (range) => store.fields({ ...range, query: { kind: 'all' } }, signal),
    usage: () => store.usage(signal),
    exportText: (filter, order, format) =>
      textOf(format, store.exportRecords(filterOf(filter), order, signal)),
    close: async () => {
      await store.close();
      await release();
    },
  };
}

async function* textOf(
  format: ExportFormat,
  pages: AsyncIterable<readonly StoredRecord[]>,
): AsyncGenerator<string> {
  let head = exportHead(format);
  for await (const page of pages) {
    yield head + page.map((record) => exportLine(format, record)).join('');
    head = '';
  }
  if (head !== '') yield head;
}
