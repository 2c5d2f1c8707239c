/** The second loss: a cursor older than ten minutes jumps to `now - interval`. */
import { expect, onTestFinished, test } from 'vitest';
import { COMPLETE, GROUP, MINUTE, REGION, STREAM, startTwoWays, type TwoWays } from './testing/two-ways.ts';

const EVENTS_A_MINUTE = 60;

test.each([
  { minutes: 11, lostMinutes: 10 },
  { minutes: 45, lostMinutes: 44 },
  // Up to ten minutes the cursor holds.
  { minutes: 9, lostMinutes: 0 },
])('collectors that were down for $minutes minutes', async ({ minutes, lostMinutes }) => {
  const ways = await startTwoWays();
  onTestFinished(ways.close);
  passAMinute(ways);
  await ways.seed.run();
  await ways.logferry.run();

  await ways.logferry.stop();
  for (let minute = 0; minute < minutes; minute++) passAMinute(ways);
  await ways.logferry.start();

  for (let minute = 0; minute < 2; minute++) {
    await ways.seed.run();
    await ways.logferry.run();
    passAMinute(ways);
  }
  await ways.seed.run();
  await ways.logferry.run();
  expect(ways.seed.result()).toEqual({ lost: lostMinutes * EVENTS_A_MINUTE, twice: 0 });
  expect(ways.logferry.result()).toEqual(COMPLETE);
});

function passAMinute(ways: TwoWays): void {
  const from = ways.now();
  const events = Array.from({ length: EVENTS_A_MINUTE }, (_, second) => ({
    timestampMillis: from + second * 1000 + 500,
    message: `second ${second} of ${from}`,
  }));
  ways.world.putEvents(REGION, GROUP, STREAM, events);
  ways.pass(MINUTE);
}
