import { readdirSync, readFileSync } from 'node:fs';

export interface ChildFacts {
  readonly pid: number;
  /** The most memory that it ever had at once, bytes. */
  readonly peakBytes: number;
}

/** Processes that this one started and that have not ended, those of the given script alone. */
export function childrenRunning(script: string, parent = process.pid): ChildFacts[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((pid) => {
      try {
        const status = readFileSync(`/proc/${pid}/status`, 'utf8');
        const isOurs = new RegExp(`^PPid:\\t${parent}$`, 'm').test(status);
        if (!isOurs || !readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(script)) return [];
        const peak = /^VmHWM:\s+(\d+) kB$/m.exec(status)?.[1];
        return [{ pid: Number(pid), peakBytes: Number(peak ?? 0) * 1024 }];
      } catch {
        // It ended meanwhile.
        return [];
      }
    });
}
