import type { BacklogScenario, Scenario } from '../worker/scenario.ts';
import type { CollectSetup } from './collect.ts';
import { backfill } from './live/backfill.ts';
import { backfillBudget } from './live/backfill-budget.ts';
import { busy1000 } from './live/busy-1000.ts';
import { idle1000 } from './live/idle-1000.ts';
import { latency } from './live/latency.ts';
import { requests } from './live/requests.ts';
import { seedWayPython } from './seed-way-python.ts';

/** In the order of the report. */
export const SCENARIOS: readonly Scenario[] = [
  {
    kind: 'backlog',
    name: 'ceiling',
    title: 'bare ceiling: fetch, JSON.parse, encode, gzip, post; keeps nothing',
    open: async (surroundings) => (await import('./ceiling.ts')).openCeiling(surroundings),
  },
  {
    kind: 'backlog',
    name: 'seed-way',
    title:
      'the seed’s script, retold in TypeScript: pages of 1,000, posts of 100 points, one after the other; keeps a cursor',
    open: async (surroundings) => (await import('./seed-way.ts')).openSeedWay(surroundings),
  },
  seedWayPython,
  collect('spool-plain', 'into the spool, without transforms; nothing is delivered', {
    transforms: false,
    to: ['nothing'],
  }),
  collect('spool', 'into the spool: join lines, detect levels, enrich; nothing is delivered', {
    transforms: true,
    to: ['nothing'],
  }),
  collect('through-spool', 'as `spool`, and out again to a destination that only acknowledges', {
    transforms: true,
    to: ['anything'],
  }),
  collect('datakit', 'as `spool`, and to a DataKit, to the end', { transforms: true, to: ['datakit'] }),
  collect('store', 'as `spool`, and to the log store, to the end', { transforms: true, to: ['store'] }),
  collect('both', 'as `spool`, and to a DataKit and the log store, to the end', {
    transforms: true,
    to: ['datakit', 'store'],
  }),
  idle1000,
  busy1000,
  latency,
  requests,
  backfillBudget,
  backfill,
];

export function scenarioNamed(name: string): Scenario {
  const found = SCENARIOS.find((scenario) => scenario.name === name);
  if (found === undefined)
    throw new Error(`There is no scenario ${name}: ${SCENARIOS.map((one) => one.name).join(', ')}.`);
  return found;
}

function collect(name: string, title: string, setup: CollectSetup): BacklogScenario {
  return {
    kind: 'backlog',
    name,
    title,
    open: async (surroundings) => await (await import('./collect.ts')).openCollect(setup, surroundings),
  };
}
