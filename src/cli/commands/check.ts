import { Command } from 'commander';
import type { CliContext } from '../cli-context.ts';

export function checkCommand(cli: CliContext): Command {
  return new Command('check')
    .description('Try credentials, permissions and destinations, changing nothing')
    .argument('[id...]', 'only these sources and destinations (default: all)')
    .action(async (ids: string[]) => {
      const { runCheck } = await import('../run-check.ts');
      await runCheck(cli, ids);
    });
}
