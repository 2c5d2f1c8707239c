/** The seventh loss: `host` is always 127.0.0.1, and a line has neither task, nor service, nor level. */
import { expect, onTestFinished, test } from 'vitest';
import type { ReceivedPoint } from '../../../src/demo/datakit/received-point.ts';
import { DemoFleet } from '../../../src/demo/fleet/demo-fleet.ts';
import { levelFromName } from '../../../src/record/level.ts';
import { MINUTE, START, startTwoWays } from './testing/two-ways.ts';

const MINUTES = 10;
const SERVICE = 'checkout-api';
const GROUP = `/ecs/${SERVICE}`;

test('the task, the container, the service and the level of ten minutes of the demo fleet', async () => {
  const ways = await startTwoWays({
    groups: [GROUP],
    fill: (world, clock) => new DemoFleet({ world, clock, seed: 1, startMillis: START }).backfill(),
    source: { type: 'aws_ecs', discover: { services: [SERVICE] }, start_from: `-${MINUTES}m` },
    transforms: { lines: { inputs: ['logs'] } },
  });
  onTestFinished(ways.close);
  await ways.seed.run(MINUTES * 60);
  await ways.logferry.run();
  const shown = ways
    .expected()
    .filter(({ timestampMillis: time }) => time >= START - MINUTES * MINUTE && time <= START)
    .filter(({ ingestedMillis = 0 }) => ingestedMillis <= START);
  const notInfo = shown.filter(({ message }) => (levelOf(message) ?? 'info') !== 'info').length;
  expect(notInfo).toBeGreaterThan(0);

  expect(untold(ways.seed.datakit.received.toArray())).toEqual({
    lines: shown.length,
    withoutTask: shown.length,
    withoutContainer: shown.length,
    withoutService: shown.length,
    withWrongLevel: notInfo,
  });
  expect(untold(ways.logferry.datakit.received.toArray())).toEqual({
    lines: shown.length,
    withoutTask: 0,
    withoutContainer: 0,
    withoutService: 0,
    withWrongLevel: 0,
  });
});

function untold(points: readonly ReceivedPoint[]) {
  const count = (isWrong: (point: ReceivedPoint, stream: readonly string[]) => boolean) =>
    points.filter((point) => {
      const { log_stream: ours, logStreamName: theirs } = point.tags;
      return isWrong(point, (ours ?? theirs ?? '').split('/'));
    }).length;
  return {
    lines: points.length,
    withoutTask: count(({ tags }, stream) => tags['host'] !== stream.at(-1)),
    withoutContainer: count(({ tags }, stream) => tags['container_name'] !== stream.at(-2)),
    withoutService: count(({ tags }) => tags['service'] !== SERVICE),
    withWrongLevel: count(
      ({ fields }) => (levelOf(String(fields['message'])) ?? 'info') !== fields['status'],
    ),
  };
}

/** What the application's own JSON says. */
function levelOf(message: string): string | undefined {
  if (!message.startsWith('{')) return undefined;
  const { level } = JSON.parse(message) as { readonly level?: string };
  return level === undefined ? undefined : levelFromName(level);
}
