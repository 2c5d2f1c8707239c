import { Command, Option } from 'commander';
import type { CliContext } from '../cli-context.ts';
import type { ExportOptions } from '../logs/run-export.ts';

export function exportCommand(cli: CliContext): Command {
  return new Command('export')
    .description('Write all records of a search to standard output')
    .argument('[query...]', 'what to look for (default: everything); see docs/guides/search.md')
    .option('-s, --since <time>', 'begin here: 2h, 13:10, 2026-11-23T13:10', '1h')
    .option('--until <time>', 'end here (default: now)')
    .addOption(
      new Option('-o, --output <format>', 'format of the file')
        .choices(['csv', 'ndjson', 'txt'])
        .default('ndjson'),
    )
    .addOption(
      new Option('--order <order>', 'which come first').choices(['oldest', 'newest']).default('oldest'),
    )
    .option('--store <id>', 'a destination of type store (default: the first)')
    .addHelpText('after', "\n  logferry export 'level:error' -s 7d -o csv > errors.csv")
    .action(async (query: string[], options: ExportOptions) => {
      const { runExport } = await import('../logs/run-export.ts');
      await runExport(cli, query, options);
    });
}
