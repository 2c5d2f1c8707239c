import type { Argument, Command, Option } from 'commander';
import type { CliContext, GlobalOptions } from '../../src/cli/cli-context.ts';
import { createProgram } from '../../src/cli/create-program.ts';
import { FakeClock } from '../../src/foundation/fake-clock.ts';
import { seededRandom } from '../../src/foundation/random.ts';
import { exitCodeRows } from './exit-codes.ts';
import { type GeneratedFile, page } from './generated-file.ts';
import { code, fenced, prose, table } from './markdown.ts';

export function commandLinePage(): GeneratedFile {
  const printed: string[] = [];
  const program = createProgram(silentContext(printed));
  const commands = program.commands.flatMap((command) => withChildren(command, []));
  return page(
    'command-line.md',
    '# Command line',
    'From a checkout the command is `bin/logferry`. Data goes to standard output, everything else to standard error. Moments are written as `2h30m` (before now), `13:10` (the last one), `2026-11-23T13:10`, with or without a zone, or `now`; without a zone they are local time, or UTC with `--utc`.',
    table(
      ['command', 'what it does'],
      commands.map(({ path, command }) => [
        `[${code(path)}](#${anchor(path)})`,
        prose(command.description()),
      ]),
    ),
    '## Options of every command',
    optionTable([...program.options]),
    'The environment variables `NO_COLOR` and `FORCE_COLOR` are honoured; `LOGFERRY_CONFIG` names the configuration where `--config` does not.',
    ...commands.map(({ path, command }) => section(path, command, printed)),
    '## Exit codes',
    table(['exit code', 'meaning', 'errors'], exitCodeRows()),
  );
}

interface NamedCommand {
  readonly path: string;
  readonly command: Command;
}

/** A command that only holds others is represented by them. */
function withChildren(command: Command, parents: readonly string[]): readonly NamedCommand[] {
  const names = [...parents, command.name()];
  if (command.commands.length === 0) return [{ path: names.join(' '), command }];
  return command.commands.flatMap((child) => withChildren(child, names));
}

function section(path: string, command: Command, printed: string[]): string {
  const args = command.registeredArguments.map((argument) => [
    code(argument.name()),
    prose(argument.description) + choicesOf(argument) + defaultOf(argument),
  ]);
  const usage = ['logferry', path, command.usage()].join(' ').trim();
  return [
    `## ${path}`,
    `${prose(command.description())}.`,
    fenced('text', usage),
    table(['argument', 'meaning'], args),
    optionTable([...command.options]),
    notesOf(command, printed),
  ]
    .filter((block) => block !== '')
    .join('\n\n');
}

function optionTable(options: readonly Option[]): string {
  const rows = options.map((option) => [
    code(option.flags),
    prose(option.description) + choicesOf(option) + defaultOf(option),
  ]);
  return table(['option', 'meaning'], rows);
}

function choicesOf({ argChoices, description }: Option | Argument): string {
  const names = (argChoices ?? []).map(code).join(', ');
  return description === '' || names === '' ? names : `: ${names}`;
}

function defaultOf({ defaultValue }: Option | Argument): string {
  if (defaultValue === undefined || typeof defaultValue === 'boolean') return '';
  return `; default ${code(String(defaultValue))}`;
}

/** What help says after the lists: everything printed that is not the help itself. */
function notesOf(command: Command, printed: string[]): string {
  printed.length = 0;
  command.outputHelp();
  const text = printed.join('');
  const notes = text.slice(command.helpInformation().length).trim();
  return notes === '' ? '' : fenced('text', notes.replaceAll(/^ {2}/gm, ''));
}

function anchor(path: string): string {
  return path.replaceAll(' ', '-');
}

function silentContext(printed: string[]): CliContext & { options: GlobalOptions } {
  const output = {
    write: (text: string) => printed.push(text) > 0,
    once: () => undefined,
  };
  return {
    stdout: output,
    stderr: output,
    env: {},
    clock: new FakeClock(0),
    random: seededRandom(1),
    signal: new AbortController().signal,
    options: {
      config: 'logferry.yaml',
      json: false,
      color: false,
      utc: false,
      quiet: false,
      verbose: false,
    },
  };
}
