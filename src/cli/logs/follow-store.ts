import type { RecordReply } from '../../api/logs/log-replies.ts';
import { storeIds } from '../../app/configured-stores.ts';
import type { LoadedConfig } from '../../config/loaded-config.ts';
import { LogferryError } from '../../foundation/logferry-error.ts';
import type { CliContext } from '../cli-context.ts';
import { isServedBy } from '../here-or-by-server.ts';
import { linePrinter } from '../output/line-printer.ts';
import { readServer } from '../server-client.ts';
import type { TextFilter } from './command-logs.ts';
import { queryString, recordOf, serverLogs } from './server-logs.ts';

const BACKLOG = 1000;
const MAX_RECORDS = 100_000;

type Form = 'pretty' | 'raw' | 'json';

/** The store that a server on the data folder fills, if there is one: whoever asks it needs no request to AWS. */
export async function filledStore(config: LoadedConfig): Promise<string | undefined> {
  const [store] = storeIds(config);
  return store !== undefined && (await isServedBy(config)) ? store : undefined;
}

/** What the store has since a moment, the oldest first. */
export async function printStored(
  cli: CliContext,
  config: LoadedConfig,
  store: string,
  filter: TextFilter,
  form: Form,
): Promise<void> {
  const logs = serverLogs(config, store, cli.signal);
  const { records, hasMore } = await logs.search(filter, 'newest', MAX_RECORDS);
  const print = linePrinter(cli, form);
  for (const { record } of records.toReversed()) await print(record);
  if (hasMore) cli.stderr.write(`Only the newest ${MAX_RECORDS.toLocaleString('en')} are shown.\n`);
}

/** What the store has since a moment, and then what comes into it, until the command is ended. */
export async function followStore(
  cli: CliContext,
  config: LoadedConfig,
  store: string,
  { text, fromMillis }: TextFilter,
  form: Form,
): Promise<void> {
  const parameters = { store, q: text, from: fromMillis, backlog: BACKLOG, limit: BACKLOG };
  const bytes = await readServer(config, `/api/v1/logs/tail?${queryString(parameters)}`, cli.signal);
  const print = linePrinter(cli, form);
  for await (const { event, data } of serverEvents(bytes)) {
    if (event === 'failed') {
      const { error } = data as { readonly error: { readonly message: string } };
      throw new LogferryError('STORE_FAILED', error.message);
    }
    if (event !== 'records') continue;
    const { records, leftOut } = data as {
      readonly records: readonly RecordReply[];
      readonly leftOut: { readonly tooMany: number; readonly older: number };
    };
    if (leftOut.tooMany > 0) cli.stderr.write(`… ${leftOut.tooMany} more at once, not shown\n`);
    if (leftOut.older > 0) cli.stderr.write(`… ${leftOut.older} late ones from before, not shown\n`);
    for (const reply of records) await print(recordOf(reply).record);
  }
  throw new LogferryError('SERVER_NOT_RUNNING', 'The server ended the stream.', {
    hint: 'Begin again when it is up: `logferry tail -f`.',
  });
}

async function* serverEvents(
  bytes: AsyncIterable<Buffer>,
): AsyncGenerator<{ readonly event: string; readonly data: unknown }> {
  const decoder = new TextDecoder();
  let text = '';
  for await (const chunk of bytes) {
    text += decoder.decode(chunk, { stream: true });
    const events = text.split('\n\n');
    text = events.pop() ?? '';
    for (const one of events) {
      const event = /^event: (.*)$/m.exec(one)?.[1];
      const data = /^data: (.*)$/m.exec(one)?.[1];
      if (event !== undefined && data !== undefined) yield { event, data: JSON.parse(data) as unknown };
    }
  }
}
