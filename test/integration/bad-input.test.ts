/** What others send may be anything: replies of AWS, replies of DataKit, messages, timestamps. */
import { setTimeout as sleep } from 'node:timers/promises';
import fc from 'fast-check';
import { afterEach, expect, test } from 'vitest';
import { LogferryError } from '../../src/foundation/logferry-error.ts';
import { noCounts } from '../../src/pipeline/slice-reader.ts';
import { GROUP, REGION, startWholePath } from './testing/whole-path.ts';

const DAY = 86_400_000;
const HOUR = 3_600_000;

let path: Awaited<ReturnType<typeof startWholePath>> | undefined;
afterEach(async () => {
  await path?.close();
  path = undefined;
});

/** Collects until it succeeds; every failure on the way must be one that a person can understand. */
async function collectInTheEnd(of: NonNullable<typeof path>): Promise<number> {
  for (let failures = 0; ; failures++) {
    try {
      await of.engine.pipeline.collectOnce('logs', noCounts(), AbortSignal.timeout(30_000));
      return failures;
    } catch (thrown) {
      expect(thrown).toBeInstanceOf(LogferryError);
      expect((thrown as LogferryError).code).toMatch(/^AWS_/);
      expect((thrown as LogferryError).hint).toBeTruthy();
    }
  }
}

test('whatever AWS answers with, nothing is lost or twice, and the error says what to do', async () => {
  path = await startWholePath();
  const now = Date.now();
  const events = Array.from({ length: 300 }, (_, n) => ({
    timestampMillis: now - n * 1000,
    message: `line ${n}`,
  }));
  const ids = path.world.putEvents(REGION, GROUP, 'app/web/1', events);
  const bodies = [
    '',
    'null',
    '[]',
    '{}',
    '"text"',
    '{"events":null}',
    '{"events":{}}',
    '{"events":[null]}',
    '{"events":[1]}',
    '{"events":[{"timestamp":"yesterday","message":1}]}',
    `{"events":[{"timestamp":1e400,"message":"x","eventId":"1"}]}`,
    '{"events":[],"nextToken":7}',
    '<html>proxy</html>',
    '\u0000\u0001',
    ...fc.sample(fc.json(), { numRuns: 30, seed: 5 }).filter((text) => !text.includes('"events"')),
  ];
  for (const body of bodies)
    path.endpoint.faults.add({ kind: 'body', action: 'FilterLogEvents', body, times: 1 });
  const failures = await collectInTheEnd(path);
  expect(failures).toBeGreaterThan(3);
  await path.engine.pipeline.drain(AbortSignal.timeout(30_000));
  expect(
    path
      .written()
      .map(({ id }) => id)
      .toSorted(),
  ).toEqual([...ids].toSorted());
});

test('whatever DataKit answers with, every record arrives', async () => {
  path = await startWholePath({ maxBatchRecords: 50 });
  const now = Date.now();
  const events = Array.from({ length: 500 }, (_, n) => ({
    timestampMillis: now - n * 1000,
    message: `line ${n}`,
  }));
  const ids = path.world.putEvents(REGION, GROUP, 'app/web/1', events);
  const replies = fc.sample(
    fc.record({
      status: fc.constantFrom(200, 204, 301, 401, 403, 404, 408, 418, 429, 500, 502, 503, 599),
      isDataKits: fc.boolean(),
      body: fc.oneof(fc.json(), fc.string(), fc.constant('')),
      headers: fc.constantFrom<Record<string, string>>(
        {},
        { 'retry-after': '0' },
        { 'retry-after': 'soon' },
        { 'content-type': 'text/html' },
      ),
    }),
    { numRuns: 25, seed: 9 },
  );
  for (const reply of replies) {
    // A 200 with the mark of a DataKit is what success is.
    const isDataKits = reply.isDataKits && reply.status !== 200;
    path.datakit.faults.add({ kind: 'reply', reply: { ...reply, isDataKits } }, { times: 1 });
  }
  await path.engine.pipeline.collectOnce('logs', noCounts(), AbortSignal.timeout(30_000));
  // A drain gives up on who refuses again and again; the delivery goes on, after its back-off.
  for (let isDrained = false; !isDrained; await sleep(20)) {
    const results = await path.engine.pipeline.drain(AbortSignal.timeout(60_000));
    isDrained = [...results.values()].every((result) => result.drained);
  }
  expect(path.datakit.faults.struck).toBeGreaterThan(10);
  expect(new Set(path.datakit.received.eventIds.keys())).toEqual(new Set(ids));
});

test('any message and any time that CloudWatch Logs accepts arrives everywhere', async () => {
  path = await startWholePath({ store: true });
  const now = Date.now();
  const messages = [
    'NUL \u0000 inside',
    `one \ud800 surrogate`,
    'x'.repeat(1_000_000),
    `${'订单'.repeat(40_000)}😀`,
    '\u001b[31mred\u001b[0m \u001b]0;title\u0007',
    'windows\r\nline\r\n',
    '',
    ' ',
    'backslash \\ quote " comma, equals = {json: "no"}',
    `'); DROP TABLE logs; --`,
  ];
  const times = [now - 14 * DAY + HOUR, now - DAY, now, now + 2 * HOUR - 60_000];
  const events = messages.flatMap((message) =>
    times.map((timestampMillis) => ({ message, timestampMillis })),
  );
  const ids = path.world.putEvents(
    REGION,
    GROUP,
    'app/web/1',
    events.map((event) => ({ ...event, ingestedMillis: now, visibleAtMillis: now - 1000 })),
  );
  await path.engine.pipeline.collectOnce('logs', noCounts(), AbortSignal.timeout(60_000));
  const results = await path.engine.pipeline.drain(AbortSignal.timeout(60_000));
  expect([...results.values()].map((result) => result.drained)).toEqual([true, true, true]);

  const wanted = new Map(events.map((event, index) => [ids[index], event]));
  const written = path.written();
  expect(written.map(({ id }) => id).toSorted()).toEqual([...ids].toSorted());
  for (const { id, message, time } of written) {
    // The file keeps even half a surrogate pair, as an escape; the store and DataKit hold UTF-8, which has none.
    expect(message).toBe(wanted.get(id)?.message);
    expect(Date.parse(time)).toBe(wanted.get(id)?.timestampMillis);
  }
  const { records: stored } = await path.engine.components
    .logStore('local')
    .search(
      { fromMillis: 0, toMillis: now + DAY, query: { kind: 'all' }, limit: 1000, order: 'oldest' },
      AbortSignal.timeout(30_000),
    );
  expect(stored.map(({ record }) => record.id).toSorted()).toEqual([...ids].toSorted());
  for (const { record } of stored) expect(record.message).toBe(wanted.get(record.id)?.message.toWellFormed());
  expect(new Set(path.datakit.received.eventIds.keys())).toEqual(new Set(ids));
  const { destinations } = await path.engine.pipeline.status();
  expect(destinations.map(({ deadLetters }) => deadLetters)).toEqual([0, 0, 0]);
});
