/** Where a backfill ends and live reading begins: each event is read by one of the two, whatever comes first. */
import { expect, test } from 'vitest';
import type { Run } from '../../../src/contracts/run.ts';
import { endOfRun } from './testing/end-of-run.ts';
import { file, GROUPS, getJson, postJson, source, startGround } from './testing/server-ground.ts';

const [A] = GROUPS;
const MINUTE = 60_000;
const HOUR = 3_600_000;
const SLOW = { timeout: 15_000 };
type Ground = Awaited<ReturnType<typeof startGround>>;
type Server = Awaited<ReturnType<Ground['start']>>;

const AT_REST = { every: undefined, schedule: '0 0 1 1 *' };

async function groundWith(more: object) {
  const ground = await startGround();
  ground.write({ sources: { a: source(A, more) }, destinations: { out: file('out.ndjson', ['a']) } });
  return ground;
}

/** `count` events, the newest `endAgo` old, `apart` milliseconds from each other. */
function putHistory(ground: Ground, count: number, endAgo: number, apart: number, text = 'history') {
  const endMillis = Date.now() - endAgo;
  const events = Array.from({ length: count }, (_, n) => ({
    timestampMillis: endMillis - n * apart,
    message: `${text} ${n}`,
  }));
  return [...ground.world.putEvents('us-east-1', A, 'app/web/1', events)];
}

async function begin(server: Server, body: object): Promise<string> {
  return (await postJson<Run>(server, '/api/v1/runs', { source: 'a', ...body })).body.id;
}

/** How many ids are in the file how often. */
function timesIn(ground: Ground, ids: readonly string[]): string {
  const times = new Map(ids.map((id) => [id, 0]));
  for (const id of ground.written('out.ndjson')) times.set(id, (times.get(id) ?? 0) + 1);
  const counts = new Map<number, number>();
  for (const count of times.values()) counts.set(count, (counts.get(count) ?? 0) + 1);
  return [...counts].map(([count, of]) => `${of} × ${count}`).join(', ');
}

const backfill = (agoMillis: number, toAgoMillis = 0) => ({
  kind: 'backfill',
  fromMillis: Date.now() - agoMillis,
  toMillis: Date.now() - toAgoMillis,
});

async function run(server: Server, body: object): Promise<Run> {
  const ended = await endOfRun(server, await begin(server, body));
  expect(ended.error).toBe(undefined);
  expect(ended.state).toBe('succeeded');
  return ended;
}

test.each([
  ['further back than the longest lateness', '-2h'],
  ['less far back', '-15m'],
  ['now', '0s'],
])(
  'live reading that begins %s, and a backfill up to now beside it, read each event once',
  async (_name, start_from) => {
    const ground = await groundWith({ start_from });
    const ids = putHistory(ground, 500, 1000, 21_600);
    ground.endpoint.faults.add({ kind: 'page-size', action: 'FilterLogEvents', maxItems: 50 });
    ground.endpoint.faults.add({ kind: 'slow', action: 'FilterLogEvents', delayMillis: 20 });
    const server = await ground.start();
    const id = await begin(server, backfill(4 * HOUR));
    expect((await endOfRun(server, id)).state).toBe('succeeded');
    await expect.poll(() => ground.written('out.ndjson').length, SLOW).toBeGreaterThanOrEqual(ids.length);
    expect(timesIn(ground, ids)).toBe('500 × 1');
  },
);

test.each(['-2h', '0s'])(
  'a backfill up to now where nobody follows the source reads all of it (start_from %s), and later collections nothing again',
  async (start_from) => {
    const ground = await groundWith({ ...AT_REST, start_from });
    const ids = putHistory(ground, 300, 1000, 36_000);
    const first = await ground.start();
    const { counts, progress } = await run(first, backfill(4 * HOUR));
    expect({ committed: counts.committed, progress }).toEqual({ committed: 300, progress: 1 });
    expect((await run(first, { kind: 'collect' })).counts.committed).toBe(0);
    expect((await run(first, backfill(5 * HOUR))).counts.committed).toBe(0);
    await first.stop();
    // What comes late into the time that the backfill was asked for is found by live reading.
    ids.push(...putHistory(ground, 5, 20 * MINUTE, MINUTE, 'late'));
    const second = await ground.start();
    expect((await run(second, { kind: 'collect' })).counts.committed).toBe(5);
    expect(timesIn(ground, ids)).toBe('305 × 1');
  },
);

test('a backfill of what live reading has not come to yet, where nobody follows the source, brings it there', async () => {
  const ground = await groundWith({ ...AT_REST, start_from: '-2h' });
  const server = await ground.start();
  await run(server, { kind: 'collect' });
  const ids = putHistory(ground, 20, 100, 10);
  expect((await run(server, backfill(MINUTE))).counts.committed).toBe(20);
  expect(timesIn(ground, ids)).toBe(`${ids.length} × 1`);
});

test('again reads what was read a second time, ids of the last hour included', async () => {
  const ground = await groundWith({ ...AT_REST, start_from: '-2h' });
  const ids = putHistory(ground, 20, MINUTE, 1000);
  const server = await ground.start();
  await run(server, { kind: 'collect' });
  expect((await run(server, { ...backfill(HOUR), again: true })).counts.committed).toBe(20);
  expect(timesIn(ground, ids)).toBe('20 × 2');
});

test('what a backfill had read of a slice when it was broken off is read by nobody again', async () => {
  // One slice of several commits, of 2 MiB each.
  const ground = await groundWith({ ...AT_REST, start_from: '0s', max_lateness: '6h' });
  const ids = putHistory(ground, 600, 3 * HOUR, 1000, 'x'.repeat(10_000));
  ground.endpoint.faults.add({ kind: 'page-size', action: 'FilterLogEvents', maxItems: 50 });
  const slow = ground.endpoint.faults.add({ kind: 'slow', action: 'FilterLogEvents', delayMillis: 150 });
  const first = await ground.start();
  const broken = await begin(first, backfill(3 * HOUR + 11 * MINUTE, 3 * HOUR - MINUTE));
  await expect.poll(() => ground.written('out.ndjson').length, SLOW).toBeGreaterThan(100);
  expect((await getJson(first, `/api/v1/runs/${broken}`, { method: 'DELETE' })).status).toBe(202);
  expect((await endOfRun(first, broken)).state).toBe('cancelled');
  expect(ground.written('out.ndjson').length).toBeLessThan(600);
  slow.remove();

  const other = await run(first, backfill(5 * HOUR, 2 * HOUR));
  expect(other.counts.committed).toBeGreaterThan(0);
  await first.stop();
  const second = await ground.start();
  await run(second, backfill(5 * HOUR));
  await run(second, { kind: 'collect' });
  expect(timesIn(ground, ids)).toBe(`${ids.length} × 1`);
});
