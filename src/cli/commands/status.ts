import { Command } from 'commander';
import type { CliContext } from '../cli-context.ts';

export function statusCommand(cli: CliContext): Command {
  return new Command('status')
    .description(
      'What is collected and delivered: sources with their lag, destinations with what waits, the spool',
    )
    .option('-w, --watch', 'show it again every two seconds')
    .addHelpText(
      'after',
      '\nOf the server that works on the data folder. Where none does, what the folder holds.',
    )
    .action(async (options: { watch?: boolean }) => {
      const { showStatus } = await import('../status/show-status.ts');
      await showStatus(cli, options);
    });
}
