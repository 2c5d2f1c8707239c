import { parseArgs } from 'node:util';

export interface BenchOptions {
  readonly records: number;
  readonly runs: number;
  /** Everything small and short: to see that it works, not to compare. */
  readonly isQuick: boolean;
  /** Names of scenarios; empty = all. */
  readonly only: readonly string[];
  /** Where the data folders of the runs are made; the system's folder for temporary files when left out. */
  readonly dir: string | undefined;
  /** Where a CPU profile of each run is written. */
  readonly profileDir: string | undefined;
  /** False leaves `results/` as it is. */
  readonly keepResults: boolean;
}

export const USAGE = `npm run bench -- [options]

  --records N      log events of the backlog, which each run reads (default 400000)
  --runs N         runs of each scenario that reads it, of which the median counts (default 3)
  --quick          everything small and short, to see that it works. Leaves results/ as it is
  --only NAME      this scenario alone; may be given several times. Leaves results/ as it is
  --dir FOLDER     where data folders are made, and removed (default: the system's folder for temporary files)
  --profile FOLDER writes a CPU profile of each run there. Leaves results/ as it is
`;

/** Throws with a text for the terminal. */
export function readOptions(args: readonly string[]): BenchOptions {
  const { values } = parseArgs({
    args: [...args],
    options: {
      records: { type: 'string' },
      runs: { type: 'string' },
      quick: { type: 'boolean', default: false },
      only: { type: 'string', multiple: true, default: [] },
      dir: { type: 'string' },
      profile: { type: 'string' },
    },
  });
  const { quick, only, dir, profile } = values;
  return {
    records: wholeNumber('--records', values.records ?? (quick ? '50000' : '400000'), 1000),
    runs: wholeNumber('--runs', values.runs ?? (quick ? '1' : '3'), 1),
    isQuick: quick,
    only,
    dir,
    profileDir: profile,
    keepResults: only.length === 0 && profile === undefined && !quick,
  };
}

function wholeNumber(name: string, text: string, least: number): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value) || value < least)
    throw new Error(`${name} is a whole number from ${least} on.`);
  return value;
}
