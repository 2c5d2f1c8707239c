import { Command } from 'commander';
import type { CliContext } from '../cli-context.ts';

export function runsCommand(cli: CliContext): Command {
  const list = new Command('list')
    .description('The latest runs, newest first')
    .option('-s, --source <id>', 'only of this source')
    .option('-n, --limit <number>', 'how many', '20')
    .action(async (options: { source?: string; limit: string }) => {
      const { listRuns } = await import('../show-runs.ts');
      await listRuns(cli, options);
    });
  const view = new Command('view')
    .description('One run with its counts')
    .argument('<run>', 'id of the run')
    .option('--exit-status', 'end with 1 unless it succeeded')
    .action(async (id: string, options: { exitStatus?: boolean }) => {
      const { viewRun } = await import('../show-runs.ts');
      await viewRun(cli, id, options);
    });
  const watch = new Command('watch')
    .description('Follow a run to its end')
    .argument('<run>', 'id of the run')
    .option('--exit-status', 'end with 1 unless it succeeded')
    .action(async (id: string, options: { exitStatus?: boolean }) => {
      const { watchRun } = await import('../show-runs.ts');
      await watchRun(cli, id, options);
    });
  return new Command('runs')
    .description('What ran, and how it ended')
    .addCommand(list, { isDefault: true })
    .addCommand(view)
    .addCommand(watch);
}
