import { afterEach, describe, expect, test } from 'vitest';
import type { ComponentContext } from '../../contracts/component.ts';
import { noMetrics } from '../../contracts/metrics.ts';
import type { Sink, WriteOutcome } from '../../contracts/sink.ts';
import { sinkSuite } from '../../contracts/testing/sink-suite.ts';
import { systemClock } from '../../foundation/clock.ts';
import { silentLogger } from '../../foundation/logger.ts';
import { systemRandom } from '../../foundation/random.ts';
import { startDelivery } from '../../sink-kit/deliver.ts';
import { InMemorySpool } from '../../sink-kit/testing/in-memory-spool.ts';
import {
  datakitError,
  healthyDatakit,
  type LoggingServer,
  type ScriptedReply,
  startLoggingServer,
} from '../../sink-kit/testing/logging-server.ts';
import { idsFrom, someRecords } from '../../sink-kit/testing/some-records.ts';
import type { ParsedPoint } from '../../sink-kit/testing/strict-line-parser.ts';
import { datakit } from './definition.ts';

const context: ComponentContext = {
  id: 'guance',
  clock: systemClock,
  random: systemRandom,
  logger: silentLogger,
  metrics: noMetrics,
  dataDir: '/nowhere',
};

const open: { close(): Promise<void> }[] = [];

afterEach(async () => {
  for (const one of open.splice(0).reverse()) await one.close();
});

async function serve(script = healthyDatakit): Promise<LoggingServer> {
  const server = await startLoggingServer(script);
  open.push(server);
  return server;
}

function sinkFor(url: string, more: Record<string, unknown> = {}): Sink {
  const sink = datakit.create(datakit.options.parse({ url, ...more }), context);
  open.push(sink);
  return sink;
}

const textOf = (point: ParsedPoint | undefined, key: string) => String(point?.fields.get(key)?.value);
const idOf = (point: ParsedPoint) => textOf(point, 'event_id');
const never = () => new AbortController().signal;

async function outcomeOf(reply: ScriptedReply): Promise<WriteOutcome> {
  const server = await serve(() => reply);
  const sink = sinkFor(server.url);
  return await sink.write({ id: 'b', records: someRecords(0, 3), redelivery: false }, never());
}

sinkSuite(async () => {
  const server = await startLoggingServer(healthyDatakit);
  return {
    sink: datakit.create(datakit.options.parse({ url: server.url }), context),
    arrived: async () =>
      server.points.map((point) => ({
        id: idOf(point),
        message: textOf(point, 'message'),
        timestampMillis: Number(point.nanoseconds! / 1_000_000n),
      })),
    stall: () => {
      server.script = () => 'stall';
    },
    dispose: () => server.close(),
  };
});

describe('a request', () => {
  test('is gzip, in nanoseconds, and keeps the DataKit’s own host tags off the records', async () => {
    const server = await serve();
    const outcome = await sinkFor(`${server.url}/`).write(
      { id: 'b', records: someRecords(0, 100), redelivery: false },
      never(),
    );
    const [request] = server.requests;
    expect(request?.path).toBe('/v1/write/logging');
    expect(Object.fromEntries(request?.query ?? [])).toEqual({
      precision: 'n',
      ignore_global_host_tags: '1',
    });
    expect(request?.headers['content-encoding']).toBe('gzip');
    expect(request?.headers['content-type']).toMatch(/^text\/plain/);
    expect(outcome).toEqual({
      kind: 'delivered',
      truncated: 0,
      bytes: Number(request?.headers['content-length']),
    });
  });

  test('is plain and lets host tags through when the options say so; a path before the API is kept', async () => {
    const server = await serve(() => ({ status: 200, headers: { 'X-Datakit': '1/h' } }));
    const sink = sinkFor(`${server.url}/proxy/datakit`, {
      gzip: false,
      global_host_tags: true,
      tags: { env: 'x' },
    });
    await sink.write({ id: 'b', records: someRecords(0, 100), redelivery: false }, never());
    const [request] = server.requests;
    expect(request?.path).toBe('/proxy/datakit/v1/write/logging');
    expect(request?.query.has('ignore_global_host_tags')).toBe(false);
    expect(request?.headers['content-encoding']).toBeUndefined();
    expect(request?.body.toString()).toContain(',env=x');
  });

  test('of a batch that comes again is the same to the byte, though records share a millisecond', async () => {
    const server = await serve((_request, count) =>
      count === 1 ? 'reset' : { status: 200, headers: { 'X-Datakit': '1' } },
    );
    const sink = sinkFor(server.url);
    const records = someRecords(0, 50).map((record) => ({ ...record, timestampMillis: 1_764_000_000_000 }));
    const batch = { id: 'b', records, redelivery: false };
    expect(await sink.write(batch, never())).toMatchObject({
      kind: 'retry',
      reason: 'reset',
      mayHaveArrived: true,
    });
    expect((await sink.write(batch, never())).kind).toBe('delivered');
    expect(server.requests[1]?.body).toEqual(server.requests[0]?.body);
  });
});

