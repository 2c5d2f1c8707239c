import { setTimeout as sleep } from 'node:timers/promises';
import { IDLE_GROUP_PREFIX, IDLE_SECONDS } from '../load/bench-groups.ts';
import type { Opened, Surroundings } from '../worker/scenario.ts';
import { openEngine } from './open-engine.ts';

const SETTLING_MILLIS = 3000;

/** Log groups in which nothing happens, polled as by default, with the rest of the process doing nothing either. */
export async function openIdle(surroundings: Surroundings): Promise<Opened> {
  const { engine, requests } = await openEngine(surroundings, {
    logGroups: [`${IDLE_GROUP_PREFIX}*`],
    transforms: true,
    destinations: { datakit: { type: 'datakit', url: surroundings.datakitUrl } },
  });
  engine.follow();
  // The first polls compile the program; they are not what a day of idling is made of.
  await sleep(SETTLING_MILLIS);
  const before = requests();
  return {
    run: async () => {
      await sleep(IDLE_SECONDS * 1000);
      return { records: 0, points: 0, requests: requests() - before };
    },
    close: () => engine.close(0),
  };
}
