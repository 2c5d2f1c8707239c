import { Command } from 'commander';
import type { CliContext } from '../cli-context.ts';

export function explainCommand(cli: CliContext): Command {
  return new Command('explain')
    .description('Why an event is missing, or where it is; asks AWS, and changes nothing')
    .argument('<group>', 'name or ARN of a log group, or a part that no other has')
    .argument(
      '<time>',
      'when the event was written: 13:10, 13:10:02, 2026-11-23T13:10:02.123, 10m, Unix milliseconds',
    )
    .argument('[text]', 'only events that contain it')
    .action(async (group: string, time: string, text: string | undefined) => {
      const { runExplain } = await import('../run-explain.ts');
      await runExplain(cli, group, time, text);
    });
}
