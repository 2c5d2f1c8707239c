/**
 * Faults of the wire, mixed at random under seeds: the AWS SDK over loopback against the endpoint, into a file.
 * `WIRE_FIRST=<seed> WIRE_SEEDS=1` plays one seed alone.
 */
import { expect, test } from 'vitest';
import type { FaultRule } from '../../../src/demo/endpoint/faults/fault.ts';
import { pickOne, type Random, randomInteger, seededRandom } from '../../../src/foundation/random.ts';
import {
  type HazardGround,
  lines,
  MINUTE,
  NOTHING_WRONG,
  SECOND,
  START,
  startHazardGround,
} from './testing/hazard-ground.ts';

const FIRST = Number(process.env['WIRE_FIRST'] ?? 1);
const SEEDS = Number(process.env['WIRE_SEEDS'] ?? 6);
const GROUPS = ['/ecs/first', '/ecs/second'];
const POLLS = 14;

const action = ['FilterLogEvents', 'DescribeLogGroups'];
const FAULTS: readonly FaultRule[] = [
  { kind: 'throttle', action },
  { kind: 'server-error', action },
  { kind: 'server-error', code: 'InternalFailure', action },
  { kind: 'deny', action: 'FilterLogEvents' },
  { kind: 'expired-token', action: 'FilterLogEvents' },
  { kind: 'html', status: 200, action },
  { kind: 'html', status: 502, action },
  { kind: 'body', body: '{}', action: 'FilterLogEvents' },
  { kind: 'body', body: '{"events":[{"timestamp":"soon"}]}', action: 'FilterLogEvents' },
  { kind: 'reset', action },
  { kind: 'reset-in-body', action },
  { kind: 'truncate', how: 'short', action },
  { kind: 'truncate', how: 'cut-json', keep: 0.9, action },
  { kind: 'empty-page', action: 'FilterLogEvents' },
  { kind: 'repeat-page', action: 'FilterLogEvents' },
  { kind: 'unsort', action: 'FilterLogEvents' },
];

/** Some of the faults, each for a part of the requests; and pages that are small enough for there to be several. */
function addFaults({ endpoint }: HazardGround, random: Random): void {
  for (const fault of FAULTS)
    if (random.next() < 0.4) endpoint.faults.add({ ...fault, probability: random.next() * 0.2 });
  endpoint.faults.add({
    kind: 'page-size',
    action: 'FilterLogEvents',
    maxItems: pickOne(random, [3, 20, 500]),
  });
}

/** In time, late by up to 50 minutes, ahead by up to two hours; ties that are shown at different moments. */
function putSome(ground: HazardGround, random: Random): string[] {
  const now = ground.now();
  return GROUPS.flatMap((group) => {
    const count = randomInteger(random, 1, 40);
    // Not before reading began.
    const longestMillis = now - START + 9 * MINUTE;
    const lateMillis = Math.min(
      longestMillis,
      pickOne(random, [0, 2 * SECOND, 5 * MINUTE, 50 * MINUTE, -90 * MINUTE]),
    );
    const stepMillis = pickOne(random, [0, 1, 40]);
    const events = lines(count, now - lateMillis - SECOND, stepMillis).map((event) => ({
      ...event,
      ingestedMillis: now,
      visibleAtMillis: now + Math.floor(random.next() * 90 * SECOND),
    }));
    return ground.put(events, group);
  });
}

async function playSeed(seed: number): Promise<{ readonly lost: number; readonly twice: number }> {
  const random = seededRandom(seed);
  const ground = await startHazardGround({
    groups: GROUPS.map((name) => ({ name })),
    requestsPerSecond: 500,
  });
  // Where reading begins is known by a poll without a fault.
  await ground.collect();
  addFaults(ground, random);
  const ids: string[] = [];
  for (let poll = 0; poll < POLLS; poll++) {
    ids.push(...putSome(ground, random));
    if (random.next() < 0.2) await ground.restart();
    if (random.next() < 0.2) ground.clock.aheadMillis = Math.floor((random.next() - 0.5) * 48 * 60 * MINUTE);
    if (random.next() < 0.2) ground.endpoint.faults.skewClock(Math.floor(random.next() * 10) * SECOND);
    await ground.collectForLong().catch(() => {});
    ground.pass(randomInteger(random, 5, 600) * SECOND);
  }
  ground.endpoint.faults.clear();
  for (let poll = 0; poll < 16; poll++) {
    await ground.collectForLong();
    ground.pass(15 * MINUTE);
  }
  return await ground.result(ids);
}

test.for(Array.from({ length: SEEDS }, (_, n) => FIRST + n))(
  'faults of the wire at random, seed %d: nothing lost, nothing twice',
  async (seed) => {
    expect(await playSeed(seed)).toEqual(NOTHING_WRONG);
  },
);
