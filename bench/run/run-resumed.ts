import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { liveGroups } from '../load/live/live-groups.ts';
import { eventsAPage } from '../load/live/live-pages.ts';
import type { LivePlan } from '../load/live/live-plan.ts';
import type { LoadProcess } from '../load/load-process.ts';
import { runWorker } from '../worker/run-worker.ts';
import type { ResumedScenario, ResumedSurroundings } from '../worker/scenario.ts';
import { withOtherSide } from './other-side.ts';
import type { LiveRun, LiveRunOptions } from './run-live.ts';

const LOOK_EVERY_MILLIS = 50;

/** What the first process has read stays in its data folder, for the second. */
export async function runResumed(
  scenario: ResumedScenario,
  { records, dir, profileDir }: LiveRunOptions,
  signal: AbortSignal,
): Promise<LiveRun> {
  const { name, title, killAfterShare } = scenario;
  const plan = scenario.plan(Date.now(), records);
  const runDir = join(dir, name);
  mkdirSync(runDir);
  const outcome = await withOtherSide(
    plan,
    async ({ endpoint, urls }) => {
      const surroundings = { ...urls, dir: runDir, plan };
      const begun: ResumedSurroundings = { ...surroundings, isResumed: false };
      await runAndKill(name, begun, killAfterShare * pagesOf(plan), endpoint, signal);
      await endpoint.nextPhase(signal);
      const resumed: ResumedSurroundings = { ...surroundings, isResumed: true };
      return await runWorker(name, resumed, profileDir, signal);
    },
    signal,
  );
  const figures = scenario.figures(outcome);
  rmSync(runDir, { recursive: true, force: true });
  const { worker, arrivals } = outcome;
  return { scenario: name, title, time: 'machine', worker, arrivals, figures };
}

/** Rejects with what it failed of, when that was not the kill. */
async function runAndKill(
  scenario: string,
  surroundings: ResumedSurroundings,
  pages: number,
  endpoint: LoadProcess,
  signal: AbortSignal,
): Promise<void> {
  const kill = new AbortController();
  const asPlanned = new Error('Killed, as planned.');
  const killable = AbortSignal.any([signal, kill.signal]);
  const running = runWorker(scenario, surroundings, undefined, killable).then(() => {
    throw new Error(`${scenario} was through before it could be killed.`);
  });
  try {
    await Promise.race([running, pagesServed(endpoint, pages, killable)]);
  } finally {
    kill.abort(asPlanned);
  }
  await running.catch((thrown: unknown) => {
    if (thrown !== asPlanned) throw thrown;
  });
}

async function pagesServed(endpoint: LoadProcess, pages: number, signal: AbortSignal): Promise<void> {
  while (((await endpoint.usage(signal)).counts['pages'] ?? 0) < pages)
    await sleep(LOOK_EVERY_MILLIS, undefined, { signal });
}

const pagesOf = (plan: LivePlan): number =>
  liveGroups(plan.groups).reduce((sum, group) => sum + group.events / eventsAPage(group), 0);
