import { Command } from 'commander';
import type { CliContext } from '../cli-context.ts';

export function backfillCommand(cli: CliContext): Command {
  return new Command('backfill')
    .description('Read a bounded range of the past; live collection is not disturbed')
    .argument('[source]', 'id of a source of the configuration')
    .option('--from <time>', 'begin: 2d, 13:10, 2026-11-23T13:10')
    .option('--to <time>', 'end (default: now)')
    .option('--again', 'also read what was read before; destinations then get it twice')
    .option('--resume [run]', 'go on with an interrupted backfill (default: the last one)')
    .action(
      async (
        source: string | undefined,
        options: { from?: string; to?: string; again?: boolean; resume?: string | true },
      ) => {
        const { runBackfill } = await import('../run-backfill.ts');
        await runBackfill(cli, source, options);
      },
    );
}
