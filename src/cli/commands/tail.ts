import { Command, Option } from 'commander';
import type { CliContext } from '../cli-context.ts';
import type { TailOptions } from '../tail.ts';

export function tailCommand(cli: CliContext): Command {
  return new Command('tail')
    .description('Show log lines as they come; keeps and delivers nothing')
    .argument('[query...]', 'only lines that it holds for; see docs/guides/search.md')
    .option('-s, --source <id...>', 'only these sources (default: all); read from AWS')
    .option('-f, --follow', 'go on with new lines', false)
    .option('--since <time>', 'begin here: 10m, 13:10, 2026-11-23T13:10', '10m')
    .option('--aws', 'read from AWS, also beside a server that has a store')
    .addOption(
      new Option('-o, --output <form>', 'how lines look')
        .choices(['pretty', 'raw', 'json'])
        .default('pretty'),
    )
    .addHelpText(
      'after',
      '\nBeside `logferry up` with a log store, lines come from the store and cost no request to AWS.\nOtherwise they come straight from CloudWatch Logs.',
    )
    .action(async (query: string[], options: TailOptions) => {
      const { tail } = await import('../tail.ts');
      await tail(cli, query, options);
    });
}
