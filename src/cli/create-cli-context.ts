import { existsSync } from 'node:fs';
import { systemClock } from '../foundation/clock.ts';
import { LogferryError } from '../foundation/logferry-error.ts';
import { systemRandom } from '../foundation/random.ts';
import type { CliContext, GlobalOptions } from './cli-context.ts';

const DEFAULT_CONFIGS = ['logferry.yaml', 'logferry.yml'];

/** The context of this very process. `options` are put right by the program before a command's action. */
export function createCliContext(): CliContext & { options: GlobalOptions } {
  const stop = new AbortController();
  let asked = 0;
  const onSignal = () => {
    asked++;
    if (asked > 1) process.exit(130);
    stop.abort(new LogferryError('INTERRUPTED', 'Interrupted.'));
  };
  process.on('SIGINT', onSignal);
  process.on('SIGTERM', onSignal);
  // `logferry … | head`: who reads has enough.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit(0);
    throw error;
  });
  // Who reads its messages has gone: that must not end a collector.
  process.stderr.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
  });
  return {
    stdout: process.stdout,
    stderr: process.stderr,
    env: process.env,
    clock: systemClock,
    random: systemRandom,
    signal: stop.signal,
    options: {
      config: findConfig(process.env),
      json: false,
      color: wantsColor(process.env, undefined, process.stdout.isTTY),
      utc: false,
      quiet: false,
      verbose: false,
    },
  };
}

/** Where the configuration is when nobody says: $LOGFERRY_CONFIG, then logferry.yaml here. */
export function findConfig(env: CliContext['env']): string {
  const named = env['LOGFERRY_CONFIG'];
  if (named) return named;
  return DEFAULT_CONFIGS.find((name) => existsSync(name)) ?? 'logferry.yaml';
}

/** `--color` and `--no-color` outrank FORCE_COLOR and NO_COLOR, which outrank the terminal. */
export function wantsColor(
  env: CliContext['env'],
  option: boolean | undefined,
  isTerminal: boolean,
): boolean {
  if (option !== undefined) return option;
  if (env['NO_COLOR']) return false;
  if (env['FORCE_COLOR']) return env['FORCE_COLOR'] !== '0';
  return isTerminal && env['TERM'] !== 'dumb';
}
