/** Hazards 10 and 13: the service refuses, for a while or until somebody acts. */
import { expect, test } from 'vitest';
import type { FaultRule } from '../../../src/demo/endpoint/faults/fault.ts';
import {
  GROUP,
  KEY,
  lines,
  MINUTE,
  NOTHING_WRONG,
  SECOND,
  START,
  startHazardGround,
} from './testing/hazard-ground.ts';

const action = 'FilterLogEvents';
const OTHER = '/ecs/other';

test('hazard 10: throttling slows all log groups of an account and Region together, and loses nothing', async () => {
  const groups = Array.from({ length: 6 }, (_, n) => ({ name: `/ecs/service-${n}` }));
  const ground = await startHazardGround({ groups, requestsPerSecond: 20 });
  const { faults, requests } = ground.endpoint;
  faults.add({ kind: 'page-size', action, maxItems: 25 });
  // Somebody else uses most of the quota.
  faults.add({ kind: 'throttle', action, perSecond: 4, burst: 4 });
  const ids = groups.flatMap(({ name }) => ground.put(lines(200, START - MINUTE, 200), name));
  const beganMillis = ground.now();
  await ground.collect();
  const asked = requests.count(action);
  const refused = requests.count(action, 'ThrottlingException');
  const seconds = (ground.now() - beganMillis) / SECOND;
  expect(refused).toBeGreaterThan(0);
  // One budget learns for all of them: hardly more is asked for than is allowed.
  expect(asked / seconds).toBeLessThan(8);
  expect(refused / asked).toBeLessThan(0.4);
  expect(await ground.result(ids)).toEqual(NOTHING_WRONG);
});

test('hazard 10: a group that is throttled for ever does not advance', async () => {
  const ground = await startHazardGround();
  const ids = ground.put(lines(30, START - MINUTE, 100));
  await ground.collect();
  const before = await ground.checkpoint();
  const always = ground.endpoint.faults.add({ kind: 'throttle', action });
  for (let poll = 0; poll < 3; poll++) {
    ids.push(...ground.put(lines(30, ground.now() - SECOND, 30)));
    ground.pass(MINUTE);
    await expect(ground.collectForLong()).rejects.toMatchObject({ code: 'AWS_THROTTLED' });
  }
  expect(await ground.checkpoint()).toEqual(before);
  always.remove();
  await ground.collectForLong();
  expect(await ground.result(ids)).toEqual(NOTHING_WRONG);
});

const KMS =
  'User: arn:aws:iam::123456789012:user/demo is not authorized to perform: kms:Decrypt on the KMS key';

const REFUSALS: readonly (readonly [string, FaultRule, string])[] = [
  ['the action is denied', { kind: 'deny' }, 'AWS_DENIED'],
  [
    'the key of the log group may not be used',
    { kind: 'error', code: 'AccessDeniedException', message: KMS },
    'AWS_DENIED',
  ],
  [
    'the credentials have expired',
    {
      kind: 'error',
      code: 'ExpiredTokenException',
      message: 'The security token included in the request is expired',
    },
    'AWS_CREDENTIALS_EXPIRED',
  ],
];

test.for(REFUSALS)(
  'hazard 13: %s: blocked, said once and loudly, the cursor kept, the others read on',
  async ([, fault, code]) => {
    const ground = await startHazardGround({ groups: [{ name: GROUP }, { name: OTHER }] });
    const ids = [GROUP, OTHER].flatMap((group) => ground.put(lines(20, START - MINUTE, 100), group));
    await ground.collect();
    const before = await ground.checkpoint();
    const refusal = ground.endpoint.faults.add({ ...fault, action, group: GROUP });
    for (let poll = 0; poll < 3; poll++) {
      ground.pass(5 * MINUTE);
      for (const group of [GROUP, OTHER])
        ids.push(...ground.put(lines(20, ground.now() - MINUTE, 100), group));
      await expect(ground.collect()).rejects.toMatchObject({ code });
    }
    const { partitions, state } = await ground.status();
    expect(state).toBe('degraded');
    expect(partitions.map((partition) => [partition.state, partition.error?.code])).toEqual([
      ['waiting', undefined],
      ['blocked', code],
    ]);
    const told = ground.told.filter(({ details }) => details['code'] === code);
    expect(told).toHaveLength(1);
    expect(told[0]?.details['next']).toBeTruthy();
    expect(await ground.checkpoint()).toEqual(before);
    expect((await ground.checkpoint(OTHER)).headMillis).toBeGreaterThan(before.headMillis);

    refusal.remove();
    await ground.collect();
    expect(await ground.result(ids)).toEqual(NOTHING_WRONG);
    expect((await ground.status()).state).toBe('collecting');
  },
);

test('hazard 13: keys that expire block everything, and nothing counts as empty', async () => {
  const ground = await startHazardGround({ credentials: [{ ...KEY, expiresAtMillis: START + MINUTE }] });
  const ids = ground.put(lines(20, START - MINUTE, 100));
  await ground.collect();
  const before = await ground.checkpoint();
  ground.pass(5 * MINUTE);
  ids.push(...ground.put(lines(20, ground.now() - MINUTE, 100)));
  await expect(ground.collect()).rejects.toMatchObject({ code: 'AWS_CREDENTIALS_EXPIRED' });
  expect(await ground.checkpoint()).toEqual(before);
  ground.endpoint.keys.put(KEY);
  await ground.collect();
  expect(await ground.result(ids)).toEqual(NOTHING_WRONG);
});
