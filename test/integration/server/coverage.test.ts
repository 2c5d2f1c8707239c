import { expect, test } from 'vitest';
import type { CoverageReport } from '../../../src/pipeline/coverage/coverage-report.ts';
import type { Explanation } from '../../../src/pipeline/explain/explanation.ts';
import type { PipelineStatus } from '../../../src/pipeline/pipeline.ts';
import { file, GROUPS, getJson, source, startGround } from './testing/server-ground.ts';

const [A, B] = GROUPS;
const SLOW = { timeout: 20_000, interval: 50 };

async function readingServer() {
  const ground = await startGround();
  ground.write({
    sources: { a: source(A), b: source(B) },
    destinations: { out: file('out.ndjson', ['a', 'b']) },
  });
  const server = await ground.start();
  ground.put(A, 120);
  await expect.poll(() => ground.written('out.ndjson').length, SLOW).toBe(120);
  return { ground, server };
}

test('/api/v1/coverage tells the state of each minute, its events and what was learned', async () => {
  const { server } = await readingServer();
  const coverageOf = async (query: string) =>
    (await getJson<CoverageReport>(server, `/api/v1/coverage${query}`)).body;
  const groupsRead = async () => (await coverageOf('')).partitions.length;
  await expect.poll(groupsRead, SLOW).toBe(2);
  const { partitions, leftOut } = await coverageOf('?source=a&cells=24');
  expect({ partitions, leftOut }).toMatchObject({
    leftOut: 0,
    partitions: [
      {
        source: 'a',
        title: `${A} (us-east-1)`,
        liveEvents: 120,
        backfilledEvents: 0,
        lateness: { isLearned: true },
        gaps: [],
        strip: { cellMillis: 3_600_000, backfilledEvents: Array.from({ length: 24 }, () => 0) },
      },
    ],
  });
  const [found] = partitions;
  expect(found?.spans.reduce((sum, { liveEvents }) => sum + liveEvents, 0)).toBe(120);
  expect(found?.strip.states).toMatch(/^u{23}o$/);

  const first = await coverageOf('?limit=1');
  expect(first).toMatchObject({ leftOut: 1, partitions: [{ source: 'a' }] });
  const after = encodeURIComponent(first.partitions[0]?.key ?? '');
  expect(await coverageOf(`?limit=1&after=${after}`)).toMatchObject({
    leftOut: 0,
    partitions: [{ source: 'b' }],
  });

  const status = (await getJson<PipelineStatus>(server, '/api/v1/status')).body;
  expect(status.sources[0]?.partitions[0]?.lateness).toMatchObject({ isLearned: true });
  const measured = async () => {
    const text = await (await fetch(`${server.url}/metrics`)).text();
    return Number(/^logferry_coverage_seconds\{source="a",state="open"\} (\d+)$/m.exec(text)?.[1] ?? 0);
  };
  await expect.poll(measured, SLOW).toBeGreaterThan(3000);
});

test('/api/v1/explain tells of an event where it is, in the log store too', async () => {
  const ground = await startGround();
  ground.write({
    sources: { a: source(A, { source: 'shop' }) },
    destinations: {
      out: file('out.ndjson', ['a']),
      local: { type: 'store', inputs: ['a'], retention: '7d' },
    },
  });
  const server = await ground.start();
  const when = Date.now() - 60_000;
  const [id] = ground.world.putEvents('us-east-1', A, 'app/web/1', [
    { timestampMillis: when, message: 'where is this' },
  ]);
  const query = `group=${encodeURIComponent(A)}&from=${when}&to=${when}&text=WHERE`;
  const explained = async () =>
    (await getJson<Explanation>(server, `/api/v1/explain?${query}`)).body.partitions[0]?.events[0];
  await expect
    .poll(explained, SLOW)
    .toMatchObject({ id, fate: { destinations: { out: { kind: 'passed' }, local: { kind: 'in_store' } } } });
  for (const [wrong, status] of [
    ['group=x&from=1', 400],
    ['group=x&from=2&to=1', 400],
    ['group=x&from=0&to=86400001', 400],
    ['from=1&to=1', 400],
  ] as const)
    expect((await getJson(server, `/api/v1/explain?${wrong}`)).status).toBe(status);
});

test.each([
  ['a source that there is not', 'source=nobody', 409],
  ['a range backwards', 'from=2&to=1', 400],
  ['a range without end', 'from=0', 409],
  ['no cells', 'cells=0', 400],
  ['a time that is none', 'from=yesterday', 400],
])('refuses %s', async (_name, query, status) => {
  const ground = await startGround();
  ground.write({ sources: { a: source(A) }, destinations: { out: file('out.ndjson', ['a']) } });
  const server = await ground.start();
  expect((await getJson(server, `/api/v1/coverage?${query}`)).status).toBe(status);
});
