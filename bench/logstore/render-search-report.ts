import type { Machine } from '../report/machine.ts';
import type { Filled } from './fill-store.ts';
import type { Measured, Timing } from './questions.ts';

export interface SearchReport {
  readonly machine: Machine;
  readonly records: number;
  readonly rangeMillis: number;
  readonly filled: Filled;
  readonly measured: readonly Measured[];
}

export function renderSearchReport({
  machine,
  records,
  rangeMillis,
  filled,
  measured,
}: SearchReport): string {
  const { bytesOnDisk, engineSecondsAMillion } = filled;
  const disk = `${(bytesOnDisk / records).toFixed(1)} bytes a record on disk`;
  const cpu =
    engineSecondsAMillion === undefined
      ? ''
      : `, ${engineSecondsAMillion.toFixed(1)} CPU seconds of the engine to insert a million`;
  const rows = measured.map(
    ({ name, records: found, rows, histogram, facets, together }) =>
      `| ${[name, found.toLocaleString('en'), ...[rows, histogram, facets, together].map(cell)].join(' | ')} |`,
  );
  return `# Searching the log store

${machine.date}, Node.js ${machine.node}, ${machine.platform}, ${machine.cores} cores of ${machine.cpu}, ${machine.memoryGiB} GiB.
${records.toLocaleString('en')} records of ${Math.round(rangeMillis / 3_600_000)} hours; ${disk}${cpu}.
Milliseconds: median … slowest by the clock (median of the engine's CPU time, all threads). Each run asks something that was not
asked before.

| question | records | first 100 rows | histogram | facets | all three at once |
| --- | --: | --: | --: | --: | --: |
${rows.join('\n')}
`;
}

/** `120 … 150 (90)`: median and slowest by the clock on the wall, and the median of the engine's CPU time. */
function cell(timings: readonly Timing[]): string {
  const walls = timings.map(({ wallMillis }) => wallMillis).toSorted((a, b) => a - b);
  const cpus = timings.map(({ cpuMillis }) => cpuMillis).toSorted((a, b) => a - b);
  const slowest = walls.at(-1) ?? 0;
  return `${median(walls).toFixed(0)} … ${slowest.toFixed(0)} (${median(cpus).toFixed(0)})`;
}

function median(sorted: readonly number[]): number {
  return sorted[Math.floor(sorted.length / 2)] ?? 0;
}
