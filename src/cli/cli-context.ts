import type { Clock } from '../foundation/clock.ts';
import type { Random } from '../foundation/random.ts';

/** A stream that text is written to: standard output and standard error, or what a test puts in their place. */
export interface TextOutput {
  readonly isTTY?: boolean;
  readonly columns?: number;
  write(text: string | Uint8Array): boolean;
  once(event: 'drain', listener: () => void): unknown;
}

/** What every command is given. Data goes to `stdout`, everything else to `stderr`. */
export interface CliContext {
  readonly stdout: TextOutput;
  readonly stderr: TextOutput;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly clock: Clock;
  readonly random: Random;
  /** Aborted by the first Ctrl-C (or SIGTERM): finish what is under way and end. The second one ends the process. */
  readonly signal: AbortSignal;
  /** The options that stand before or after any command; right once a command's action runs. */
  readonly options: GlobalOptions;
}

export interface GlobalOptions {
  /** Path of the configuration, as given or found. */
  readonly config: string;
  readonly json: boolean;
  readonly color: boolean;
  readonly utc: boolean;
  readonly quiet: boolean;
  readonly verbose: boolean;
}
