import { Command, Option } from 'commander';
import type { CliContext } from '../cli-context.ts';
import type { TailOptions } from '../tail.ts';

export function tailCommand(cli: CliContext): Command {
  return new Command('tail')
    .description('Show log lines as they come, straight from CloudWatch Logs; keeps and delivers nothing')
    .argument('[words...]', 'only lines that contain all of these words; -word: lines without it')
    .option('-s, --source <id...>', 'only these sources (default: all)')
    .option('-f, --follow', 'go on with new lines', false)
    .option('--since <time>', 'begin here: 10m, 13:10, 2026-11-23T13:10', '10m')
    .addOption(
      new Option('-o, --output <form>', 'how lines look')
        .choices(['pretty', 'raw', 'json'])
        .default('pretty'),
    )
    .action(async (words: string[], options: TailOptions) => {
      const { tail } = await import('../tail.ts');
      await tail(cli, words, options);
    });
}
