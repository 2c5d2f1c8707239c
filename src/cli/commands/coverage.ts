import { Command } from 'commander';
import type { CliContext } from '../cli-context.ts';
import type { CoverageOptions } from '../show-coverage.ts';

export function coverageCommand(cli: CliContext): Command {
  return new Command('coverage')
    .description('Whether everything was read: each log group minute by minute, with counts and gaps')
    .argument('[source]', 'id of a source (default: all)')
    .option('--from <time>', 'begin: 2d, 13:10, 2026-11-23T13:10 (default: 24h before the end)')
    .option('--to <time>', 'end (default: now)')
    .option('-g, --group <text>', 'only log groups with this in their name')
    .option('--exit-status', 'end with 1 when there is a gap in the range')
    .action(async (source: string | undefined, options: CoverageOptions) => {
      const { showCoverage } = await import('../show-coverage.ts');
      await showCoverage(cli, source, options);
    });
}
