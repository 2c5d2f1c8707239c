import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

const BIN = fileURLToPath(new URL('../../../../bin/logferry', import.meta.url));
const POLL_MILLIS = 20;
const WAIT_MILLIS = 20_000;

export interface CliResult {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface CliProcess {
  readonly child: ChildProcess;
  readonly pid: number;
  readonly stdout: () => string;
  readonly stderr: () => string;
  readonly ended: Promise<CliResult>;
  kill(signal: NodeJS.Signals): void;
  /** Ends with the first match in what was said on standard error so far; throws when the process ends before. */
  untilStderr(pattern: RegExp): Promise<RegExpExecArray>;
}

/** `logferry …` as a child process with nothing of this process's environment but where programs are. */
export function startCli(
  args: readonly string[],
  options: { readonly cwd: string; readonly env?: Readonly<Record<string, string>> },
): CliProcess {
  const child = spawn(process.execPath, [BIN, ...args], {
    cwd: options.cwd,
    env: {
      PATH: process.env['PATH'] ?? '',
      HOME: options.cwd,
      TMPDIR: options.cwd,
      AWS_EC2_METADATA_DISABLED: 'true',
      // Where it is without TMPDIR: else each folder of a test would compile everything anew.
      NODE_COMPILE_CACHE: join(tmpdir(), 'node-compile-cache'),
      ...options.env,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const said = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const)
    child[name].setEncoding('utf8').on('data', (text: string) => {
      said[name] += text;
    });
  const ended = once(child, 'close').then(([code, signal]): CliResult => ({ code, signal, ...said }));
  return {
    child,
    pid: child.pid ?? -1,
    stdout: () => said.stdout,
    stderr: () => said.stderr,
    ended,
    kill: (signal) => {
      child.kill(signal);
    },
    untilStderr: (pattern) =>
      until(() => {
        const found = pattern.exec(said.stderr);
        if (found === null && (child.exitCode !== null || child.signalCode !== null))
          throw new Error(`It ended (${child.exitCode}) without saying ${pattern}: ${said.stderr}`);
        return found ?? undefined;
      }, `${pattern} on standard error`),
  };
}

/** Asks again and again until there is an answer. */
export async function until<Answer>(
  ask: () => Answer | undefined | Promise<Answer | undefined>,
  what: string,
): Promise<Answer> {
  const endMillis = Date.now() + WAIT_MILLIS;
  for (;;) {
    const answer = await ask();
    if (answer !== undefined && answer !== false) return answer;
    if (Date.now() > endMillis) throw new Error(`Waited ${WAIT_MILLIS / 1000} s in vain for ${what}.`);
    await sleep(POLL_MILLIS);
  }
}
