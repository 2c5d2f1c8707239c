import { z } from 'zod';
import type { SinkDefinition } from '../../../src/catalog/catalogue.ts';
import type { Sink } from '../../../src/contracts/sink.ts';
import { Arrivals } from '../../load/live/arrivals.ts';
import { liveGroups } from '../../load/live/live-groups.ts';
import { LiveServer } from '../../load/live/live-server.ts';
import { SimulatedClock } from '../../load/live/simulated-clock.ts';
import type { LiveSurroundings, Opened } from '../../worker/scenario.ts';
import { acknowledgeAll } from '../bench-sinks.ts';
import { openEngine } from '../open-engine.ts';
import { end, type FollowSetup } from './follow.ts';

/**
 * The product's own engine, from the SDK's requests to its destination, following log groups in simulated time. The other
 * side lives in the same process: what is counted is requests and waiting, not CPU.
 */
export async function openSimulated(surroundings: LiveSurroundings, setup: FollowSetup): Promise<Opened> {
  const { plan, dir } = surroundings;
  const clock = new SimulatedClock(plan.gears.startMillis);
  const server = await LiveServer.start(plan, clock, (answer) => clock.during(answer));
  const arrivals = new Arrivals(liveGroups(plan.groups), plan.window, clock);
  const opened = await openEngine(
    { ...surroundings, awsUrl: server.url, dir },
    { ...setup, clock, transforms: false, destinations: { arrivals: { type: 'bench_arrivals' } } },
    [noteArrivals(arrivals)],
  );
  opened.engine.follow();
  await clock.runUntil(plan.window.fromMillis);
  return {
    run: async () => {
      const before = opened.requests();
      await clock.runUntil(plan.window.toMillis);
      const requests = opened.requests() - before;
      await clock.runUntil(plan.endMillis);
      const reports = { requests: server.report(), arrivals: arrivals.report() };
      return { records: 0, points: 0, requests, reports };
    },
    close: async () => {
      await end(opened);
      server.close();
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
