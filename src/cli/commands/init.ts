import { Command } from 'commander';
import type { CliContext } from '../cli-context.ts';
import type { InitOptions } from '../init/init-answers.ts';

export function initCommand(cli: CliContext): Command {
  return new Command('init')
    .description('Write a configuration, asking a few questions and trying the answers')
    .argument('[file]', 'where to', 'logferry.yaml')
    .option('-y, --yes', 'ask nothing: take the options and defaults')
    .option('--force', 'write over a file that is there')
    .option('--region <region>', 'AWS Region')
    .option('--profile <name>', 'AWS profile (default: role, environment, …)')
    .option('--cluster <name>', 'ECS cluster (default: all)')
    .option('--datakit <url>', 'address of the DataKit, such as http://127.0.0.1:9529')
    .option('--no-store', 'without the local store')
    .option('--no-check', 'do not try credentials, Region, cluster and DataKit')
    .action(async (file: string, options: InitOptions) => {
      const { runInit } = await import('../init/run-init.ts');
      await runInit(cli, file, options);
    });
}
