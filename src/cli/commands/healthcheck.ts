import { Command } from 'commander';
import type { CliContext } from '../cli-context.ts';

export function healthcheckCommand(cli: CliContext): Command {
  return new Command('healthcheck')
    .description('Ask the running server whether it is well; made for containers')
    .option('--ready', 'ask whether logs flow, not only whether it lives')
    .action(async (options: { ready?: boolean }) => {
      const { loadCommandConfig } = await import('../command-deps.ts');
      const { callServer } = await import('../server-client.ts');
      const config = await loadCommandConfig(cli);
      const path = options.ready === true ? '/readyz' : '/healthz';
      const answer = (await callServer(config, 'GET', path)) as { status?: string; problems?: string[] };
      if (cli.options.json) cli.stdout.write(`${JSON.stringify(answer)}\n`);
      else cli.stdout.write(`${[answer.status, ...(answer.problems ?? [])].join('\n')}\n`);
      if (answer.status === 'failed') process.exitCode = 1;
    });
}
