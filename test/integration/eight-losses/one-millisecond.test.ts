/** The third loss: reading goes on at `last + 1`, whatever else there is of the last millisecond. */
import { expect, onTestFinished, test } from 'vitest';
import { COMPLETE, GROUP, MINUTE, REGION, START, STREAM, startTwoWays } from './testing/two-ways.ts';

const PAGE = 1000;

test('a reading that breaks off between two pages, inside a millisecond', async () => {
  const ways = await startTwoWays();
  onTestFinished(ways.close);
  const ofTheMillisecond = 20;
  const onFirstPage = 8;
  const before = PAGE - onFirstPage;
  const events = Array.from({ length: 1500 }, (_, n) => ({
    // One in each millisecond, but for the twenty that are in one.
    timestampMillis: START + (n < before ? n : Math.max(before, n - ofTheMillisecond + 1)),
    message: `line ${n}`,
  }));
  ways.world.putEvents(REGION, GROUP, STREAM, events);
  ways.pass(MINUTE);
  const { faults } = ways.endpoint;
  faults.add({ kind: 'page-size', action: 'FilterLogEvents', maxItems: PAGE });

  const forSeed = faults.add({ kind: 'expired-token', times: 1 });
  await ways.seed.run();
  const forLogferry = faults.add({ kind: 'expired-token', times: 1 });
  await ways.logferry.run();
  // Both were met by it.
  expect([forSeed.hits, forLogferry.hits]).toEqual([1, 1]);

  ways.pass(MINUTE);
  await ways.seed.run();
  await ways.logferry.run();
  expect(ways.seed.result()).toEqual({ lost: ofTheMillisecond - onFirstPage, twice: 0 });
  expect(ways.logferry.result()).toEqual(COMPLETE);
});

test('a millisecond whose events become visible partly before a run and partly after it', async () => {
  const ways = await startTwoWays();
  onTestFinished(ways.close);
  const timestampMillis = START + MINUTE - 1000;
  const event = (n: number, visibleAtMillis: number) => ({
    timestampMillis,
    visibleAtMillis,
    message: `line ${n}`,
  });
  ways.world.putEvents(REGION, GROUP, STREAM, [
    ...[0, 1, 2, 3, 4].map((n) => event(n, timestampMillis)),
    ...[5, 6, 7].map((n) => event(n, START + MINUTE + 1000)),
  ]);
  for (let minute = 0; minute < 2; minute++) {
    ways.pass(MINUTE);
    await ways.seed.run();
    await ways.logferry.run();
  }
  expect(ways.seed.result()).toEqual({ lost: 3, twice: 0 });
  expect(ways.logferry.result()).toEqual(COMPLETE);
});
