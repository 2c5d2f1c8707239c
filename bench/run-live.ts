import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { ArrivalReport } from './load/live/arrivals.ts';
import type { LivePlan } from './load/live/live-plan.ts';
import type { RequestReport } from './load/live/request-counts.ts';
import { LoadProcess } from './load/load-process.ts';
import { runWorker, type WorkerResult } from './worker/run-worker.ts';
import type { Addresses, Figure, LiveOutcome, LiveScenario, LiveSurroundings } from './worker/scenario.ts';

/** One run of a live scenario. */
export interface LiveRun {
  readonly scenario: string;
  readonly title: string;
  readonly time: LiveScenario['time'];
  readonly worker: WorkerResult;
  readonly figures: readonly Figure[];
}

/** Its CPU, its memory and its event loop say something. */
export const isMachineTime = ({ time }: LiveRun): boolean => time === 'machine';

export interface LiveRunOptions {
  readonly isQuick: boolean;
  readonly dir: string;
  readonly profileDir: string | undefined;
}

type Urls = Pick<Addresses, 'awsUrl' | 'datakitUrl'>;

/** Rejects when an event did not arrive, or arrived twice. */
export async function runLive(
  scenario: LiveScenario,
  { isQuick, dir, profileDir }: LiveRunOptions,
  signal: AbortSignal,
): Promise<LiveRun> {
  const { name, title, time } = scenario;
  const plan = scenario.plan(Date.now(), isQuick);
  const runDir = join(dir, name);
  mkdirSync(runDir);
  const run = async (urls: Urls) => {
    const surroundings: LiveSurroundings = { ...urls, dir: runDir, plan };
    return await runWorker(name, surroundings, profileDir, signal);
  };
  const outcome =
    time === 'simulated'
      ? withOwnReports(plan, await run({ awsUrl: '', datakitUrl: '' }))
      : await withOtherSide(plan, run, signal);
  requireAll(name, outcome.arrivals);
  return { scenario: name, title, time, worker: outcome.worker, figures: scenario.figures(outcome) };
}

function withOwnReports(plan: LivePlan, worker: WorkerResult): LiveOutcome {
  if (worker.reports === undefined) throw new Error('A scenario in simulated time reports what it saw.');
  return { plan, worker, ...worker.reports };
}

async function withOtherSide(
  plan: LivePlan,
  run: (urls: Urls) => Promise<WorkerResult>,
  signal: AbortSignal,
): Promise<LiveOutcome> {
  const load: LoadProcess[] = [];
  try {
    const endpoint = await LoadProcess.start('live/live-endpoint-process.ts', plan, signal);
    load.push(endpoint);
    const datakit = await LoadProcess.start('live/arrivals-process.ts', plan, signal);
    load.push(datakit);
    const worker = await run({ awsUrl: endpoint.ready.url, datakitUrl: datakit.ready.url });
    return {
      plan,
      worker,
      requests: (await endpoint.report(signal)) as RequestReport,
      arrivals: (await datakit.report(signal)) as ArrivalReport,
    };
  } finally {
    await Promise.all(load.map((process) => process.close()));
  }
}

function requireAll(scenario: string, { expected, arrived, twice, unknown, missing }: ArrivalReport): void {
  if (arrived === expected && twice === 0 && unknown === 0) return;
  throw new Error(
    `${scenario}: ${arrived} of ${expected} events arrived, ${twice} of them twice, and ${unknown} points that are none of them. ${missing.slice(0, 10).join('. ')}`,
  );
}
