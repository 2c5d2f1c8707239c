import { isMachineTime, type LiveRun } from '../run/run-live.ts';
import type { Figure, Target } from '../worker/scenario.ts';
import { isDisturbed, waitedShareOf } from '../worker/waited-seconds.ts';
import type { Summary } from './summary.ts';

/** A figure that something is asked of. */
export type Targeted = Figure & { readonly target: Target };

/** Of the bare ceiling's records a second. */
const SHARE_OF_CEILING = 0.7;
/** Of the CPU seconds a record that the seed's script takes. */
const TIMES_LESS_CPU = 20;
const LOOP_DELAY_MILLIS = 50;
/** The ceiling and the seed's script are not the product. */
const NOT_OURS = new Set(['ceiling', 'seed-way']);

/** What is asked of the product, and what was seen of it; what was not run is left out. */
export function targetsOf(summaries: readonly Summary[], live: readonly LiveRun[]): readonly Targeted[] {
  return [
    ...speed(summaries),
    ...cpu(summaries),
    ...loopDelay(summaries, live),
    ...live.flatMap(({ figures }) =>
      figures.filter((figure): figure is Targeted => figure.target !== undefined),
    ),
  ];
}

function speed(summaries: readonly Summary[]): Targeted[] {
  const ceiling = named('ceiling', summaries);
  const datakit = named('datakit', summaries);
  if (ceiling === undefined || datakit === undefined) return [];
  const share = datakit.recordsPerSecond / ceiling.recordsPerSecond;
  return [
    {
      what: 'Records a second from log service to DataKit, of the bare ceiling',
      seen: `${Math.round(share * 100)} %`,
      target: {
        asked: `${SHARE_OF_CEILING * 100} % and more`,
        isMet: [ceiling, datakit].some((of) => isDisturbed(of.waitedShare))
          ? undefined
          : share >= SHARE_OF_CEILING,
      },
    },
  ];
}

function cpu(summaries: readonly Summary[]): Targeted[] {
  const script = named('seed-way-python', summaries);
  const datakit = named('datakit', summaries);
  if (script === undefined || datakit === undefined) return [];
  const times = script.cpuSecondsPerMillion / datakit.cpuSecondsPerMillion;
  return [
    {
      what: 'CPU a record: of the seed’s script in Python / of the product, both to DataKit',
      seen: times.toFixed(1),
      target: { asked: `${TIMES_LESS_CPU} and more`, isMet: times >= TIMES_LESS_CPU },
    },
  ];
}

function loopDelay(summaries: readonly Summary[], live: readonly LiveRun[]): Targeted[] {
  const ours = summaries.filter(({ scenario }) => !NOT_OURS.has(scenario));
  const following = live.filter(isMachineTime).map(({ scenario, worker }) => ({
    scenario,
    ...worker,
    waitedShare: waitedShareOf(worker),
  }));
  const delays = [...ours, ...following].flatMap(({ loopDelayP99Millis, ...run }) =>
    loopDelayP99Millis === undefined ? [] : [{ ...run, millis: loopDelayP99Millis }],
  );
  const worst = delays.toSorted((a, b) => b.millis - a.millis)[0];
  if (worst === undefined) return [];
  const isMet = worst.millis < LOOP_DELAY_MILLIS;
  return [
    {
      what: 'Event loop delay, p99, of the worst scenario',
      seen: `${worst.millis.toFixed(0)} ms (${worst.scenario})`,
      target: {
        asked: `under ${LOOP_DELAY_MILLIS} ms`,
        isMet: !isMet && isDisturbed(worst.waitedShare) ? undefined : isMet,
      },
    },
  ];
}

function named(name: string, summaries: readonly Summary[]): Summary | undefined {
  return summaries.find(({ scenario }) => scenario === name);
}
