/** The fifth loss: the cursor's key is the measurement alone, so that two log groups move one cursor. */
import { expect, onTestFinished, test } from 'vitest';
import { COMPLETE, MINUTE, REGION, STREAM, startTwoWays } from './testing/two-ways.ts';

const MINUTES = 5;
const GROUPS = ['/ecs/web', '/ecs/orders'] as const;

test('two log groups under one measurement', async () => {
  const ways = await startTwoWays({ groups: GROUPS });
  onTestFinished(ways.close);
  for (let minute = 0; minute < MINUTES; minute++) {
    const from = ways.now();
    const put = (group: string, seconds: readonly number[]) => {
      const events = seconds.map((second) => ({
        timestampMillis: from + second * 1000,
        message: `${group} at ${from} + ${second}`,
      }));
      ways.world.putEvents(REGION, group, STREAM, events);
    };
    put('/ecs/web', [10, 30, 50]);
    // The last one is behind what `web` has moved the cursor to.
    put('/ecs/orders', [5, 15, 25, 35, 45, 55]);
    ways.pass(MINUTE);
    await ways.seed.run();
    await ways.logferry.run();
  }
  expect(ways.seed.result()).toEqual({ lost: MINUTES * 5, twice: 0 });
  expect(ways.logferry.result()).toEqual(COMPLETE);
});
