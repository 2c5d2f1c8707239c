import { IDLE_GROUPS, IDLE_SECONDS } from '../load/bench-groups.ts';
import type { BenchOptions } from '../options.ts';
import type { Machine } from './machine.ts';
import type { Summary } from './summary.ts';

export interface ReportContext {
  readonly machine: Machine;
  readonly options: BenchOptions;
  readonly facts: Readonly<Record<string, number>>;
}

/** Markdown that reads well on a terminal too. */
export function renderReport(
  summaries: readonly Summary[],
  { machine, options, facts }: ReportContext,
): string {
  const working = summaries.filter(({ isIdle }) => !isIdle);
  const sizes = `messages of ${Math.round(facts['messageBytes'] ?? 0)} bytes on average, ${Math.round(facts['eventJsonBytes'] ?? 0)} bytes of JSON a record`;
  return [
    '# Benchmark',
    '',
    `${machine.date}, Node.js ${machine.node}, ${machine.platform}, ${machine.cores} cores of ${machine.cpu}, ${machine.memoryGiB} GiB.`,
    `${whole(options.records)} records a run, ${sizes}. Medians of ${options.runs} ${options.runs === 1 ? 'run' : 'runs'}.`,
    ...machine.warnings.map((warning) => `Warning: ${warning}`),
    '',
    ...(working.length > 0 ? table(WORK_HEAD, workRows(working)) : []),
    '',
    ...working.map(({ scenario, title }) => `- \`${scenario}\`: ${title}.`),
    ...summaries.filter(({ isIdle }) => isIdle).flatMap(idleLines),
    '',
    'CPU is user and system time of the collector, all its threads, and of the log store’s engine where there is one.',
    'The last column says how much of the time the other side (the log service, the DataKit) was at work, each on a',
    'thread of its own: near 100 %, it is what is measured. How to read the rest: bench/README.md.',
    '',
  ].join('\n');
}

const WORK_HEAD = [
  'scenario',
  'records/s',
  'slowest … fastest',
  'CPU s / million',
  'of it engine',
  'CPU × ceiling',
  'RSS at start',
  'peak RSS',
  'engine RSS',
  'others busy',
];

function workRows(summaries: readonly Summary[]): string[][] {
  const ceiling = summaries.find(({ scenario }) => scenario === 'ceiling')?.cpuSecondsPerMillion;
  return summaries.map((of) => {
    return [
      of.scenario,
      whole(of.recordsPerSecond),
      `${whole(of.slowestRecordsPerSecond)} … ${whole(of.fastestRecordsPerSecond)}`,
      of.cpuSecondsPerMillion.toFixed(1),
      of.childPeakRssBytes === 0 ? '' : of.childCpuSecondsPerMillion.toFixed(1),
      ceiling === undefined ? '' : (of.cpuSecondsPerMillion / ceiling).toFixed(1),
      mebibytes(of.beginRssBytes),
      mebibytes(of.peakRssBytes),
      of.childPeakRssBytes === 0 ? '' : mebibytes(of.childPeakRssBytes),
      `${percent(of.endpointBusy)}, ${percent(of.datakitBusy)}`,
    ];
  });
}

function idleLines({ title, cpuSeconds, requests, peakRssBytes }: Summary): string[] {
  const groupMinutes = (IDLE_GROUPS * IDLE_SECONDS) / 60;
  const millis = ((cpuSeconds * 1000) / groupMinutes).toFixed(1);
  return [
    '',
    `Idle (${title}): ${millis} CPU ms and ${(requests / groupMinutes).toFixed(1)} requests a log group and minute, what the process does beside it included; peak RSS ${mebibytes(peakRssBytes)}.`,
  ];
}

function table(head: readonly string[], rows: readonly string[][]): string[] {
  const widths = head.map((title, column) =>
    Math.max(title.length, ...rows.map((row) => (row[column] ?? '').length)),
  );
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell, column) => (column === 0 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0))).join(' | ')} |`;
  const rule = widths.map((width, column) =>
    column === 0 ? '-'.repeat(width) : `${'-'.repeat(width - 1)}:`,
  );
  return [line(head), line(rule), ...rows.map(line)];
}

const whole = (value: number) => Math.round(value).toLocaleString('en');
const mebibytes = (bytes: number) => `${Math.round(bytes / 1024 ** 2)} MiB`;
const percent = (share: number) => `${Math.round(share * 100)} %`;
