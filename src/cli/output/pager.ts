import { spawn } from 'node:child_process';
import { once } from 'node:events';
import type { CliContext, TextOutput } from '../cli-context.ts';

/** Colours stay, a text that fits is only printed, and it begins at its end. */
const LESS = '-RFX +G';

export interface Pages {
  readonly output: TextOutput;
  /** Resolves when the person has left the pager. */
  end(): Promise<void>;
}

/**
 * A pager on a terminal, as $PAGER says (`cat` or nothing for none; default `less`). Elsewhere, and where there is none,
 * standard output itself. On Windows there is none.
 */
export async function openPager(cli: CliContext): Promise<Pages> {
  const direct: Pages = { output: cli.stdout, end: () => Promise.resolve() };
  const command = cli.env['LOGFERRY_PAGER'] ?? cli.env['PAGER'] ?? 'less';
  const isWanted = cli.stdout.isTTY === true && !['', 'cat'].includes(command.trim());
  if (!isWanted || process.platform === 'win32') return direct;
  const child = spawn('sh', ['-c', command], {
    stdio: ['pipe', 'inherit', 'inherit'],
    env: { ...process.env, LESS: cli.env['LESS'] ?? LESS },
  });
  // Who leaves the pager early has seen enough.
  child.stdin.on('error', () => {});
  const ended = once(child, 'close');
  try {
    await once(child, 'spawn');
  } catch {
    return direct;
  }
  return {
    output: child.stdin,
    end: async () => {
      child.stdin.end();
      await ended;
    },
  };
}
