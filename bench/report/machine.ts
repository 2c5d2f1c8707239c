import { statfsSync } from 'node:fs';
import { availableParallelism, cpus, tmpdir, totalmem } from 'node:os';

export interface Machine {
  readonly date: string;
  readonly node: string;
  readonly platform: string;
  readonly cpu: string;
  readonly cores: number;
  readonly memoryGiB: number;
  readonly warnings: readonly string[];
}

const TMPFS = 0x01021994;

/** What the numbers hang on; nothing that would tell whose machine it is. */
export function describeMachine(dir = tmpdir()): Machine {
  return {
    date: new Date().toISOString().slice(0, 10),
    node: process.version,
    platform: `${process.platform} ${process.arch}`,
    cpu: cpus()[0]?.model.trim() ?? 'unknown',
    cores: availableParallelism(),
    memoryGiB: Math.round(totalmem() / 1024 ** 3),
    warnings: [
      ...(isInMemory(dir)
        ? [
            'The data folders are in memory (tmpfs), where fsync costs nothing: give a folder on disk by --dir.',
          ]
        : []),
      ...(process.platform === 'linux' ? [] : ['Without /proc, the log store’s engine is not measured.']),
    ],
  };
}

function isInMemory(dir: string): boolean {
  try {
    return statfsSync(dir).type === TMPFS;
  } catch {
    return false;
  }
}
