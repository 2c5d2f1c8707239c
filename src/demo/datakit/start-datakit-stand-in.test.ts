import { brotliCompressSync, deflateSync, gzipSync, zstdCompressSync } from 'node:zlib';
import { request } from 'undici';
import { afterEach, describe, expect, test } from 'vitest';
import { systemClock } from '../../foundation/clock.ts';
import { FakeClock } from '../../foundation/fake-clock.ts';
import { seededRandom } from '../../foundation/random.ts';
import { FAULT_REPLIES, rateLimitedFor } from './faults.ts';
import type { DataKitStandIn, DataKitStandInOptions } from './stand-in-options.ts';
import { startDataKitStandIn } from './start-datakit-stand-in.ts';

const NOW = Date.UTC(2026, 10, 23, 10);
const open: DataKitStandIn[] = [];

async function start(options: Partial<DataKitStandInOptions> = {}) {
  const standIn = await startDataKitStandIn({ clock: new FakeClock(NOW), ...options });
  open.push(standIn);
  return standIn;
}

afterEach(async () => {
  await Promise.all(open.splice(0).map((standIn) => standIn.close()));
});

interface Post {
  readonly query?: string;
  readonly category?: string;
  readonly headers?: Record<string, string>;
  readonly signal?: AbortSignal;
}

async function post(standIn: DataKitStandIn, body: string | Buffer, options: Post = {}) {
  const path = `/v1/write/${options.category ?? 'logging'}${options.query ?? '?precision=ms'}`;
  const reply = await request(standIn.url + path, {
    method: 'POST',
    body,
    headers: options.headers ?? {},
    ...(options.signal === undefined ? {} : { signal: options.signal }),
  });
  return { status: reply.statusCode, headers: reply.headers, text: await reply.body.text() };
}

const line = (id: string, time = NOW) =>
  `ecs,host=h message="m ${id}",status="info",event_id="${id}" ${time}`;
const codeOf = (text: string) => (JSON.parse(text) as { error_code: string }).error_code;

