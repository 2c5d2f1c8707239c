import { z } from 'zod';
import type { SinkDefinition } from '../../../src/catalog/catalogue.ts';
import type { Sink } from '../../../src/contracts/sink.ts';
import type { Commit } from '../../../src/contracts/state-store.ts';
import { Arrivals } from '../../load/live/arrivals.ts';
import { liveGroups } from '../../load/live/live-groups.ts';
import { LiveServer } from '../../load/live/live-server.ts';
import { SimulatedClock } from '../../load/live/simulated-clock.ts';
import type { LiveReports, LiveSurroundings, Opened } from '../../worker/scenario.ts';
import { acknowledgeAll } from '../bench-sinks.ts';
import { type OpenedEngine, openEngine } from '../open-engine.ts';
import { drainAndClose, type FollowSetup, requireCollecting } from './follow.ts';

const DRAIN_MILLIS = 60_000;

export interface SimulatedEngine {
  readonly opened: OpenedEngine;
  readonly clock: SimulatedClock;
  readonly reports: () => LiveReports;
  readonly close: () => Promise<void>;
}

/**
 * The product's own engine, from the SDK's requests to its destination, in simulated time. The other side lives in the same
 * process: what is counted is requests and waiting, not CPU.
 */
export async function openSimulatedEngine(
  surroundings: LiveSurroundings,
  setup: FollowSetup,
): Promise<SimulatedEngine> {
  const { plan, dir } = surroundings;
  const clock = new SimulatedClock(plan.gears.startMillis);
  const server = await LiveServer.start(plan, clock, (work) => clock.during(work));
  const arrivals = new Arrivals(liveGroups(plan.groups), plan.window, clock);
  const opened = await openEngine(
    { ...surroundings, awsUrl: server.url, dir },
    { ...setup, clock, transforms: false, destinations: { arrivals: { type: 'bench_arrivals' } } },
    [noteArrivals(arrivals)],
  );
  const { store } = opened.engine;
  const commit = store.commit.bind(store);
  // It compresses on other threads, which the clock does not see.
  Object.assign(store, { commit: (what: Commit) => clock.during(() => commit(what)) });
  return {
    opened,
    clock,
    reports: () => ({ requests: server.report(), arrivals: arrivals.report() }),
    close: async () => {
      await clock.runDuring(drainAndClose(opened, DRAIN_MILLIS));
      server.close();
    },
  };
}

/** Follows log groups until the plan's end; what is counted is its window. */
export async function openSimulated(surroundings: LiveSurroundings, setup: FollowSetup): Promise<Opened> {
  const { window, endMillis } = surroundings.plan;
  const { opened, clock, reports, close } = await openSimulatedEngine(surroundings, setup);
  opened.engine.follow();
  await clock.runUntil(window.fromMillis);
  return {
    run: async () => {
      const before = opened.requests();
      await clock.runUntil(window.toMillis);
      const requests = opened.requests() - before;
      await clock.runUntil(endMillis);
      return { records: 0, points: 0, requests, reports: reports() };
    },
    close: async () => {
      await requireCollecting(opened);
      await close();
    },
  };
}

/** A destination that takes everything at once, and notes what it was. */
function noteArrivals(arrivals: Arrivals): SinkDefinition {
  return {
    ...acknowledgeAll,
    type: 'bench_arrivals',
    options: z.strictObject({}),
    create: (options, context): Sink => ({
      ...acknowledgeAll.create(options, context),
      write: async ({ records }) => {
        for (const { id } of records) arrivals.addEventId(id);
        return { kind: 'delivered' };
      },
    }),
  };
}
