import { formatByteSize } from '../../foundation/byte-size.ts';
import { requireQuery } from '../../logstore/query/parse-query.ts';
import type { CliContext, TextOutput } from '../cli-context.ts';
import { loadCommandConfig } from '../command-deps.ts';
import { startProgress } from '../output/progress.ts';
import { openLogs } from './open-logs.ts';
import { queryArgument } from './query-argument.ts';
import { type RangeOptions, rangeArguments } from './range-arguments.ts';

export interface ExportOptions extends RangeOptions {
  readonly output: 'csv' | 'ndjson' | 'txt';
  readonly order: 'newest' | 'oldest';
  readonly store?: string;
}

/** `logferry export`: all records of a query, on standard output. */
export async function runExport(
  cli: CliContext,
  words: readonly string[],
  options: ExportOptions,
): Promise<void> {
  const text = queryArgument(words);
  requireQuery(text);
  const config = await loadCommandConfig(cli);
  const filter = { text, ...rangeArguments(cli, options) };
  const logs = await openLogs(cli, config, options.store);
  const progress = startProgress(cli);
  let bytes = 0;
  try {
    const total = await logs.count(filter);
    const records = `${total.toLocaleString('en')} records`;
    for await (const piece of logs.exportText(filter, options.order, options.output)) {
      bytes += Buffer.byteLength(piece);
      await write(cli.stdout, piece);
      progress.update(undefined, `${formatByteSize(bytes)} of ${records}`);
    }
    progress.end();
    if (!cli.options.quiet && !cli.options.json)
      cli.stderr.write(`Exported ${records}, ${formatByteSize(bytes)}.\n`);
  } finally {
    progress.end();
    await logs.close();
  }
}

/** Waits where the other end is slow. */
async function write(output: TextOutput, piece: string | Uint8Array): Promise<void> {
  if (output.write(piece)) return;
  await new Promise<void>((resolve) => {
    output.once('drain', resolve);
  });
}
