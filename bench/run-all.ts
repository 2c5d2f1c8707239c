import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { LoadUsage } from './load/load-messages.ts';
import { LoadProcess } from './load/load-process.ts';
import type { BenchOptions } from './options.ts';
import { runWorker, type WorkerResult } from './worker/run-worker.ts';
import type { Scenario, Surroundings } from './worker/scenario.ts';

/** One run of one scenario. */
export interface Run extends WorkerResult {
  readonly scenario: string;
  /** What the processes of the other side took meanwhile. */
  readonly endpointCpuSeconds: number;
  readonly datakitCpuSeconds: number;
  /** Of request bodies, compressed. */
  readonly datakitBytes: number;
}

export interface AllRuns {
  readonly runs: readonly Run[];
  /** Of the events, as the endpoint tells them. */
  readonly facts: Readonly<Record<string, number>>;
}

/** Event time that the events are spread over, and how long ago it ended. */
const SPAN_MILLIS = 30 * 60_000;
const AGE_MILLIS = 10 * 60_000;

/** Every scenario as often as asked, in turns: what disturbs the machine for a while disturbs all of them. */
export async function runAll(
  scenarios: readonly Scenario[],
  options: BenchOptions,
  tell: (text: string) => void,
  signal: AbortSignal,
): Promise<AllRuns> {
  const toMillis = Date.now() - AGE_MILLIS;
  const range = { records: options.records, fromMillis: toMillis - SPAN_MILLIS, toMillis };
  const base = options.dir ?? tmpdir();
  mkdirSync(base, { recursive: true });
  const dir = mkdtempSync(join(base, 'logferry-bench-'));
  const load: LoadProcess[] = [];
  try {
    tell(`Making ${options.records.toLocaleString('en')} log events …`);
    const endpoint = await LoadProcess.start('endpoint-process.ts', range, signal);
    load.push(endpoint);
    const datakit = await LoadProcess.start('datakit-process.ts', {}, signal);
    load.push(datakit);
    const urls = { awsUrl: endpoint.ready.url, datakitUrl: datakit.ready.url };
    const runs: Run[] = [];
    for (let round = 1; round <= options.runs; round++) {
      for (const scenario of scenarios) {
        if (round > (scenario.maxRuns ?? options.runs)) continue;
        const runDir = join(dir, `${scenario.name}-${round}`);
        mkdirSync(runDir);
        const surroundings = { ...urls, ...range, dir: runDir };
        const run = await runOnce(scenario, surroundings, { endpoint, datakit }, options.profileDir, signal);
        rmSync(runDir, { recursive: true, force: true });
        runs.push(run);
        tell(`run ${round} of ${options.runs}  ${scenario.name.padEnd(14)} ${oneLine(run, scenario)}`);
      }
    }
    return { runs, facts: endpoint.ready.facts };
  } finally {
    await Promise.all(load.map((process) => process.close()));
    rmSync(dir, { recursive: true, force: true, maxRetries: 5 });
  }
}

async function runOnce(
  scenario: Scenario,
  surroundings: Surroundings,
  { endpoint, datakit }: { readonly endpoint: LoadProcess; readonly datakit: LoadProcess },
  profileDir: string | undefined,
  signal: AbortSignal,
): Promise<Run> {
  const usages = () => Promise.all([endpoint.usage(signal), datakit.usage(signal)]);
  const [endpointBefore, datakitBefore] = await usages();
  const result = await runWorker(scenario.name, surroundings, profileDir, signal);
  const [endpointAfter, datakitAfter] = await usages();
  const points = since(datakitBefore, datakitAfter, 'points');
  if (points !== result.points)
    throw new Error(`${scenario.name}: the DataKit counted ${points} points and not ${result.points}.`);
  return {
    scenario: scenario.name,
    ...result,
    endpointCpuSeconds: (endpointAfter.cpuMillis - endpointBefore.cpuMillis) / 1000,
    datakitCpuSeconds: (datakitAfter.cpuMillis - datakitBefore.cpuMillis) / 1000,
    datakitBytes: since(datakitBefore, datakitAfter, 'bytes'),
  };
}

function since(before: LoadUsage, after: LoadUsage, name: string): number {
  return (after.counts[name] ?? 0) - (before.counts[name] ?? 0);
}

function oneLine(run: Run, { isIdle }: Scenario): string {
  const cpuSeconds = run.cpuUserSeconds + run.cpuSystemSeconds;
  if (isIdle === true) return `${cpuSeconds.toFixed(2)} CPU s, ${run.requests} requests`;
  const perSecond = Math.round(run.records / run.seconds).toLocaleString('en');
  return `${perSecond} records/s in ${run.seconds.toFixed(1)} s, ${cpuSeconds.toFixed(1)} CPU s`;
}
