import { readdirSync, readFileSync } from 'node:fs';

export interface ChildUsage {
  /** User and system, milliseconds. */
  readonly cpuMillis: number;
  readonly peakRssBytes: number;
}

/** Linux counts the times of a process in hundredths of a second, whatever the clock of its kernel. */
const MILLIS_A_TICK = 10;

/** Of the processes that this one has started and that live, summed; undefined where there is no /proc. */
export function childUsage(): ChildUsage | undefined {
  try {
    const children = readdirSync('/proc').filter(
      (name) => /^\d+$/.test(name) && parentOf(name) === process.pid,
    );
    const usages = children.map(usageOf);
    return {
      cpuMillis: usages.reduce((sum, { cpuMillis }) => sum + cpuMillis, 0),
      peakRssBytes: usages.reduce((sum, { peakRssBytes }) => sum + peakRssBytes, 0),
    };
  } catch {
    return undefined;
  }
}

function usageOf(pid: string): ChildUsage {
  const fields = statOf(pid);
  const peak = /^VmHWM:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'));
  return {
    cpuMillis: (Number(fields[11]) + Number(fields[12])) * MILLIS_A_TICK,
    peakRssBytes: Number(peak?.[1] ?? 0) * 1024,
  };
}

function parentOf(pid: string): number | undefined {
  try {
    return Number(statOf(pid)[1]);
  } catch {
    // It ended between the listing and now.
    return undefined;
  }
}

/** proc(5) from the third field on: state, parent, … utime and stime are the 14th and 15th. */
function statOf(pid: string): readonly string[] {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  // The second field is a name in parentheses that may hold anything.
  return stat.slice(stat.lastIndexOf(')') + 2).split(' ');
}
