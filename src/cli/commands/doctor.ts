import { Command } from 'commander';
import type { CliContext } from '../cli-context.ts';

export function doctorCommand(cli: CliContext): Command {
  return new Command('doctor')
    .description('Look at this machine: Node.js, engines, data folder, disk, port')
    .action(async () => {
      const { runDoctor } = await import('../run-doctor.ts');
      await runDoctor(cli);
    });
}