describe('the stand-in of DataKit', () => {
  test('answers a write with an empty 200 and its header, and has the points', async () => {
    const standIn = await start();
    const reply = await post(standIn, `${line('a')}\n${line('b', NOW + 1)}\n`);
    expect(reply).toMatchObject({ status: 200, text: '', headers: { 'x-datakit': '1.84.1/demo-datakit' } });
    expect(standIn.received.toArray()).toEqual([
      {
        measurement: 'ecs',
        tags: { host: 'h', ip: '127.0.0.1' },
        fields: { message: 'm a', status: 'info', event_id: 'a' },
        timestampNanos: BigInt(NOW) * 1_000_000n,
      },
      expect.objectContaining({ timestampNanos: BigInt(NOW + 1) * 1_000_000n }),
    ]);
    expect(standIn.counters).toMatchObject({ requests: 1, writes: 1, statuses: { 200: 1 } });
  });

  test('tells its version to a ping', async () => {
    const standIn = await start();
    const reply = await request(`${standIn.url}/v1/ping`);
    expect(reply.headers['x-datakit']).toBeDefined();
    expect(await reply.body.json()).toEqual({
      content: { version: '1.84.1', uptime: '0s', host: 'demo-datakit', commit: 'demo' },
    });
  });

  test.each([
    ['gzip', gzipSync],
    ['deflate', deflateSync],
    ['br', brotliCompressSync],
    ['zstd', zstdCompressSync],
  ] as const)('takes a body in %s', async (encoding, compress) => {
    const standIn = await start();
    const reply = await post(standIn, compress(line('a')), { headers: { 'content-encoding': encoding } });
    expect(reply.status).toBe(200);
    expect(standIn.points).toBe(1);
  });

  test('answers a corrupt gzip body as its crashed handler does: 200 without its header, and nothing taken', async () => {
    const standIn = await start();
    const broken = gzipSync(line('a')).fill(7, 12);
    const reply = await post(standIn, broken, { headers: { 'content-encoding': 'gzip' } });
    expect(reply.status).toBe(200);
    expect(reply.headers['x-datakit']).toBeUndefined();
    expect(standIn.points).toBe(0);
  });

  test('takes a batch whole or not at all, and repeats the body in its message', async () => {
    const standIn = await start();
    const reply = await post(standIn, `${line('a')}\nbad,tag= f=1i 1`);
    expect([reply.status, codeOf(reply.text)]).toEqual([400, 'datakit.invalidLinePoint']);
    expect(reply.text).toContain('m a');
    expect(standIn.points).toBe(0);
  });

  test.each([
    ['an empty body', '', {}, 'datakit.emptyBody'],
    ['a body of comments', '# nothing\n', {}, 'datakit.noPoints'],
    ['an unknown category', line('a'), { category: 'poems' }, 'datakit.invalidCategory'],
    [
      'an unknown encoding',
      line('a'),
      { headers: { 'content-encoding': 'GZIP' } },
      'datakit.decodeBodyFailed',
    ],
    ['broken deflate', 'x', { headers: { 'content-encoding': 'deflate' } }, 'datakit.decodeBodyFailed'],
    ['broken JSON', '{', { headers: { 'content-type': 'application/json' } }, 'datakit.invalidJsonPoint'],
    ['a warning under strict', 'ecs message="x" 1', { query: '?strict=1' }, 'datakit.pointGotWarning'],
  ])('refuses %s', async (_what, body, options, code) => {
    const standIn = await start();
    const reply = await post(standIn, body, options);
    expect([reply.status, codeOf(reply.text)]).toEqual([400, code]);
    expect(standIn.points).toBe(0);
  });

  test('stores nothing of a dry write, and echoes what it would store', async () => {
    const standIn = await start();
    const reply = await post(standIn, line('a'), { query: '?precision=ms&dry=1&strict=1&echo=json' });
    expect(reply.status).toBe(200);
    expect(JSON.parse(reply.text)).toMatchObject([{ measurement: 'ecs', fields: { event_id: 'a' } }]);
    expect(standIn.points).toBe(0);
  });

  test('alters points as DataKit does', async () => {
    const standIn = await start();
    const old = NOW - 3 * 3_600_000;
    await post(standIn, `ecs,both=tag,a.b=c source="s",date="d",both="field",time=5i,message="x" ${old}`);
    expect(standIn.received.toArray()).toEqual([
      {
        measurement: 'ecs',
        tags: { both: 'tag', a_b: 'c', host: 'demo-datakit', ip: '127.0.0.1' },
        fields: { time: 5, message: 'x', status: 'info', __orig_time: BigInt(old) * 1_000_000n },
        timestampNanos: BigInt(NOW) * 1_000_000n,
      },
    ]);
  });

  test('leaves timestamps and host alone when told to', async () => {
    const standIn = await start({ correctTimestamps: false });
    await post(standIn, `ecs message="x" 1000`, { query: '?precision=ms&ignore_global_host_tags=1' });
    expect(standIn.received.toArray()).toMatchObject([{ tags: {}, timestampNanos: 1_000_000_000n }]);
  });

  test('drops a point over 1 MiB in silence', async () => {
    const standIn = await start();
    const reply = await post(standIn, `ecs message="${'x'.repeat(1_048_576)}" ${NOW}\n${line('a')}`);
    expect(reply.status).toBe(200);
    expect([standIn.points, standIn.counters.droppedOversize]).toEqual([1, 1]);
  });

  test('counts how often an event id came', async () => {
    const standIn = await start({ storage: { keep: 'event_ids' } });
    await post(standIn, `${line('a')}\n${line('b')}`);
    await post(standIn, line('a'));
    expect(standIn.points).toBe(3);
    expect(standIn.received.duplicates).toBe(1);
    expect(new Map(standIn.received.eventIds)).toEqual(
      new Map([
        ['a', 2],
        ['b', 1],
      ]),
    );
    expect(standIn.received.size).toBe(0);
  });

  test('keeps no more points than it may, the newest, and counts them all', async () => {
    const standIn = await start({ storage: { maxPoints: 2 } });
    await post(standIn, ['a', 'b', 'c'].map((id) => line(id)).join('\n'));
    expect([...standIn.received].map((point) => point.fields['event_id'])).toEqual(['b', 'c']);
    expect(standIn.points).toBe(3);
  });

  test('is as strict when it only counts', async () => {
    const standIn = await start({ storage: { keep: 'counts' } });
    expect((await post(standIn, `${line('a')}\nm f=NaN 1`)).status).toBe(400);
    expect((await post(standIn, `${line('a')}\n${line('b')}`)).status).toBe(200);
    expect(standIn.points).toBe(2);
  });

  test('limits the rate of requests when it is given one', async () => {
    const clock = new FakeClock(NOW);
    const standIn = await start({ clock, maxRequestsPerSecond: 2 });
    const statuses = [];
    for (const id of ['a', 'b', 'c']) statuses.push((await post(standIn, line(id))).status);
    await clock.advance(1000);
    statuses.push((await post(standIn, line('d'))).status);
    expect(statuses).toEqual([200, 200, 429, 200]);
  });

  test('answers 413 to a body that is too long, and takes nothing of it', async () => {
    const standIn = await start({ maxBodyBytes: 1000 });
    expect((await post(standIn, line('x'.repeat(2000)))).status).toBe(413);
    expect((await post(standIn, line('a'))).status).toBe(200);
    expect(standIn.points).toBe(1);
  });

  test('has a page for every other address', async () => {
    const standIn = await start();
    const reply = await request(`${standIn.url}/nothing`);
    expect([reply.statusCode, reply.headers['content-type']]).toEqual([404, 'text/html']);
    await reply.body.dump();
  });
});

