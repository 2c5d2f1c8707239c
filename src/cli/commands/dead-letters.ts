import { Command } from 'commander';
import type { CliContext } from '../cli-context.ts';
import type { DiscardOptions } from '../dead-letters/discard-dead-letters.ts';
import type { ListOptions } from '../dead-letters/list-dead-letters.ts';
import type { ChosenOptions } from '../dead-letters/send-dead-letters.ts';

const ONLY_REASON = ['--reason <reason>', 'only those that were refused for it'] as const;

export function deadLettersCommand(cli: CliContext): Command {
  const list = new Command('list')
    .description('Those of a destination, newest first; without one, how many each destination has')
    .argument('[destination]', 'id of a destination of the configuration')
    .option(...ONLY_REASON)
    .option('-n, --limit <number>', 'how many', '20')
    .option('--before <id>', 'only older ones than this')
    .action(async (destination: string | undefined, options: ListOptions) => {
      const { runListDeadLetters } = await import('../dead-letters/list-dead-letters.ts');
      await runListDeadLetters(cli, destination, options);
    });
  const send = new Command('send')
    .description('Send them again; those that are refused again stay, with the new reason')
    .argument('<destination>', 'id of a destination of the configuration')
    .option(...ONLY_REASON)
    .action(async (destination: string, options: ChosenOptions) => {
      const { runSendDeadLetters } = await import('../dead-letters/send-dead-letters.ts');
      await runSendDeadLetters(cli, destination, options);
    });
  const discard = new Command('discard')
    .description('Give them up; what comes meanwhile stays')
    .argument('<destination>', 'id of a destination of the configuration')
    .option(...ONLY_REASON)
    .option('-y, --yes', 'do not ask')
    .action(async (destination: string, options: DiscardOptions) => {
      const { runDiscardDeadLetters } = await import('../dead-letters/discard-dead-letters.ts');
      await runDiscardDeadLetters(cli, destination, options);
    });
  return new Command('dead-letters')
    .description('Records that a destination refused for good: look at them, send them again, give them up')
    .addCommand(list, { isDefault: true })
    .addCommand(send)
    .addCommand(discard)
    .addHelpText('after', '\nWhen `logferry up` works on the same data folder, it sends and discards.');
}
