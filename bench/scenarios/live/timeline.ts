import { type Gears, timeAfter } from '../../load/live/geared-clock.ts';
import type { LivePlan } from '../../load/live/live-plan.ts';

export interface Timeline {
  /** Until a steady state has come, of the machine's time; loading the program is in it. */
  readonly warmUpSeconds: number;
  /** Of the scenario's time. */
  readonly windowSeconds: number;
  /** From the end of the window to when everything must have arrived, of the scenario's time. */
  readonly settleSeconds: number;
}

/** Window and end of a plan. */
export function timesOf(
  gears: Gears,
  { warmUpSeconds, windowSeconds, settleSeconds }: Timeline,
): Pick<LivePlan, 'gears' | 'window' | 'endMillis'> {
  const fromMillis = Math.floor(timeAfter(gears, warmUpSeconds * 1000));
  const toMillis = fromMillis + windowSeconds * 1000;
  return { gears, window: { fromMillis, toMillis }, endMillis: toMillis + settleSeconds * 1000 };
}

/** In the machine's time from beginning to end. */
export const machineTime = (startMillis: number): Gears => ({ startMillis, fast: 1, fastMillis: 0 });

/** The same for simulated time, in which warming up is of that time too. */
export function simulatedTimes(startMillis: number, timeline: Timeline): ReturnType<typeof timesOf> {
  return timesOf(machineTime(startMillis), timeline);
}
