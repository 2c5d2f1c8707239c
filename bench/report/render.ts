import type { BenchOptions } from '../options.ts';
import { isMachineTime, type LiveRun } from '../run/run-live.ts';
import type { Target } from '../worker/scenario.ts';
import { waitedShareOf } from '../worker/waited-seconds.ts';
import type { Machine } from './machine.ts';
import type { Summary } from './summary.ts';
import { table } from './table.ts';
import type { Targeted } from './targets.ts';

export interface Results {
  readonly machine: Machine;
  readonly options: BenchOptions;
  /** Of the backlog's events; empty when none was read. */
  readonly facts: Readonly<Record<string, number>>;
  readonly summary: readonly Summary[];
  /** Why a scenario was not run, by its name. */
  readonly missing: Readonly<Record<string, string>>;
  readonly live: readonly LiveRun[];
  readonly targets: readonly Targeted[];
}

/** Markdown that reads well on a terminal too. */
export function renderReport(results: Results): string {
  const { machine, targets, summary, live } = results;
  return [
    '# Benchmark',
    '',
    `${machine.date}, Node.js ${machine.node}, ${machine.platform}, ${machine.cores} cores of ${machine.cpu}, ${machine.memoryGiB} GiB.`,
    ...machine.warnings.map((warning) => `Warning: ${warning}`),
    '',
    ...(targets.length > 0 ? targetLines(targets) : []),
    ...(summary.length > 0 ? backlogLines(results) : []),
    ...(live.length > 0 ? liveLines(live) : []),
    'CPU is user and system time of the collector, all its threads, and of the log store’s engine where there is one. How to',
    'read the rest: bench/README.md.',
    '',
  ].join('\n');
}

function targetLines(targets: readonly Targeted[]): string[] {
  const rows = targets.map(({ what, seen, target }) => [what, target.asked, seen, met(target)]);
  return ['## Targets', '', ...table(['what', 'asked', 'seen', 'met'], rows, 'text'), ''];
}

function met({ isMet }: Target): string {
  if (isMet === undefined) return 'not judged';
  return isMet ? 'yes' : 'no';
}

const BACKLOG_HEAD = [
  'scenario',
  'records/s',
  'slowest … fastest',
  'CPU s / million',
  'of it engine',
  'CPU × ceiling',
  'RSS at start',
  'peak RSS',
  'engine RSS',
  'loop delay',
  'waited',
  'others busy',
];

function backlogLines({ options, facts, summary, missing }: Results): string[] {
  const ceiling = summary.find(({ scenario }) => scenario === 'ceiling')?.cpuSecondsPerMillion;
  const rows = summary.map((of) => [
    of.scenario,
    whole(of.recordsPerSecond),
    `${whole(of.slowestRecordsPerSecond)} … ${whole(of.fastestRecordsPerSecond)}`,
    of.cpuSecondsPerMillion.toFixed(1),
    of.childPeakRssBytes === 0 ? '' : of.childCpuSecondsPerMillion.toFixed(1),
    ceiling === undefined ? '' : (of.cpuSecondsPerMillion / ceiling).toFixed(1),
    mebibytes(of.beginRssBytes),
    mebibytes(of.peakRssBytes),
    of.childPeakRssBytes === 0 ? '' : mebibytes(of.childPeakRssBytes),
    loopDelay(of),
    share(of.waitedShare),
    `${percent(of.endpointBusy)}, ${percent(of.datakitBusy)}`,
  ]);
  const sizes = `messages of ${Math.round(facts['messageBytes'] ?? 0)} bytes on average, ${Math.round(facts['eventJsonBytes'] ?? 0)} bytes of JSON a record`;
  return [
    '## Reading a backlog',
    '',
    `${whole(options.records)} records a run, ${sizes}. ${options.runs === 1 ? 'One run each' : `Medians of ${options.runs} runs; of the script in Python, one`}.`,
    '',
    ...table(BACKLOG_HEAD, rows),
    '',
    ...summary.map(({ scenario, title }) => `- \`${scenario}\`: ${title}.`),
    ...Object.entries(missing).map(([scenario, reason]) => `- \`${scenario}\`: not run here, ${reason}.`),
    '',
    'The last column says how much of the time the other side (the log service, the DataKit) was at work, each on a thread of',
    'its own: near 100 %, it is what is measured. The one before: for how much of it the main thread waited for a core.',
    '',
  ];
}

const LIVE_HEAD = [
  'scenario',
  'seconds',
  'CPU of a core',
  'RSS at start',
  'peak RSS',
  'loop delay',
  'waited',
];

function liveLines(live: readonly LiveRun[]): string[] {
  const rows = live
    .filter(isMachineTime)
    .map(({ scenario, worker }) => [
      scenario,
      worker.seconds.toFixed(0),
      `${(((worker.cpuUserSeconds + worker.cpuSystemSeconds) / worker.seconds) * 100).toFixed(1)} %`,
      mebibytes(worker.beginRssBytes),
      mebibytes(worker.peakRssBytes),
      loopDelay(worker),
      share(waitedShareOf(worker)),
    ]);
  const details = live.flatMap(({ scenario, title, figures }) => [
    `- \`${scenario}\`: ${title}.`,
    ...figures.map(({ what, seen }) => `  - ${what}: ${seen}.`),
  ]);
  return [
    '## Following, and filling back',
    '',
    'Of all that became visible nothing was lost, and nothing arrived twice.',
    '',
    ...(rows.length > 0 ? [...table(LIVE_HEAD, rows), ''] : []),
    ...details,
    '',
  ];
}

type LoopDelay = Pick<Summary, 'loopDelayP99Millis' | 'loopDelayMaxMillis'>;

function loopDelay({ loopDelayP99Millis: p99, loopDelayMaxMillis: max }: LoopDelay): string {
  return p99 === undefined || max === undefined ? '' : `${Math.round(p99)}, ${Math.round(max)} ms`;
}
const whole = (value: number) => Math.round(value).toLocaleString('en');
const mebibytes = (bytes: number) => `${Math.round(bytes / 1024 ** 2)} MiB`;
const share = (known: number | undefined) => (known === undefined ? '' : percent(known));
const percent = (part: number) => `${Math.round(part * 100)} %`;
