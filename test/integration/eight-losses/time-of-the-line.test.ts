/** The sixth loss: `time` among the fields is no timestamp. Every line lands at the second of its collection. */
import { expect, onTestFinished, test } from 'vitest';
import type { ReceivedPoint } from '../../../src/demo/datakit/received-point.ts';
import { COMPLETE, GROUP, MINUTE, REGION, startTwoWays } from './testing/two-ways.ts';

const LINES = 600;
const STREAMS = ['ecs/app/1', 'ecs/app/2'];

test('the times and the order of 600 lines, five of a stream in each millisecond that has any', async () => {
  const ways = await startTwoWays();
  onTestFinished(ways.close);
  const from = ways.now();
  for (const stream of STREAMS) {
    const events = Array.from({ length: LINES / STREAMS.length }, (_, n) => ({
      timestampMillis: from + 123 + Math.floor(n / 5) * 900,
      message: `${stream} ${n}`,
    }));
    ways.world.putEvents(REGION, GROUP, stream, events);
  }
  ways.pass(MINUTE);
  await ways.seed.run();
  await ways.logferry.run();
  const timeOf = new Map(ways.expected().map(({ message, timestampMillis }) => [message, timestampMillis]));
  const told = (points: readonly ReceivedPoint[]) => ({
    wrongTimes: points.filter(
      ({ fields, timestampNanos }) =>
        timeOf.get(String(fields['message'])) !== Number(timestampNanos / 1_000_000n),
    ).length,
    outOfOrder: STREAMS.map((stream) => outOfOrder(points, stream)).reduce((a, b) => a + b),
  });

  // All of them are there, and nobody can say when or in which order they were written.
  expect(ways.seed.result()).toEqual({ lost: 0, twice: 0 });
  expect(told(ways.seed.datakit.received.toArray())).toEqual({
    wrongTimes: LINES,
    outOfOrder: LINES - STREAMS.length,
  });
  expect(ways.logferry.result()).toEqual(COMPLETE);
  expect(told(ways.logferry.datakit.received.toArray())).toEqual({ wrongTimes: 0, outOfOrder: 0 });
});

/** Lines of the stream that do not stand behind the one before them when the backend sorts by time. */
function outOfOrder(points: readonly ReceivedPoint[], stream: string): number {
  const timeOf = new Map(
    points.map(({ fields, timestampNanos }) => [String(fields['message']), timestampNanos]),
  );
  let count = 0;
  for (let n = 1; n < LINES / STREAMS.length; n++) {
    const [before, after] = [timeOf.get(`${stream} ${n - 1}`), timeOf.get(`${stream} ${n}`)];
    if (before === undefined || after === undefined || after <= before) count++;
  }
  return count;
}
