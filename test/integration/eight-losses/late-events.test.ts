/** The fourth loss: events that come in late lie behind the cursor. */
import { expect, onTestFinished, test } from 'vitest';
import type { WorldEvent } from '../../../src/demo/aws-world.ts';
import { COMPLETE, GROUP, MINUTE, REGION, STREAM, startTwoWays } from './testing/two-ways.ts';

const MINUTES = 10;
/** Within one minute, within the horizon that each reading goes back, and up to near the `max_lateness` of an hour. */
const LATENESS_MILLIS = [20_000, 50_000, 5 * MINUTE, 50 * MINUTE];

test('events that come in 20 seconds to 50 minutes late', async () => {
  const ways = await startTwoWays();
  onTestFinished(ways.close);
  const longest = Math.max(...LATENESS_MILLIS) / MINUTE;
  for (let minute = 0; minute < MINUTES + longest + 10; minute++) {
    if (minute < MINUTES) ways.world.putEvents(REGION, GROUP, STREAM, eventsOf(ways.now()));
    ways.pass(MINUTE);
    await ways.seed.run();
    await ways.logferry.run();
  }
  expect(ways.seed.result()).toEqual({ lost: MINUTES * LATENESS_MILLIS.length, twice: 0 });
  expect(ways.logferry.result()).toEqual(COMPLETE);
}, 30_000);

function eventsOf(fromMillis: number): WorldEvent[] {
  const onTime = [1, 20, 40, 58].map((second) => ({
    timestampMillis: fromMillis + second * 1000,
    message: `on time at ${fromMillis} + ${second}`,
  }));
  const late = LATENESS_MILLIS.map((lateness) => ({
    timestampMillis: fromMillis + 45_000,
    ingestedMillis: fromMillis + 45_000 + lateness,
    message: `late by ${lateness} at ${fromMillis}`,
  }));
  return [...onTime, ...late];
}
