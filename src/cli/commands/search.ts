import { Command, Option } from 'commander';
import type { CliContext } from '../cli-context.ts';
import type { SearchOptions } from '../logs/run-search.ts';

export function searchCommand(cli: CliContext): Command {
  return new Command('search')
    .description('Search the log store')
    .argument('[query...]', 'what to look for (default: everything); see docs/guides/search.md')
    .option('-s, --since <time>', 'begin here: 2h, 13:10, 2026-11-23T13:10', '1h')
    .option('--until <time>', 'end here (default: now)')
    .option('-n, --limit <number>', 'how many, the newest', '100')
    .addOption(
      new Option('-o, --output <form>', 'how lines look')
        .choices(['pretty', 'raw', 'json'])
        .default('pretty'),
    )
    .option('--store <id>', 'a destination of type store (default: the first)')
    .addHelpText(
      'after',
      `
The newest stand at the end. On a terminal $PAGER shows them; PAGER=cat prints them.

  logferry search 'level:>=error -healthcheck' -s 2h
  logferry search 'service:api status:>=500 (timeout OR "timed out")'
  logferry search 'trace_id:f3462aee25cc*' -s 1d -o json`,
    )
    .action(async (query: string[], options: SearchOptions) => {
      const { runSearch } = await import('../logs/run-search.ts');
      await runSearch(cli, query, options);
    });
}
