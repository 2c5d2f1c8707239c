import { isMachineTime, type LiveRun } from '../run-live.ts';
import type { Figure, Target } from '../worker/scenario.ts';
import type { Summary } from './summary.ts';

/** A figure that something is asked of. */
export type Targeted = Figure & { readonly target: Target };

/** Of the bare ceiling's records a second. */
const SHARE_OF_CEILING = 0.7;
const LOOP_DELAY_MILLIS = 50;
/** Of what reads and delivers with the product; the ceiling and the seed's script are not it. */
const NOT_OURS = new Set(['ceiling', 'seed-way']);

/** What is asked of the product, and what was seen of it; what was not run is left out. */
export function targetsOf(summaries: readonly Summary[], live: readonly LiveRun[]): readonly Targeted[] {
  return [
    ...speed(summaries),
    ...loopDelay(summaries, live),
    ...live.flatMap(({ figures }) =>
      figures.filter((figure): figure is Targeted => figure.target !== undefined),
    ),
  ];
}

function speed(summaries: readonly Summary[]): Targeted[] {
  const ceiling = summaries.find(({ scenario }) => scenario === 'ceiling');
  const datakit = summaries.find(({ scenario }) => scenario === 'datakit');
  if (ceiling === undefined || datakit === undefined) return [];
  const share = datakit.recordsPerSecond / ceiling.recordsPerSecond;
  return [
    {
      what: 'Records a second from log service to DataKit, of the bare ceiling',
      seen: `${Math.round(share * 100)} %`,
      target: { asked: `${SHARE_OF_CEILING * 100} % and more`, isMet: share >= SHARE_OF_CEILING },
    },
  ];
}

function loopDelay(summaries: readonly Summary[], live: readonly LiveRun[]): Targeted[] {
  const delays = [
    ...summaries
      .filter(({ scenario }) => !NOT_OURS.has(scenario))
      .map((of) => [of.scenario, of.loopDelayP99Millis] as const),
    ...live
      .filter(isMachineTime)
      .map(({ scenario, worker }) => [scenario, worker.loopDelayP99Millis] as const),
  ];
  const worst = delays.toSorted(([, a], [, b]) => b - a)[0];
  if (worst === undefined) return [];
  const [scenario, millis] = worst;
  return [
    {
      what: 'Event loop delay, p99, of the worst scenario',
      seen: `${millis.toFixed(0)} ms (${scenario})`,
      target: { asked: `under ${LOOP_DELAY_MILLIS} ms`, isMet: millis < LOOP_DELAY_MILLIS },
    },
  ];
}
