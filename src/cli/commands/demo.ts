import { Command } from 'commander';
import type { CliContext } from '../cli-context.ts';
import type { DemoOptions } from '../run-demo.ts';

export function demoCommand(cli: CliContext): Command {
  return new Command('demo')
    .description(
      'See logs flow without an AWS account: a fleet, an AWS endpoint, a DataKit, all on this machine',
    )
    .option(
      '--port <port>',
      'port of the HTTP API; 0: a free one (default: 8787, or a free one where that is taken)',
    )
    .option('--seed <number>', 'another fleet with other lines', '1')
    .option('--dir <folder>', 'where its data goes, and stays (default: a temporary folder)')
    .option('--keep', 'leave the temporary folder there at the end')
    .addHelpText('after', '\nNothing leaves this machine, and nothing outside its folder is touched.')
    .action(async (options: DemoOptions) => {
      const { runDemo } = await import('../run-demo.ts');
      await runDemo(cli, options);
    });
}
