import { Command, Option } from 'commander';
import type { CliContext } from '../cli-context.ts';
import type { DiscoverOptions } from '../run-discover.ts';

export function discoverCommand(cli: CliContext): Command {
  return new Command('discover')
    .description('Show what runs on ECS and where it logs to; needs no configuration')
    .option(
      '-a, --account <name>',
      'account of the configuration (default: all of them, or the default chain)',
    )
    .option('--profile <name>', 'AWS profile, in place of the configuration')
    .option('-r, --region <region...>', 'Regions to look in')
    .addOption(
      new Option('-o, --output <form>', 'yaml pastes into the configuration')
        .choices(['tree', 'table', 'json', 'yaml'])
        .default('tree'),
    )
    .action(async (options: DiscoverOptions) => {
      const { runDiscover } = await import('../run-discover.ts');
      await runDiscover(cli, options);
    });
}
