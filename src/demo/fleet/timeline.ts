import type { WorkloadName } from './fleet-layout.ts';

/**
 * When what happens, relative to the moment at which the demo was started (`startMillis`):
 *
 *   -2 h         -80 min    -47 min     -25…-19 min   start  +4 min      +12…+18 min
 *   history ──── web :13 ── orders ──── incident ──── │ ──── orders ──── incident ──── …
 *                deployed   OOM-killed                       again       again
 */
export const HISTORY_MILLIS = 2 * 60 * 60_000;

const MINUTE = 60_000;
const INCIDENT_MILLIS = 6 * MINUTE;
const INCIDENT_EDGE_MILLIS = MINUTE;
const FIRST_INCIDENT = -25 * MINUTE;
const SECOND_INCIDENT = 12 * MINUTE;
const INCIDENT_EVERY = 120 * MINUTE;
const FIRST_OUT_OF_MEMORY = -47 * MINUTE;
const SECOND_OUT_OF_MEMORY = 4 * MINUTE;
const OUT_OF_MEMORY_EVERY = 90 * MINUTE;
const DEPLOYMENT = -80 * MINUTE;
/** From a task's death until its successor runs. */
const REPLACEMENT_MILLIS = 40_000;

export interface Replacement {
  readonly cause: 'out_of_memory' | 'deployment';
  readonly stopsAtMillis: number;
  readonly nextStartsAtMillis: number;
}

/** 0 = all is well, 1 = the database pool of checkout-api is exhausted; rises and falls within a minute. */
export function incidentIntensity(startMillis: number, atMillis: number): number {
  const sinceStart = atMillis - startMillis;
  const begin =
    sinceStart < SECOND_INCIDENT
      ? FIRST_INCIDENT
      : SECOND_INCIDENT + Math.floor((sinceStart - SECOND_INCIDENT) / INCIDENT_EVERY) * INCIDENT_EVERY;
  const into = sinceStart - begin;
  if (into < 0 || into >= INCIDENT_MILLIS) return 0;
  return Math.min(1, into / INCIDENT_EDGE_MILLIS, (INCIDENT_MILLIS - into) / INCIDENT_EDGE_MILLIS);
}

/** The `index`-th replacement of the task in a slot; undefined when there is no such one. */
export function replacement(
  startMillis: number,
  workload: WorkloadName,
  slot: number,
  index: number,
): Replacement | undefined {
  if (workload === 'orders' && slot === 1) {
    const offset =
      index === 0 ? FIRST_OUT_OF_MEMORY : SECOND_OUT_OF_MEMORY + (index - 1) * OUT_OF_MEMORY_EVERY;
    const stopsAtMillis = startMillis + offset;
    return {
      cause: 'out_of_memory',
      stopsAtMillis,
      nextStartsAtMillis: stopsAtMillis + REPLACEMENT_MILLIS,
    };
  }
  if (workload === 'web' && index === 0) {
    // Rolling: the new task serves before the old one goes, one slot after the other.
    const nextStartsAtMillis = startMillis + DEPLOYMENT + slot * 90_000;
    return { cause: 'deployment', stopsAtMillis: nextStartsAtMillis + 45_000, nextStartsAtMillis };
  }
  return undefined;
}

/** When the current revision of a service was rolled out. */
export function deployedAtMillis(startMillis: number, workload: WorkloadName): number {
  return workload === 'web' ? startMillis + DEPLOYMENT - 30_000 : startMillis - 5 * 24 * 60 * MINUTE;
}
