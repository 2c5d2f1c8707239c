import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { LoadUsage } from '../load/load-messages.ts';
import { LoadProcess } from '../load/load-process.ts';
import type { BenchOptions } from '../options.ts';
import { runWorker, type WorkerResult } from '../worker/run-worker.ts';
import type { BacklogScenario, ProgramScenario, Surroundings } from '../worker/scenario.ts';

/** One run of a scenario that reads the backlog. */
export interface BacklogRun extends WorkerResult {
  readonly scenario: string;
  /** What the processes of the other side took meanwhile. */
  readonly endpointCpuSeconds: number;
  readonly datakitCpuSeconds: number;
  /** Of request bodies, compressed. */
  readonly datakitBytes: number;
}

export interface BacklogRuns {
  readonly runs: readonly BacklogRun[];
  /** Why a scenario was not run, by its name. */
  readonly missing: Readonly<Record<string, string>>;
  /** Of the events, as the endpoint tells them. */
  readonly facts: Readonly<Record<string, number>>;
}

/** Event time that the events are spread over, and how long ago it ended. */
const SPAN_MILLIS = 30 * 60_000;
const AGE_MILLIS = 10 * 60_000;

/** Every scenario as often as asked, in turns: what disturbs the machine for a while disturbs all of them. */
export async function runBacklog(
  scenarios: readonly (BacklogScenario | ProgramScenario)[],
  options: BenchOptions,
  dir: string,
  tell: (text: string) => void,
  signal: AbortSignal,
): Promise<BacklogRuns> {
  const { readers, missing } = readersOf(scenarios);
  for (const [name, reason] of Object.entries(missing)) tell(`${name} is left out: ${reason}.`);
  if (readers.length === 0) return { runs: [], missing, facts: {} };
  const toMillis = Date.now() - AGE_MILLIS;
  const range = { records: options.records, fromMillis: toMillis - SPAN_MILLIS, toMillis };
  const load: LoadProcess[] = [];
  try {
    tell(`Making ${options.records.toLocaleString('en')} log events …`);
    const endpoint = await LoadProcess.start('endpoint-process.ts', range, signal);
    load.push(endpoint);
    const datakit = await LoadProcess.start('datakit-process.ts', {}, signal);
    load.push(datakit);
    const urls = { awsUrl: endpoint.ready.url, datakitUrl: datakit.ready.url };
    const runs: BacklogRun[] = [];
    for (let round = 1; round <= options.runs; round++) {
      for (const reader of readers.filter(({ maxRuns }) => round <= maxRuns)) {
        const runDir = join(dir, `${reader.name}-${round}`);
        mkdirSync(runDir);
        const surroundings = { ...urls, ...range, dir: runDir };
        const run = await runOnce(reader, surroundings, { endpoint, datakit }, options.profileDir, signal);
        rmSync(runDir, { recursive: true, force: true });
        runs.push(run);
        tell(`run ${round} of ${options.runs}  ${reader.name.padEnd(15)} ${oneLine(run)}`);
      }
    }
    return { runs, missing, facts: endpoint.ready.facts };
  } finally {
    await Promise.all(load.map((process) => process.close()));
  }
}

/** A scenario that reads the backlog, ready to run. */
interface Reader {
  readonly name: string;
  readonly maxRuns: number;
  run(surroundings: Surroundings, profileDir: string | undefined, signal: AbortSignal): Promise<WorkerResult>;
}

function readersOf(scenarios: readonly (BacklogScenario | ProgramScenario)[]): {
  readonly readers: readonly Reader[];
  readonly missing: Readonly<Record<string, string>>;
} {
  const readers: Reader[] = [];
  const missing: Record<string, string> = {};
  for (const scenario of scenarios) {
    const reader = readerOf(scenario);
    if ('missing' in reader) missing[scenario.name] = reader.missing;
    else readers.push(reader);
  }
  return { readers, missing };
}

function readerOf(scenario: BacklogScenario | ProgramScenario): Reader | { readonly missing: string } {
  const { name } = scenario;
  if (scenario.kind === 'backlog')
    return {
      name,
      maxRuns: Number.POSITIVE_INFINITY,
      run: (surroundings, profileDir, signal) => runWorker(name, surroundings, profileDir, signal),
    };
  const program = scenario.prepare();
  return 'missing' in program
    ? program
    : {
        name,
        maxRuns: scenario.maxRuns,
        run: (surroundings, _, signal) => program.run(surroundings, signal),
      };
}

async function runOnce(
  reader: Reader,
  surroundings: Surroundings,
  { endpoint, datakit }: { readonly endpoint: LoadProcess; readonly datakit: LoadProcess },
  profileDir: string | undefined,
  signal: AbortSignal,
): Promise<BacklogRun> {
  const usages = () => Promise.all([endpoint.usage(signal), datakit.usage(signal)]);
  const [endpointBefore, datakitBefore] = await usages();
  const result = await reader.run(surroundings, profileDir, signal);
  const [endpointAfter, datakitAfter] = await usages();
  const points = since(datakitBefore, datakitAfter, 'points');
  if (points !== result.points)
    throw new Error(`${reader.name}: the DataKit counted ${points} points and not ${result.points}.`);
  return {
    scenario: reader.name,
    ...result,
    endpointCpuSeconds: (endpointAfter.cpuMillis - endpointBefore.cpuMillis) / 1000,
    datakitCpuSeconds: (datakitAfter.cpuMillis - datakitBefore.cpuMillis) / 1000,
    datakitBytes: since(datakitBefore, datakitAfter, 'bytes'),
  };
}

function since(before: LoadUsage, after: LoadUsage, name: string): number {
  return (after.counts[name] ?? 0) - (before.counts[name] ?? 0);
}

function oneLine(run: BacklogRun): string {
  const cpuSeconds = run.cpuUserSeconds + run.cpuSystemSeconds;
  const perSecond = Math.round(run.records / run.seconds).toLocaleString('en');
  return `${perSecond} records/s in ${run.seconds.toFixed(1)} s, ${cpuSeconds.toFixed(1)} CPU s`;
}
