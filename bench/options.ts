import { parseArgs } from 'node:util';

export interface BenchOptions {
  readonly records: number;
  readonly runs: number;
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

  --records N      log events that each run reads (default 400000)
  --runs N         runs of each scenario, of which the median counts (default 3)
  --only NAME      this scenario alone; may be given several times. Leaves results/ as it is
  --dir FOLDER     where data folders are made, and removed (default: the system's folder for temporary files)
  --profile FOLDER writes a CPU profile of each run there. Leaves results/ as it is
`;

/** Throws with a text for the terminal. */
export function readOptions(args: readonly string[]): BenchOptions {
  const { values } = parseArgs({
    args: [...args],
    options: {
      records: { type: 'string', default: '400000' },
      runs: { type: 'string', default: '3' },
      only: { type: 'string', multiple: true, default: [] },
      dir: { type: 'string' },
      profile: { type: 'string' },
    },
  });
  const { only, dir, profile } = values;
  return {
    records: wholeNumber('--records', values.records, 1000),
    runs: wholeNumber('--runs', values.runs, 1),
    only,
    dir,
    profileDir: profile,
    keepResults: only.length === 0 && profile === undefined,
  };
}

function wholeNumber(name: string, text: string, least: number): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value) || value < least)
    throw new Error(`${name} is a whole number from ${least} on.`);
  return value;
}
