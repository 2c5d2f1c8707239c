import { Argument, Command } from 'commander';
import type { CliContext } from '../cli-context.ts';

export function completionCommand(cli: CliContext): Command {
  const completion = new Command('completion')
    .description('Print the completion script of a shell')
    .addArgument(new Argument('<shell>').choices(['bash', 'zsh', 'fish']))
    .addHelpText(
      'after',
      '\n  bash: logferry completion bash > /etc/bash_completion.d/logferry\n  zsh:  logferry completion zsh > "${fpath[1]}/_logferry"\n  fish: logferry completion fish > ~/.config/fish/completions/logferry.fish',
    )
    .action(async (shell: 'bash' | 'zsh' | 'fish') => {
      const { completionScript } = await import('../completion-script.ts');
      cli.stdout.write(completionScript(shell, completion.parent ?? completion));
    });
  return completion;
}