describe('a reply', () => {
  const mark = { 'X-Datakit': '1.84.1/h' };
  test.each<[string, ScriptedReply, Partial<Extract<WriteOutcome, { kind: 'retry' }>> | object]>([
    ['200 with the mark', { status: 200, headers: mark }, { kind: 'delivered' }],
    [
      '200 without the mark: a crash inside, or another server',
      { status: 200, body: '<html>' },
      { kind: 'retry', reason: 'no_receipt', mayHaveArrived: true },
    ],
    [
      '204, which a DataKit never says',
      { status: 204, headers: mark },
      { kind: 'retry', reason: 'http_204', mayHaveArrived: true },
    ],
    ['a bad point', datakitError(400, 'datakit.invalidLinePoint'), { kind: 'rejected', reason: 'bad_point' }],
    [
      'a body damaged on its way',
      datakitError(400, 'datakit.decodeBodyFailed'),
      { kind: 'retry', reason: 'http_400', mayHaveArrived: false },
    ],
    [
      'a 400 of somebody in between',
      { status: 400, body: '<html>nginx' },
      { kind: 'retry', reason: 'http_400', mayHaveArrived: false },
    ],
    ['403', datakitError(403, 'datakit.publicAccessDisabled'), { kind: 'retry', reason: 'denied' }],
    ['404', { status: 404 }, { kind: 'retry', reason: 'wrong_path' }],
    ['a redirect', { status: 302, headers: { location: '/login' } }, { kind: 'retry', reason: 'wrong_path' }],
    [
      '408',
      { status: 408, headers: mark, body: 'timeout(30s)' },
      { kind: 'retry', reason: 'timeout', mayHaveArrived: true },
    ],
    ['413', { status: 413 }, { kind: 'rejected', reason: 'too_large' }],
    [
      '429',
      datakitError(429, 'datakit.reachMaxAPILimit'),
      { kind: 'retry', reason: 'rate_limited', mayHaveArrived: false },
    ],
    [
      '503 with a time',
      { status: 503, headers: { 'retry-after': '7' } },
      { kind: 'retry', reason: 'http_503', afterMillis: 7000 },
    ],
    ['502', { status: 502 }, { kind: 'retry', reason: 'http_502', mayHaveArrived: true }],
    ['a cut connection', 'reset', { kind: 'retry', reason: 'reset', mayHaveArrived: true }],
    ['what is no HTTP', 'garbage', { kind: 'retry', reason: 'bad_reply' }],
  ])('%s', async (_name, reply, expected) => {
    expect(await outcomeOf(reply)).toMatchObject(expected);
  });

  test('nobody there', async () => {
    const server = await serve();
    await server.close();
    const outcome = await sinkFor(server.url).write(
      { id: 'b', records: someRecords(0, 1), redelivery: false },
      never(),
    );
    expect(outcome).toMatchObject({ kind: 'retry', reason: 'refused', mayHaveArrived: false });
  });

  test('that repeats the records gives none of them away', async () => {
    const secret = 'password=hunter2';
    const outcome = await outcomeOf(
      datakitError(400, 'datakit.invalidLinePoint', `bad line: 'm message="${secret}"'`),
    );
    expect(JSON.stringify(outcome)).not.toContain('hunter2');
    expect(outcome).toMatchObject({ detail: 'HTTP 400, datakit.invalidLinePoint: bad line:' });
  });
});

