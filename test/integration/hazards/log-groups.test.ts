/** Hazards 11, 12 and 15: log groups that forget, that go and come again, and the one that is Logferry's own. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, onTestFinished, test, vi } from 'vitest';
import {
  DAY,
  GROUP,
  HOUR,
  lines,
  MINUTE,
  NOTHING_WRONG,
  REGION,
  SECOND,
  START,
  startHazardGround,
} from './testing/hazard-ground.ts';

const action = 'FilterLogEvents';

/** What was read once from the beginning on, and never again: only what came late may be missing of it. */
const LATE = {
  reason: 'deleted',
  lateOnly: true,
  fromMillis: START - 10 * MINUTE,
  toMillis: START - 1,
};

afterEach(() => {
  vi.unstubAllEnvs();
});

test('hazard 11: what expired before it was read is a gap, and what is about to expire is read first', async () => {
  const ground = await startHazardGround({ groups: [{ name: GROUP, retentionDays: 1 }] });
  const early = ground.put(lines(20, START - MINUTE, 100));
  await ground.collect();
  // Nobody reads for thirty hours, of which the service keeps twenty-four.
  const perMinute = lines(30 * 60, START + MINUTE / 2, MINUTE);
  const during = ground.put(perMinute);
  ground.pass(30 * HOUR);
  await ground.restart();
  const askedBefore = ground.endpoint.requests.count(action);
  const expiredBefore = ground.now() - DAY;
  await ground.collect();

  const kept = during.filter((_, n) => (perMinute[n]?.timestampMillis ?? 0) >= expiredBefore);
  expect(kept.length).toBe(24 * 60);
  expect(await ground.result([...early, ...kept])).toEqual(NOTHING_WRONG);
  const { gaps } = await ground.checkpoint();
  expect(gaps).toMatchObject([
    { ...LATE, reason: 'expired' },
    { fromMillis: START, reason: 'expired' },
  ]);
  // The service tells its time in whole seconds.
  expect(Math.abs((gaps[1]?.toMillis ?? 0) - expiredBefore)).toBeLessThanOrEqual(2 * SECOND);
  expect(ground.told.filter(({ message }) => message.includes('expired'))).toHaveLength(1);
  // Slices are asked for side by side; the records come in the order of their time, the oldest first.
  const spans = ground.endpoint.requests.recent
    .filter((request) => request.action === action)
    .slice(askedBefore)
    .filter(({ parameters }) => Number(parameters.startTime) < START + 28 * HOUR);
  expect(spans.length).toBeGreaterThan(2);
  const order = ground.written().map(({ message }) => Number(message.split(' ')[2]));
  expect(order.slice(early.length)).toEqual(order.slice(early.length).toSorted((a, b) => a - b));
});

test('hazard 12: a group that is deleted and made again is read on, with what was unread as a gap; its neighbour does not notice', async () => {
  const neighbour = '/ecs/neighbour';
  const ground = await startHazardGround({ groups: [{ name: GROUP }, { name: neighbour }] });
  const ids = [GROUP, neighbour].flatMap((group) => ground.put(lines(10, START - MINUTE, 100), group));
  await ground.collect();
  ground.pass(MINUTE);
  ground.put(lines(10, ground.now() - SECOND, 10));
  ground.world.deleteLogGroup(REGION, GROUP);
  ids.push(...ground.put(lines(10, ground.now() - SECOND, 10), neighbour));
  await ground.collect();
  ground.pass(MINUTE);
  const remadeMillis = ground.now();
  ground.world.createLogGroup({ region: REGION, name: GROUP, createdAtMillis: remadeMillis });
  for (let poll = 0; poll < 4; poll++) {
    for (const group of [GROUP, neighbour]) ids.push(...ground.put(lines(10, ground.now(), 10), group));
    ground.pass(30 * SECOND);
    if (poll === 1) await ground.restart();
    await ground.collect();
  }
  expect(await ground.result(ids)).toEqual(NOTHING_WRONG);
  const { gaps } = await ground.checkpoint();
  expect(gaps).toMatchObject([LATE, { reason: 'deleted', fromMillis: START, toMillis: remadeMillis - 1 }]);
  expect((await ground.checkpoint(neighbour)).gaps).toEqual([]);
});

test('hazard 12: a group that goes in the middle of a slice stops no other', async () => {
  const neighbour = '/ecs/neighbour';
  const ground = await startHazardGround({ groups: [{ name: GROUP }, { name: neighbour }] });
  const { faults } = ground.endpoint;
  const ids = [GROUP, neighbour].flatMap((group) => ground.put(lines(30, START - MINUTE, 100), group));
  await ground.collect();
  ground.pass(MINUTE);
  ids.push(...ground.put(lines(30, ground.now() - SECOND, 10), neighbour));
  const message = 'The specified log group does not exist.';
  faults.add({ kind: 'error', code: 'ResourceNotFoundException', message, action, group: GROUP });
  const goneMillis = ground.now();
  await expect(ground.collect()).rejects.toMatchObject({ code: 'AWS_NOT_FOUND' });
  expect(await ground.result(ids)).toEqual(NOTHING_WRONG);
  const { gaps } = await ground.checkpoint();
  expect(gaps).toMatchObject([LATE, { reason: 'deleted', fromMillis: START, toMillis: goneMillis }]);
  expect((await ground.status()).partitions.map(({ state }) => state)).toEqual(['waiting', 'gone']);
});

/** The ECS agent's metadata endpoint, of a container that logs to `group`. */
async function logTo(group: string, stream: string): Promise<void> {
  const metadata = {
    LogDriver: 'awslogs',
    LogOptions: { 'awslogs-group': group, 'awslogs-region': REGION, 'awslogs-stream': stream },
    Labels: { 'com.amazonaws.ecs.task-arn': `arn:aws:ecs:${REGION}:123456789012:task/tools/0123` },
  };
  const server = createServer((_request, response) => response.end(JSON.stringify(metadata)));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  vi.stubEnv('ECS_CONTAINER_METADATA_URI_V4', `http://127.0.0.1:${(server.address() as AddressInfo).port}`);
}

test('hazard 15: the group that Logferry logs to is not taken by a pattern, and that is said', async () => {
  const own = '/ecs/logferry';
  await logTo(own, 'ecs/logferry/0123');
  const ground = await startHazardGround({
    groups: [{ name: GROUP }, { name: own }],
    source: { log_groups: ['/ecs/*'] },
  });
  ground.put(lines(20, START - MINUTE, 100), own);
  const ids = ground.put(lines(20, START - MINUTE, 100));
  await ground.collect();
  expect(await ground.result(ids)).toEqual(NOTHING_WRONG);
  const { skipped } = await ground.status();
  expect(skipped).toMatchObject([{ title: `${own} (${REGION})` }]);
  expect(ground.told.map(({ message }) => message)).toContain(`Not read: ${own} (${REGION})`);
  const asked = ground.endpoint.requests.recent.filter((request) => request.action === action);
  expect(new Set(asked.map(({ parameters }) => parameters.logGroupName))).toEqual(new Set([GROUP]));
});

test('hazard 15: of its own group, named exactly, Logferry reads what others write', async () => {
  const stream = 'ecs/logferry/0123';
  await logTo(GROUP, stream);
  const ground = await startHazardGround();
  ground.world.putEvents(REGION, GROUP, stream, lines(20, START - MINUTE, 100));
  const ids = ground.put(lines(20, START - MINUTE, 100));
  await ground.collect();
  expect(await ground.result(ids)).toEqual(NOTHING_WRONG);
});
