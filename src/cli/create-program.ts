import { Command, Option } from 'commander';
import { productVersion } from '../app/version.ts';
import type { CliContext, GlobalOptions } from './cli-context.ts';
import { commands } from './commands.ts';
import { wantsColor } from './create-cli-context.ts';

/** The whole command line. Each command's work is imported when it is asked for, and not before. */
export function createProgram(cli: CliContext & { options: GlobalOptions }): Command {
  const program = new Command('logferry')
    .description('Gets every log line off Amazon ECS, and shows that it did.')
    .version(productVersion(), '-V, --version', 'print the version')
    .option('-c, --config <file>', 'configuration (default: $LOGFERRY_CONFIG, ./logferry.yaml)')
    .option('--json', 'print data and errors as JSON')
    .option('--utc', 'print times in UTC')
    .option('-q, --quiet', 'say only what goes wrong')
    .option('-v, --verbose', 'say more, and where errors come from')
    .addOption(new Option('--color', 'colours, whatever the terminal says'))
    .addOption(new Option('--no-color', 'no colours'))
    .showSuggestionAfterError(true)
    .helpCommand(true)
    .exitOverride()
    .configureOutput({
      writeOut: (text) => cli.stdout.write(text),
      writeErr: (text) => cli.stderr.write(text),
    });
  for (const command of commands) program.addCommand(inherit(command(cli), program));
  program.hook('preAction', (_program, action) => {
    Object.assign(cli, { options: readOptions(cli, action.optsWithGlobals()) });
  });
  return program;
}

/** Options of the whole program may stand behind the command's name, and errors end in one place. */
function inherit(command: Command, program: Command): Command {
  command.copyInheritedSettings(program);
  for (const child of command.commands) inherit(child, program);
  return command;
}

function readOptions(cli: CliContext, given: Readonly<Record<string, unknown>>): GlobalOptions {
  const color = given['color'];
  return {
    config: typeof given['config'] === 'string' ? given['config'] : cli.options.config,
    json: given['json'] === true,
    color: wantsColor(
      cli.env,
      typeof color === 'boolean' ? explicit(color) : undefined,
      cli.stdout.isTTY === true,
    ),
    utc: given['utc'] === true,
    quiet: given['quiet'] === true,
    verbose: given['verbose'] === true,
  };
}

/** commander sets `color` to true when only --no-color was declared and nothing was given: that says nothing. */
function explicit(color: boolean): boolean | undefined {
  return color && !process.argv.includes('--color') ? undefined : color;
}