describe('with the delivery loop', () => {
  test('a bad point costs none of its neighbours, and a bad hour of the DataKit costs nothing', async () => {
    const trouble: ScriptedReply[] = [
      'reset',
      { status: 200, isLost: true },
      { status: 503 },
      datakitError(429, 'datakit.reachMaxAPILimit'),
    ];
    const server = await serve((request, count) => {
      const reply = trouble[count - 1];
      if (reply !== undefined) return reply;
      if (request.body.toString().includes('event_id="r777"'))
        return datakitError(400, 'datakit.invalidLinePoint');
      return healthyDatakit(request, count);
    });
    const spool = new InMemorySpool(['guance']);
    for (let entry = 0; entry < 10; entry++) spool.commit(someRecords(entry * 100, 100));
    const delivery = startDelivery({
      ...context,
      destination: 'guance',
      sink: sinkFor(server.url, { max_in_flight: 1 }),
      spool,
      backOff: { firstMillis: 5, maxMillis: 20 },
    });
    expect(await delivery.drain(never())).toEqual({ drained: true });
    await delivery.stop();
    const arrived = new Set(server.points.map(idOf));
    expect([...arrived].toSorted()).toEqual(
      idsFrom(0, 1000)
        .filter((id) => id !== 'r777')
        .toSorted(),
    );
    const letters = await spool.deadLetters('guance');
    expect(letters.map(({ record, reason }) => [record?.id, reason])).toEqual([['r777', 'bad_point']]);
  });

  test('a DataKit that accepts and never answers is left after the timeout', async () => {
    const server = await serve((request, count) => (count === 1 ? 'stall' : healthyDatakit(request, count)));
    const spool = new InMemorySpool(['guance']);
    spool.commit(someRecords(0, 5));
    const delivery = startDelivery({
      ...context,
      destination: 'guance',
      sink: sinkFor(server.url, { timeout: '1s' }),
      spool,
      backOff: { firstMillis: 5, maxMillis: 20 },
    });
    expect(await delivery.drain(never())).toEqual({ drained: true });
    expect(delivery.status()).toMatchObject({ delivered: 5, retries: 1, lastError: { reason: 'timeout' } });
    await delivery.stop();
  });
});

describe('check', () => {
  test('names the DataKit, and stores nothing', async () => {
    const server = await serve();
    const report = await sinkFor(server.url).check(never());
    expect(report.map(({ status }) => status)).toEqual(['ok', 'ok']);
    expect(report[0]?.detail).toBe('DataKit 1.84.1, host test-host, up 3h2m');
    expect(server.points).toEqual([]);
    expect(server.requests[1]?.query.has('dry')).toBe(true);
  });

  test('tells a closed port', async () => {
    const server = await serve();
    await server.close();
    const [item] = await sinkFor(server.url).check(never());
    expect(item).toMatchObject({ status: 'failed', code: 'DESTINATION_UNREACHABLE' });
    expect(item).toHaveProperty('fix', expect.stringContaining('9529'));
  });

  test.each<[string, ScriptedReply]>([
    ['a web server', { status: 200, headers: { 'content-type': 'text/html' }, body: '<html>Welcome</html>' }],
    ['one without such a page', { status: 404 }],
    ['one that asks for a password', { status: 401 }],
    ['one that speaks JSON', { status: 200, body: '{"status":"ok","content":null}' }],
  ])('tells %s from a DataKit', async (_name, reply) => {
    const server = await serve(() => reply);
    const report = await sinkFor(server.url).check(never());
    expect(report).toMatchObject([{ status: 'failed', code: 'DESTINATION_NOT_DATAKIT' }]);
  });

  test('tells what is no HTTP', async () => {
    const server = await serve(() => 'garbage');
    const report = await sinkFor(server.url).check(never());
    expect(report).toMatchObject([{ status: 'failed', code: 'DESTINATION_UNREACHABLE' }]);
  });

  test.each([
    [403, 'datakit.publicAccessDisabled', 'DESTINATION_DENIED'],
    [429, 'datakit.reachMaxAPILimit', 'DESTINATION_BUSY'],
    [400, 'datakit.pointGotWarning', 'DESTINATION_REJECTED'],
    [500, 'datakit.internal', 'DESTINATION_BUSY'],
  ])('says why a DataKit does not take logs: %d', async (status, code, expected) => {
    const server = await serve((request, count) =>
      request.method === 'POST' ? datakitError(status, code) : healthyDatakit(request, count),
    );
    const report = await sinkFor(server.url).check(never());
    expect(report).toMatchObject([{ status: 'ok' }, { status: 'failed', code: expected }]);
  });
});

describe('options', () => {
  const fault = (url: string) => datakit.options.safeParse({ url }).error?.issues[0]?.message;

  test.each([
    ['127.0.0.1:9529', 'This is no URL: write http://host:port.'],
    ['ftp://host', 'The URL begins with http:// or https://.'],
    ['http://u:p@host', 'User and password do not belong in the URL.'],
    ['https://host?token=tkn_1', 'The token does not belong in the URL: set `token`, which is kept secret.'],
    ['http://host:9529/v1/write/logging', 'Leave out /v1/write/…: the address is enough.'],
    ['http://host:9529?x=1', 'The URL is an address only: leave out ? and #.'],
  ])('refuse %s', (url, message) => expect(fault(url)).toBe(message));

  test('have limits that fit a DataKit by default', () => {
    const sink = sinkFor('http://127.0.0.1:9529');
    expect(sink.limits).toEqual({
      maxRecords: 5000,
      maxBytes: 2_097_152,
      maxInFlight: 4,
      lingerMillis: 1000,
      timeoutMillis: 35_000,
    });
  });
});
