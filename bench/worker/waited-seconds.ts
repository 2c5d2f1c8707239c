import { readFileSync } from 'node:fs';

/** Of the time: with more of it, delays are those of the machine. */
const MAX_WAITED_SHARE = 0.2;

/**
 * For how long the main thread of a process was ready to run and had no core, since its start; undefined where the kernel
 * does not say.
 */
export function waitedSeconds(pid: number): number | undefined {
  try {
    // proc(5): nanoseconds on a core, nanoseconds waited for one, turns.
    const [, nanos] = readFileSync(`/proc/${pid}/task/${pid}/schedstat`, 'utf8').split(' ');
    return Number(nanos) / 1e9;
  } catch {
    return undefined;
  }
}

type Waiting = { readonly waitedSeconds: number | undefined; readonly seconds: number };

export function waitedShareOf({ waitedSeconds: waited, seconds }: Waiting): number | undefined {
  return waited === undefined ? undefined : waited / seconds;
}

/** Whether others kept the cores for so long that the times of a run say nothing of it. */
export function isDisturbed(waitedShare: number | undefined): boolean {
  return (waitedShare ?? 0) > MAX_WAITED_SHARE;
}
