import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { ArrivalReport } from '../load/live/arrivals.ts';
import type { LivePlan } from '../load/live/live-plan.ts';
import { runWorker, type WorkerResult } from '../worker/run-worker.ts';
import type { Figure, LiveOutcome, LiveScenario, LiveSurroundings } from '../worker/scenario.ts';
import { type Urls, withOtherSide } from './other-side.ts';

/** One run of a scenario that has an other side of its own. */
export interface LiveRun {
  readonly scenario: string;
  readonly title: string;
  readonly time: LiveScenario['time'];
  readonly worker: WorkerResult;
  readonly arrivals: ArrivalReport;
  readonly figures: readonly Figure[];
}

/** Its CPU, its memory and its event loop say something. */
export const isMachineTime = ({ time }: LiveRun): boolean => time === 'machine';

export interface LiveRunOptions {
  readonly records: number;
  readonly isQuick: boolean;
  readonly dir: string;
  readonly profileDir: string | undefined;
}

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
      : await withOtherSide(plan, ({ urls }) => run(urls), signal);
  const figures = scenario.figures(outcome);
  rmSync(runDir, { recursive: true, force: true });
  const { worker, arrivals } = outcome;
  return { scenario: name, title, time, worker, arrivals, figures };
}

function withOwnReports(plan: LivePlan, worker: WorkerResult): LiveOutcome {
  if (worker.reports === undefined) throw new Error('A scenario in simulated time reports what it saw.');
  return { plan, worker, ...worker.reports };
}
