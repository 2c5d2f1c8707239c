import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { Measured } from './meter.ts';
import type { Addresses, Done } from './scenario.ts';

export type WorkerResult = Measured & Done;

const WORKER = fileURLToPath(new URL('worker-process.ts', import.meta.url));

/** Runs a scenario in a process of its own; rejects when that fails, and ends it when aborted. */
export async function runWorker(
  scenario: string,
  surroundings: Addresses,
  profileDir: string | undefined,
  signal: AbortSignal,
): Promise<WorkerResult> {
  signal.throwIfAborted();
  const child = fork(WORKER, [scenario, JSON.stringify(surroundings)], {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    execArgv: profileDir === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${profileDir}`],
  });
  let result: WorkerResult | undefined;
  child.on('message', (message) => {
    result = message as WorkerResult;
  });
  const end = () => child.kill('SIGKILL');
  signal.addEventListener('abort', end, { once: true });
  try {
    const [code] = (await once(child, 'exit')) as [number | null];
    signal.throwIfAborted();
    if (result === undefined || code !== 0)
      throw new Error(`The scenario ${scenario} failed (exit code ${code}).`);
    return result;
  } finally {
    signal.removeEventListener('abort', end);
  }
}
