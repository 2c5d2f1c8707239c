import type { Command } from 'commander';

interface Completed {
  readonly name: string;
  readonly description: string;
  readonly words: readonly string[];
}

/** Made from the commands themselves, so that it cannot be out of date. */
export function completionScript(shell: 'bash' | 'zsh' | 'fish', program: Command): string {
  const common = longOptions(program);
  const commands = program.commands.map(
    (command): Completed => ({
      name: command.name(),
      description: command.description(),
      words: [...command.commands.map((child) => child.name()), ...longOptions(command), ...common],
    }),
  );
  if (shell === 'fish') return fish(commands, common);
  return shell === 'zsh' ? zsh(commands) : bash(commands, common);
}

const longOptions = (command: Command) =>
  command.options.map(({ long }) => long).filter((long) => long !== undefined && long !== null);

function bash(commands: readonly Completed[], common: readonly string[]): string {
  const cases = commands.map(({ name, words }) => `    ${name}) words="${words.join(' ')}" ;;`).join('\n');
  return `_logferry() {
  local current="\${COMP_WORDS[COMP_CWORD]}" words
  case "\${COMP_WORDS[1]}" in
${cases}
    *) words="${[...commands.map(({ name }) => name), ...common].join(' ')}" ;;
  esac
  if [ "$COMP_CWORD" -eq 1 ]; then words="${[...commands.map(({ name }) => name), ...common].join(' ')}"; fi
  COMPREPLY=($(compgen -W "$words" -- "$current"))
}
complete -o default -F _logferry logferry
`;
}

function zsh(commands: readonly Completed[]): string {
  const described = commands.map(({ name, description }) => `    '${name}:${quote(description)}'`).join('\n');
  const cases = commands.map(({ name, words }) => `    ${name}) compadd -- ${words.join(' ')} ;;`).join('\n');
  return `#compdef logferry
_logferry() {
  local -a commands=(
${described}
  )
  if (( CURRENT == 2 )); then _describe command commands; return; fi
  case "$words[2]" in
${cases}
  esac
}
compdef _logferry logferry
`;
}

function fish(commands: readonly Completed[], common: readonly string[]): string {
  const lines = ['complete -c logferry -n __fish_use_subcommand -f'];
  for (const { name, description, words } of commands) {
    lines.push(`complete -c logferry -n __fish_use_subcommand -a ${name} -d '${quote(description)}'`);
    for (const word of words) {
      const shown = word.startsWith('--') ? `-l ${word.slice(2)}` : `-a ${word}`;
      lines.push(`complete -c logferry -n '__fish_seen_subcommand_from ${name}' ${shown}`);
    }
  }
  for (const option of common) lines.push(`complete -c logferry -l ${option.slice(2)}`);
  return `${lines.join('\n')}\n`;
}

const quote = (text: string) => text.replaceAll("'", '’').replaceAll(':', '\\:');
