import { afterEach, describe, expect, test } from 'vitest';
import type { ComponentContext } from '../../contracts/component.ts';
import { noMetrics } from '../../contracts/metrics.ts';
import type { Sink } from '../../contracts/sink.ts';
import { sinkSuite } from '../../contracts/testing/sink-suite.ts';
import { systemClock } from '../../foundation/clock.ts';
import { silentLogger } from '../../foundation/logger.ts';
import { systemRandom } from '../../foundation/random.ts';
import {
  type LoggingServer,
  type Script,
  type ScriptedReply,
  startLoggingServer,
} from '../../sink-kit/testing/logging-server.ts';
import { someRecords } from '../../sink-kit/testing/some-records.ts';
import { dataway } from './definition.ts';

const TOKEN = 'tkn_0123456789abcdef0123456789abcdef';

const context: ComponentContext = {
  id: 'guance',
  clock: systemClock,
  random: systemRandom,
  logger: silentLogger,
  metrics: noMetrics,
  dataDir: '/nowhere',
};

const unknownToken: ScriptedReply = {
  status: 403,
  body: JSON.stringify({ code: 403, errorCode: 'kodo.tokenNotFound', message: 'token not found' }),
};

const healthyDataway: Script = (request) => {
  if (request.path.startsWith('/v1/check/token/'))
    return request.path.endsWith(TOKEN)
      ? { status: 200, body: '{"code":200,"errorCode":"","message":""}' }
      : unknownToken;
  return request.query.get('token') === TOKEN ? { status: 200, body: '{}' } : unknownToken;
};

const open: { close(): Promise<void> }[] = [];

afterEach(async () => {
  for (const one of open.splice(0).reverse()) await one.close();
});

async function serve(script: Script): Promise<LoggingServer> {
  const server = await startLoggingServer(script);
  open.push(server);
  return server;
}

function sinkFor(url: string, token = TOKEN): Sink {
  const sink = dataway.create(dataway.options.parse({ url, token }), context);
  open.push(sink);
  return sink;
}

const never = () => new AbortController().signal;
const batch = { id: 'b', records: someRecords(0, 3), redelivery: false };

sinkSuite(async () => {
  const server = await startLoggingServer(healthyDataway);
  return {
    sink: dataway.create(dataway.options.parse({ url: server.url, token: TOKEN }), context),
    arrived: async () =>
      server.points.map((point) => ({
        id: String(point.fields.get('event_id')?.value),
        message: String(point.fields.get('message')?.value),
        timestampMillis: Number(point.nanoseconds! / 1_000_000n),
      })),
    stall: () => {
      server.script = () => 'stall';
    },
    dispose: () => server.close(),
  };
});

describe('a batch', () => {
  test('goes to the backend’s write route with the token', async () => {
    const server = await serve(healthyDataway);
    expect((await sinkFor(server.url).write(batch, never())).kind).toBe('delivered');
    const [request] = server.requests;
    expect(request?.path).toBe('/v1/write/logging');
    expect(Object.fromEntries(request?.query ?? [])).toEqual({ precision: 'n', token: TOKEN });
  });

  test.each<[string, ScriptedReply, object]>([
    ['a token nobody knows', unknownToken, { kind: 'retry', reason: 'denied', mayHaveArrived: false }],
    [
      'the same, said with another status',
      { status: 400, body: '{"error_code":"dataway.invalidToken"}' },
      { kind: 'retry', reason: 'denied' },
    ],
    [
      'a used up volume',
      { status: 403, body: '{"error_code":"kodo.beyondDataUsage"}' },
      { kind: 'retry', reason: 'denied' },
    ],
    [
      'a bad point',
      { status: 400, body: '{"error_code":"kodo.invalidPoints"}' },
      { kind: 'rejected', reason: 'bad_point' },
    ],
    [
      'a 400 of somebody in between',
      { status: 400, body: 'Bad Request' },
      { kind: 'retry', reason: 'http_400' },
    ],
    [
      'a web page',
      { status: 200, headers: { 'content-type': 'text/html' }, body: '<html>' },
      { kind: 'retry', reason: 'not_dataway' },
    ],
    ['204', { status: 204 }, { kind: 'delivered' }],
    [
      '429',
      { status: 429, headers: { 'retry-after': '3' } },
      { kind: 'retry', reason: 'rate_limited', afterMillis: 3000 },
    ],
  ])('%s is understood', async (_name, reply, expected) => {
    const server = await serve(() => reply);
    const outcome = await sinkFor(server.url).write(batch, never());
    expect(outcome).toMatchObject(expected);
    expect(JSON.stringify(outcome)).not.toContain(TOKEN);
  });
});

describe('check', () => {
  test('asks whether the token is known, and stores nothing', async () => {
    const server = await serve(healthyDataway);
    const report = await sinkFor(server.url).check(never());
    expect(report.map(({ status }) => status)).toEqual(['ok', 'ok']);
    expect(server.points).toEqual([]);
  });

  test.each([
    ['with 403', unknownToken],
    ['inside a 200', { status: 200, body: '{"code":403,"errorCode":"kodo.tokenNotFound","message":""}' }],
  ])('tells a wrong token, %s', async (_name, reply) => {
    const server = await serve(() => reply);
    const report = await sinkFor(server.url).check(never());
    expect(report).toMatchObject([{ status: 'ok' }, { status: 'failed', code: 'DESTINATION_DENIED' }]);
    expect(JSON.stringify(report)).not.toContain(TOKEN);
  });

  test('tells a web page, and a closed port', async () => {
    const server = await serve(() => ({ status: 200, body: '<!DOCTYPE html>' }));
    const sink = sinkFor(server.url);
    expect(await sink.check(never())).toMatchObject([
      { status: 'failed', fix: expect.stringContaining('url') },
    ]);
    await server.close();
    expect(await sink.check(never())).toMatchObject([{ status: 'failed', code: 'DESTINATION_UNREACHABLE' }]);
  });

  test('asks with a write without a body where there is no other way', async () => {
    const withoutRoute = (reply: ScriptedReply): Script => {
      return ({ method }) => (method === 'GET' ? { status: 404, body: '<html>' } : reply);
    };
    const server = await serve(withoutRoute(unknownToken));
    const sink = sinkFor(server.url);
    expect(await sink.check(never())).toMatchObject([{ status: 'ok' }, { code: 'DESTINATION_DENIED' }]);
    server.script = withoutRoute({ status: 400, body: '{"error_code":"kodo.emptyBody"}' });
    expect(await sink.check(never())).toMatchObject([{ status: 'ok' }, { status: 'warning' }]);
    server.script = withoutRoute({ status: 404 });
    expect(await sink.check(never())).toMatchObject([{ code: 'DESTINATION_UNREACHABLE' }]);
    expect(server.requests.every(({ body }) => body.length === 0)).toBe(true);
  });
});

test('a token in the address is refused without being repeated', () => {
  const result = dataway.options.safeParse({
    url: `https://openway.guance.com?token=${TOKEN}`,
    token: TOKEN,
  });
  expect(result.success).toBe(false);
  expect(JSON.stringify(result.error?.issues)).not.toContain(TOKEN);
});
