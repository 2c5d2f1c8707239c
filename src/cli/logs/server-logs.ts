import type { RecordReply } from '../../api/logs/log-replies.ts';
import type { LoadedConfig } from '../../config/loaded-config.ts';
import { QueryError } from '../../contracts/log-query.ts';
import type { KnownFields, SearchOrder, StoredRecord } from '../../contracts/log-search.ts';
import type { LogStoreUsage } from '../../contracts/log-store.ts';
import type { Level } from '../../record/level.ts';
import { readServer } from '../server-client.ts';
import { type CommandLogs, PAGE_RECORDS, type TextFilter } from './command-logs.ts';

/** The largest that the server gives: as good as whole. */
const MAX_MESSAGE_LENGTH = 2 * 1024 ** 2;

/** A store behind the server of a configuration. */
export function serverLogs(
  config: Pick<LoadedConfig, 'server'>,
  store: string,
  signal: AbortSignal,
): CommandLogs {
  const ask = async (path: string, parameters: Parameters): Promise<AsyncIterable<Buffer>> => {
    const target = `/api/v1/logs${path}?${queryString({ store, ...parameters })}`;
    try {
      return await readServer(config, target, signal);
    } catch (thrown) {
      const text = parameters['q'];
      if (thrown instanceof QueryError && typeof text === 'string')
        throw new QueryError(thrown.problem, text);
      throw thrown;
    }
  };
  const get = async <Body>(path: string, parameters: Parameters): Promise<Body> => {
    const chunks: Buffer[] = [];
    for await (const chunk of await ask(path, parameters)) chunks.push(chunk);
    return JSON.parse(Buffer.concat(chunks).toString()) as Body;
  };
  const search = async (filter: TextFilter, order: SearchOrder, limit: number) => {
    const records: StoredRecord[] = [];
    let cursor: string | undefined;
    do {
      const page = await get<{ records: readonly RecordReply[]; next?: string }>('', {
        ...filterOf(filter),
        order,
        limit: Math.min(PAGE_RECORDS, limit - records.length),
        maxMessageLength: MAX_MESSAGE_LENGTH,
        cursor,
      });
      records.push(...page.records.map(recordOf));
      cursor = page.next;
    } while (cursor !== undefined && records.length < limit);
    return { records, hasMore: cursor !== undefined };
  };
  return {
    store,
    search,
    count: async (filter) => {
      const { total } = await get<{ total: number }>('/histogram', { ...filterOf(filter), buckets: 1 });
      return total;
    },
    fields: ({ fromMillis, toMillis }) => get<KnownFields>('/fields', { from: fromMillis, to: toMillis }),
    usage: async () => {
      const { stores } = await get<{ stores: readonly (LogStoreUsage & { id: string })[] }>('/stores', {});
      const usage = stores.find(({ id }) => id === store);
      if (usage === undefined) throw new Error(`The server has no store ${store}.`);
      return usage;
    },
    exportText: async function* exportText(filter, order, format) {
      yield* await ask('/export', { ...filterOf(filter), order, format });
    },
    close: () => Promise.resolve(),
  };
}

type Parameters = Readonly<Record<string, string | number | undefined>>;

function filterOf({ text, fromMillis, toMillis }: TextFilter): Parameters {
  return { q: text, from: fromMillis, to: toMillis };
}

export function queryString(parameters: Parameters): string {
  const given = Object.entries(parameters).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, String(value)] as [string, string]],
  );
  return new URLSearchParams(given).toString();
}

export function recordOf(reply: RecordReply): StoredRecord {
  const { source, tags, storedAtMillis, level, fields, messageBytes, ...record } = reply;
  return {
    storedAtMillis,
    ...(messageBytes !== undefined && { messageBytes }),
    record: {
      ...record,
      ...(level !== undefined && { level: level as Level }),
      ...(fields !== undefined && { fields }),
      origin: { source, tags },
    },
  };
}
