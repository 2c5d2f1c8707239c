import { Command } from 'commander';
import type { CliContext } from '../cli-context.ts';

export function runCommand(cli: CliContext): Command {
  return new Command('run')
    .description('Collect one source once, now, and deliver what was found')
    .argument('<source>', 'id of a source of the configuration')
    .option('--since <time>', 'begin here instead of at the checkpoint: 2h, 13:10, 2026-11-23T13:10')
    .option('--until <time>', 'end here instead of now')
    .option('--dry-run', 'read and count, but keep and deliver nothing')
    .addHelpText(
      'after',
      '\nThe last line is `total N`: the events that had not been read before. Where a destination of type stdout prints the\nrecords, it stands on standard error.\nWhen `logferry up` works on the same data folder, it does the run.',
    )
    .action(async (source: string, options: { since?: string; until?: string; dryRun?: boolean }) => {
      const { runOnce } = await import('../run-once.ts');
      await runOnce(cli, source, options);
    });
}
