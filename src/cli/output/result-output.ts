import type { LoadedConfig } from '../../config/loaded-config.ts';
import type { CliContext, TextOutput } from '../cli-context.ts';

/**
 * Where the result of a command goes that delivered something itself: standard output, unless a destination of type
 * `stdout` prints the records there. Then only they do, and the result stands on standard error.
 */
export function resultOutput(cli: CliContext, config: LoadedConfig): TextOutput {
  const isTaken = config.destinations.some(({ definition }) => definition.type === 'stdout');
  return isTaken ? cli.stderr : cli.stdout;
}
