import { Command } from 'commander';
import type { CliContext } from '../cli-context.ts';

export function upCommand(cli: CliContext): Command {
  return new Command('up')
    .description('Collect and deliver until stopped: the server with its HTTP API')
    .addHelpText(
      'after',
      '\nSIGHUP reads the configuration again; a bad one changes nothing.\nCtrl-C lets what is under way end; a second one ends at once. Either way nothing is lost.',
    )
    .action(async () => {
      const { runServer } = await import('../run-server.ts');
      await runServer(cli);
    });
}
