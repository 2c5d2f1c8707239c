import { LogferryError } from '../../foundation/logferry-error.ts';
import { requireQuery } from '../../logstore/query/parse-query.ts';
import type { CliContext } from '../cli-context.ts';
import { loadCommandConfig } from '../command-deps.ts';
import { linePrinter } from '../output/line-printer.ts';
import { openPager } from '../output/pager.ts';
import { explainNothing } from './nothing-found.ts';
import { openLogs } from './open-logs.ts';
import { queryArgument } from './query-argument.ts';
import { type RangeOptions, rangeArguments } from './range-arguments.ts';

export interface SearchOptions extends RangeOptions {
  readonly limit: string;
  readonly output: 'pretty' | 'raw' | 'json';
  readonly store?: string;
}

const MAX_LIMIT = 100_000;

/** `logferry search`: what the store has, the newest at the end. */
export async function runSearch(
  cli: CliContext,
  words: readonly string[],
  options: SearchOptions,
): Promise<void> {
  const text = queryArgument(words);
  // Before anything is opened: a query that is none needs no store.
  requireQuery(text);
  const limit = Number(options.limit);
  if (!Number.isInteger(limit) || limit < 1 || limit > MAX_LIMIT) {
    throw new LogferryError('USAGE', `--limit is a whole number from 1 to ${MAX_LIMIT}.`, {
      hint: '`logferry export` writes all that there are.',
    });
  }
  const config = await loadCommandConfig(cli);
  const filter = { text, ...rangeArguments(cli, options) };
  const logs = await openLogs(cli, config, options.store);
  try {
    const { records, hasMore } = await logs.search(filter, 'newest', limit);
    const pages = await openPager(cli);
    try {
      const print = linePrinter({ ...cli, stdout: pages.output }, options.output);
      for (const { record } of records.toReversed()) await print(record);
    } finally {
      await pages.end();
    }
    if (cli.options.quiet) return;
    if (records.length === 0) cli.stderr.write(await explainNothing(cli, logs, filter));
    if (hasMore) {
      const total = await logs.count(filter);
      cli.stderr.write(
        `These are the newest ${records.length.toLocaleString('en')} of ${total.toLocaleString('en')} records. More with -n, all with \`logferry export\`.\n`,
      );
    }
  } finally {
    await logs.close();
  }
}
