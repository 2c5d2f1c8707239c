import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const CLI = fileURLToPath(new URL('../../src/cli/main.ts', import.meta.url));
const LIMIT_MILLIS = 120_000;

export interface Output {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Not synchronously: the server that is asked may live in this very process. */
export function runProcess(
  program: string,
  args: readonly string[],
  env: Readonly<Record<string, string>>,
): Promise<Output> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { env: { ...process.env, ...env }, timeout: LIMIT_MILLIS });
    let stdout = '';
    let stderr = '';
    child.stdout.on('data', (chunk: Buffer) => {
      stdout += chunk.toString();
    });
    child.stderr.on('data', (chunk: Buffer) => {
      stderr += chunk.toString();
    });
    child.once('error', reject);
    child.once('close', (code) => resolve({ code, stdout, stderr }));
  });
}

export const logferry = (args: readonly string[], env: Readonly<Record<string, string>>): Promise<Output> =>
  runProcess(process.execPath, [CLI, ...args], env);

/** Throws with all that the process said when it did not end well. */
export async function succeed(output: Promise<Output>, what: string): Promise<string> {
  const { code, stdout, stderr } = await output;
  if (code === 0) return stdout;
  throw new Error(`${what} ended with ${String(code)}: ${stderr}${stdout}`);
}

export function expectEqual(actual: unknown, expected: unknown, what: string): void {
  if (JSON.stringify(actual) === JSON.stringify(expected)) return;
  throw new Error(`${what}: expected ${JSON.stringify(expected)}, got ${JSON.stringify(actual)}`);
}
