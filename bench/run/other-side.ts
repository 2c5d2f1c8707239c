import type { ArrivalReport } from '../load/live/arrivals.ts';
import type { LivePlan } from '../load/live/live-plan.ts';
import type { RequestReport } from '../load/live/request-counts.ts';
import { LoadProcess } from '../load/load-process.ts';
import type { WorkerResult } from '../worker/run-worker.ts';
import type { Addresses, LiveOutcome } from '../worker/scenario.ts';

const SOME_GROUPS = 3;

export type Urls = Pick<Addresses, 'awsUrl' | 'datakitUrl'>;

interface OtherSide {
  readonly endpoint: LoadProcess;
  readonly urls: Urls;
}

/** Plays both sides of a plan in processes of their own while `run` runs; then asks them what they saw. */
export async function withOtherSide(
  plan: LivePlan,
  run: (other: OtherSide) => Promise<WorkerResult>,
  signal: AbortSignal,
): Promise<LiveOutcome> {
  const load: LoadProcess[] = [];
  try {
    const endpoint = await LoadProcess.start('live/live-endpoint-process.ts', plan, signal);
    load.push(endpoint);
    const datakit = await LoadProcess.start('live/arrivals-process.ts', plan, signal);
    load.push(datakit);
    const urls = { awsUrl: endpoint.ready.url, datakitUrl: datakit.ready.url };
    const worker = await run({ endpoint, urls });
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

/** Throws when an event did not arrive, or arrived twice. */
export function requireAll(scenario: string, arrivals: ArrivalReport): void {
  const { expected, arrived, twice, unknown, missing } = arrivals;
  if (arrived === expected && twice === 0 && unknown === 0) return;
  const some = [
    ...missing.slice(0, SOME_GROUPS),
    ...(missing.length > SOME_GROUPS ? [`and ${missing.length - SOME_GROUPS} more log groups`] : []),
  ];
  throw new Error(
    `${scenario}: ${arrived} of ${expected} events had arrived at the end, ${twice} came twice, and ${unknown} points are none of them. Missing: ${some.join('. ')}`,
  );
}