describe('the public intake', () => {
  test('takes what has the right token, as it is, and has no header of a DataKit', async () => {
    const standIn = await start({ dataway: { token: 'tkn_right' } });
    const reply = await post(standIn, line('a', 1000), { query: '?precision=ms&token=tkn_right' });
    expect([reply.status, reply.headers['x-datakit']]).toEqual([200, undefined]);
    expect(standIn.received.toArray()).toMatchObject([
      { tags: { host: 'h' }, timestampNanos: 1_000_000_000n },
    ]);
  });

  test.each(['?token=tkn_wrong', ''])('refuses a write with %j', async (query) => {
    const standIn = await start({ dataway: { token: 'tkn_right' } });
    const reply = await post(standIn, line('a'), { query });
    expect([reply.status, codeOf(reply.text)]).toEqual([403, 'kodo.tokenNotFound']);
    expect(reply.text).not.toContain('tkn_');
    expect(standIn.points).toBe(0);
  });
});

describe('scripted faults', () => {
  test('strike as often as they are told to, after as many as they are told to let pass', async () => {
    const standIn = await start();
    standIn.faults.add({ kind: 'reply', reply: FAULT_REPLIES.rateLimited }, { times: 2, after: 1 });
    const statuses = [];
    for (const id of ['a', 'b', 'c', 'd']) statuses.push((await post(standIn, line(id))).status);
    expect(statuses).toEqual([200, 429, 429, 200]);
    expect([standIn.points, standIn.faults.struck, standIn.faults.areArmed]).toEqual([2, 2, false]);
  });

  test('strike with a probability that the injected randomness decides', async () => {
    const standIn = await start({ random: seededRandom(3) });
    standIn.faults.add({ kind: 'reply', reply: FAULT_REPLIES.serverError }, { probability: 0.5 });
    const expected = seededRandom(3);
    for (let index = 0; index < 20; index++) {
      expect((await post(standIn, line(`${index}`))).status).toBe(expected.next() < 0.5 ? 500 : 200);
    }
  });

  test('leave pings alone unless they are told not to', async () => {
    const standIn = await start();
    standIn.faults.add({ kind: 'reply', reply: FAULT_REPLIES.htmlPage });
    expect((await request(`${standIn.url}/v1/ping`)).headers['x-datakit']).toBeDefined();
    standIn.faults.clear();
    standIn.faults.add({ kind: 'reply', reply: FAULT_REPLIES.htmlPage }, { path: 'ping' });
    const reply = await request(`${standIn.url}/v1/ping`);
    expect([reply.statusCode, reply.headers['x-datakit']]).toEqual([200, undefined]);
  });

  test('can say 408 although the data is taken', async () => {
    const standIn = await start();
    standIn.faults.add({ kind: 'reply', reply: FAULT_REPLIES.timeout, taken: true }, { times: 1 });
    expect(await post(standIn, line('a'))).toMatchObject({ status: 408, text: 'timeout(30s)' });
    await post(standIn, line('a'));
    expect(standIn.received.eventIds.get('a')).toBe(2);
  });

  test('can ask for a delay', async () => {
    const standIn = await start();
    standIn.faults.add({ kind: 'reply', reply: rateLimitedFor(7) });
    expect((await post(standIn, line('a'))).headers['retry-after']).toBe('7');
  });

  test.each([
    ['before', false, 0],
    ['after', true, 1],
  ])('can reset the connection %s the data is taken', async (_when, taken, points) => {
    const standIn = await start();
    standIn.faults.add({ kind: 'reset', taken }, { times: 1 });
    await expect(post(standIn, line('a'))).rejects.toThrow(/ECONNRESET|other side closed/);
    expect(standIn.points).toBe(points);
    expect((await post(standIn, line('b'))).status).toBe(200);
  });

  test('can leave a client without a reply, and close ends that', async () => {
    const standIn = await start();
    standIn.faults.add({ kind: 'hang', taken: true });
    const outcome = post(standIn, line('a')).then(
      () => 'a reply',
      () => 'no reply',
    );
    while (standIn.points === 0) await systemClock.sleep(5);
    await standIn.close();
    expect(await outcome).toBe('no reply');
  });

  test('can be slow by its clock', async () => {
    const clock = new FakeClock(NOW);
    const standIn = await start({ clock });
    standIn.faults.add({ kind: 'slow', millis: 30_000 });
    const waiting = post(standIn, line('a'));
    while (clock.sleeping === 0) await systemClock.sleep(5);
    expect(standIn.points).toBe(0);
    await clock.advance(30_000);
    expect((await waiting).status).toBe(200);
  });

  test('clients are refused until it accepts again, on the same port', async () => {
    const standIn = await start();
    const { url } = standIn;
    await post(standIn, line('a'));
    await standIn.refuse();
    await expect(post(standIn, line('b'))).rejects.toThrow('ECONNREFUSED');
    await standIn.accept();
    expect(standIn.url).toBe(url);
    expect((await post(standIn, line('c'))).status).toBe(200);
    expect(standIn.points).toBe(2);
  });
});
