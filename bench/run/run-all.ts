import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { BenchOptions } from '../options.ts';
import type { Scenario } from '../worker/scenario.ts';
import { requireAll } from './other-side.ts';
import { type BacklogRuns, runBacklog } from './run-backlog.ts';
import { type LiveRun, runLive } from './run-live.ts';
import { runResumed } from './run-resumed.ts';

export interface AllRuns extends BacklogRuns {
  readonly live: readonly LiveRun[];
}

/** Those that read the backlog first, in turns; then one after the other those that have an other side of their own. */
export async function runAll(
  scenarios: readonly Scenario[],
  options: BenchOptions,
  tell: (text: string) => void,
  signal: AbortSignal,
): Promise<AllRuns> {
  const base = options.dir ?? tmpdir();
  mkdirSync(base, { recursive: true });
  const dir = mkdtempSync(join(base, 'logferry-bench-'));
  try {
    const readers = scenarios.filter(
      (scenario) => scenario.kind === 'backlog' || scenario.kind === 'program',
    );
    const backlog = await runBacklog(readers, options, dir, tell, signal);
    const live: LiveRun[] = [];
    for (const scenario of scenarios) {
      if (scenario.kind !== 'live' && scenario.kind !== 'resumed') continue;
      tell(`${scenario.name} …`);
      const run = await (scenario.kind === 'live'
        ? runLive(scenario, { ...options, dir }, signal)
        : runResumed(scenario, { ...options, dir }, signal));
      for (const { what, seen } of run.figures) tell(`  ${what}: ${seen}`);
      requireAll(run.scenario, run.arrivals);
      live.push(run);
    }
    return { ...backlog, live };
  } finally {
    rmSync(dir, { recursive: true, force: true, maxRetries: 5 });
  }
}
