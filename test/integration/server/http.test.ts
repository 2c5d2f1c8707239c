import { request } from 'node:http';
import { describe, expect, test } from 'vitest';
import { METRICS } from '../../../src/contracts/metrics.ts';
import type { Run } from '../../../src/contracts/run.ts';
import { FAULT_REPLIES } from '../../../src/demo/datakit/faults.ts';
import { file, GROUPS, getJson, postJson, source, startGround } from './testing/server-ground.ts';

const [A, B] = GROUPS;
const SLOW = { timeout: 9000 };
interface Health {
  readonly status: string;
  readonly problems: readonly string[];
}

type Ground = Awaited<ReturnType<typeof startGround>>;
const datakit = (ground: Ground, inputs: readonly string[] = ['a']) => ({
  type: 'datakit',
  inputs,
  url: ground.datakit.url,
  linger: '0s',
  max_batch_records: 100,
});
type Server = Awaited<ReturnType<Ground['start']>>;

/** A source that reads only when a run asks it to. */
const atRest = (group: string) => source(group, { every: undefined, schedule: '0 0 1 1 *' });

async function endOf(server: Server, id: string): Promise<Run> {
  let run: Run | undefined;
  await expect
    .poll(async () => {
      run = (await getJson<Run>(server, `/api/v1/runs/${id}`)).body;
      return run.state;
    }, SLOW)
    .not.toBe('running');
  if (run === undefined) throw new Error('There is no run.');
  return run;
}

describe('/readyz', () => {
  test('is ok when logs flow, degraded with one dead destination, failed with none that lives', async () => {
    const ground = await startGround();
    ground.write({
      sources: { a: source(A) },
      destinations: { out: file('out.ndjson', ['a']), guance: datakit(ground) },
    });
    const server = await ground.start();
    ground.put(A, 3);
    await expect.poll(() => ground.written('out.ndjson').length, SLOW).toBe(3);
    expect(await getJson(server, '/readyz')).toEqual({ status: 200, body: { status: 'ok', problems: [] } });

    await ground.datakit.refuse();
    ground.put(A, 3);
    const health = async () => {
      const { status, body } = await getJson<Health>(server, '/readyz');
      return [status, body.status, ...body.problems.map((problem) => /^\w+ \w+ is \w+/.exec(problem)?.[0])];
    };
    await expect.poll(health, SLOW).toEqual([200, 'degraded', 'destination guance is retrying']);
    expect((await getJson(server, '/healthz')).status).toBe(200);
    await expect.poll(() => ground.written('out.ndjson').length, SLOW).toBe(6);

    await ground.datakit.accept();
    await expect.poll(health, SLOW).toEqual([200, 'ok']);
    expect(ground.datakit.received.eventIds.size).toBe(6);
  });

  test('is degraded while a log group that is named is not there, and ok when it is made', async () => {
    const ground = await startGround();
    ground.write({
      sources: {
        a: source(A),
        typo: source('/ecs/aa', { discover_every: '10s' }),
        later: source('/later/*'),
      },
      destinations: { out: file('out.ndjson', ['a', 'typo', 'later']) },
    });
    const server = await ground.start();
    const health = async () => (await getJson<Health>(server, '/readyz')).body;
    await expect.poll(health, SLOW).toEqual({
      status: 'degraded',
      problems: [
        'source typo is degraded: There is no log group /ecs/aa in us-east-1. Did you mean "/ecs/a"?',
      ],
    });
    expect(ground.logged.join('\n')).toContain('Not found: /ecs/aa');
    // It goes on with what is there.
    ground.put(A, 2);
    await expect.poll(() => ground.written('out.ndjson').length, SLOW).toBe(2);
    ground.world.createLogGroup({ region: 'us-east-1', name: '/ecs/aa' });
    await expect.poll(async () => (await health()).status, { timeout: 15_000 }).toBe('ok');
  });

  test('fails with its only destination dead', async () => {
    const ground = await startGround();
    ground.write({ sources: { a: source(A) }, destinations: { guance: datakit(ground) } });
    await ground.datakit.refuse();
    ground.put(A, 3);
    const server = await ground.start();
    await expect.poll(async () => (await getJson(server, '/readyz')).status, SLOW).toBe(503);
  });

  test('fails with its only source blocked, and says why without the secret', async () => {
    const ground = await startGround();
    ground.endpoint.faults.add({ kind: 'deny', action: ['FilterLogEvents', 'DescribeLogGroups'] });
    ground.write({ sources: { a: source(A) }, destinations: { out: file('out.ndjson', ['a']) } });
    const server = await ground.start();
    await expect.poll(async () => (await getJson(server, '/readyz')).status, SLOW).toBe(503);
    const { body } = await getJson<Health>(server, '/readyz');
    expect(body.problems.join()).toMatch(/source a is blocked: .*not authorized/);
    expect(JSON.stringify(body)).not.toContain('CANARY');
  });
});

describe('/metrics', () => {
  /** Value of a series; undefined when it is not there. */
  const valueIn = (text: string, series: string) => {
    const line = text.split('\n').find((candidate) => candidate.startsWith(`${series} `));
    return line === undefined ? undefined : Number(line.slice(series.length + 1));
  };
  const metricsOf = async (server: Server) => await (await fetch(`${server.url}/metrics`)).text();

  test('tells what a collection read, dropped, delivered and could not deliver', async () => {
    const ground = await startGround();
    ground.write({
      sources: { a: atRest(A) },
      destinations: { out: file('out.ndjson', ['quiet']), guance: datakit(ground, ['quiet']) },
      more: { transforms: { quiet: { type: 'drop', inputs: ['a'], when: ['/line 0$/'] } } },
    });
    const server = await ground.start();
    ground.put(A, 25);
    const { body } = await postJson<Run>(server, '/api/v1/runs', { kind: 'collect', source: 'a' });
    expect((await endOf(server, body.id)).state).toBe('succeeded');
    const again = await postJson<Run>(server, '/api/v1/runs', { kind: 'collect', source: 'a' });
    await endOf(server, again.body.id);

    // Gauges are measured now and then.
    let text = '';
    const partitions = async () =>
      valueIn((text = await metricsOf(server)), 'logferry_source_partitions{source="a"}');
    await expect.poll(partitions, SLOW).toBe(1);
    const expected: Record<string, number> = {
      'logferry_fetched_records_total{source="a"}': 50,
      'logferry_duplicate_records_total{source="a"}': 25,
      'logferry_committed_records_total{topic="quiet"}': 24,
      'logferry_delivered_records_total{destination="out"}': 24,
      'logferry_delivered_records_total{destination="guance"}': 24,
      'logferry_source_blocked_partitions{source="a"}': 0,
      'logferry_delivery_seconds_count{destination="guance"}': 1,
    };
    const shown = Object.fromEntries(Object.keys(expected).map((series) => [series, valueIn(text, series)]));
    expect(shown).toEqual(expected);
    expect(text).toMatch(/logferry_dropped_records_total\{component="quiet",reason="[^"]+"\} 1\n/);
    expect(text).toMatch(
      /logferry_aws_requests_total\{account="test",region="us-east-1",api="FilterLogEvents",outcome="ok"\} [2-9]/,
    );
    expect(valueIn(text, 'logferry_delivered_bytes_total{destination="out"}')).toBeGreaterThan(1000);
    expect(valueIn(text, 'logferry_spool_max_bytes')).toBe(2 * 1024 ** 3);
  });

  test('names every metric of the table, with its kind and help', async () => {
    const ground = await startGround();
    ground.write({ sources: { a: source(A) }, destinations: { out: file('out.ndjson', ['a']) } });
    const server = await ground.start();
    const reply = await fetch(`${server.url}/metrics`);
    expect(reply.headers.get('content-type')).toMatch(/^text\/plain; version=0\.0\.4/);
    const text = await reply.text();
    for (const [name, { kind, help }] of Object.entries(METRICS)) {
      expect(text).toContain(`# TYPE ${name} ${kind}\n`);
      expect(text).toContain(`# HELP ${name} ${help}\n`);
    }
    expect(text).toContain('nodejs_eventloop_lag');
  });

  test('counts an outage as retries, and does not grow with records, streams and groups', async () => {
    const ground = await startGround();
    ground.write({ sources: { a: source(A) }, destinations: { guance: datakit(ground) } });
    const server = await ground.start();
    ground.put(A, 5);
    await expect.poll(() => ground.datakit.received.eventIds.size, SLOW).toBe(5);
    ground.datakit.faults.add({ kind: 'reply', reply: FAULT_REPLIES.unavailable }, { times: 2 });
    const seriesNow = async () =>
      (await metricsOf(server)).split('\n').filter((line) => line.startsWith('logferry_')).length;
    const now = Date.now();
    for (let stream = 0; stream < 60; stream++)
      ground.world.putEvents('us-east-1', A, `app/web/${stream}`, [
        { timestampMillis: now, message: `from ${stream}` },
      ]);
    await expect.poll(() => ground.datakit.received.eventIds.size, SLOW).toBe(65);
    expect(await metricsOf(server)).toMatch(
      /logferry_delivery_retries_total\{destination="guance",reason="[a-z0-9_]+"\} [12]\n/,
    );
    const before = await seriesNow();
    for (let stream = 60; stream < 160; stream++)
      ground.world.putEvents('us-east-1', A, `app/web/${stream}`, [
        { timestampMillis: now, message: `from ${stream}` },
      ]);
    await expect.poll(() => ground.datakit.received.eventIds.size, SLOW).toBe(165);
    expect(await seriesNow()).toBe(before);
  });
});

describe('a web page of another site', () => {
  const ask = (port: string, headers: Record<string, string>, method = 'GET') =>
    new Promise<number | undefined>((resolve, reject) => {
      const path = method === 'GET' ? '/api/v1/status' : '/api/v1/runs';
      request({ host: '127.0.0.1', port, path, method, headers }, (reply) => {
        reply.resume();
        resolve(reply.statusCode);
      })
        .on('error', reject)
        .end();
    });

  test('is refused, by its origin and by a name that leads here; this machine is not', async () => {
    const ground = await startGround();
    ground.write({ sources: { a: source(A) }, destinations: { out: file('out.ndjson', ['a']) } });
    const { port } = new URL((await ground.start()).url);
    const here = `127.0.0.1:${port}`;
    for (const host of [here, `localhost:${port}`, `[::1]:${port}`])
      expect(await ask(port, { host })).toBe(200);
    for (const host of [
      'evil.example',
      `evil.example:${port}`,
      '127.0.0.1.evil.example',
      '10.0.0.1',
      'localhost@evil.example',
    ])
      expect([host, await ask(port, { host })]).toEqual([host, 403]);
    const otherPort = 'http://127.0.0.1:1';
    for (const origin of [
      'https://evil.example',
      'null',
      'http://localhost.evil.example',
      'file://',
      otherPort,
    ])
      for (const method of ['GET', 'POST', 'DELETE'])
        expect(await ask(port, { host: here, origin }, method)).toBe(403);
    expect(await ask(port, { host: here, origin: `http://${here}` })).toBe(200);
  });
});

describe('/api/v1/runs', () => {
  async function twoAtRest() {
    const ground = await startGround();
    ground.write({
      sources: { a: atRest(A), b: atRest(B) },
      destinations: { out: file('out.ndjson', ['a', 'b']), guance: datakit(ground, ['a', 'b']) },
    });
    return { ground, server: await ground.start() };
  }

  test('does a collection and tells what it read and delivered', async () => {
    const { ground, server } = await twoAtRest();
    ground.put(A, 12);
    const begun = await postJson<Run>(server, '/api/v1/runs', { kind: 'collect', source: 'a' });
    expect(begun.status).toBe(202);
    const run = await endOf(server, begun.body.id);
    expect(run).toMatchObject({
      kind: 'collect',
      source: 'a',
      trigger: 'api',
      state: 'succeeded',
      counts: {
        fetched: 12,
        duplicate: 0,
        committed: 12,
        delivered: { out: 12, guance: 12 },
        deadLetters: {},
      },
    });
    expect(run.endedAtMillis).toBeGreaterThanOrEqual(run.startedAtMillis ?? Infinity);
    expect(ground.written('out.ndjson')).toHaveLength(12);
  });

  test('does a backfill of a range, once', async () => {
    const { ground, server } = await twoAtRest();
    const now = Date.now();
    ground.put(B, 30, 7_200_000);
    const range = { fromMillis: now - 3 * 3_600_000, toMillis: now - 3_600_000 };
    const begun = await postJson<Run>(server, '/api/v1/runs', { kind: 'backfill', source: 'b', ...range });
    const run = await endOf(server, begun.body.id);
    expect(run).toMatchObject({
      state: 'succeeded',
      progress: 1,
      counts: { committed: 30, delivered: { out: 30 } },
    });
    expect(new Set(ground.written('out.ndjson')).size).toBe(30);
  });

  test('tells a run that failed with its code and reason', async () => {
    const { ground, server } = await twoAtRest();
    ground.endpoint.faults.add({ kind: 'deny' });
    const begun = await postJson<Run>(server, '/api/v1/runs', { kind: 'collect', source: 'a' });
    expect(await endOf(server, begun.body.id)).toMatchObject({
      state: 'failed',
      errorCode: 'AWS_DENIED',
      error: expect.stringContaining('not authorized') as string,
    });
    const { body } = await getJson<{ runs: Run[] }>(server, '/api/v1/runs?state=failed&source=a');
    expect(body.runs.map(({ id }) => id)).toEqual([begun.body.id]);
  });

  test('cancels a run, and lets the next one of the source begin', async () => {
    const { ground, server } = await twoAtRest();
    ground.put(A, 3);
    const hanging = ground.endpoint.faults.add({ kind: 'hang', action: 'FilterLogEvents' });
    const { body } = await postJson<Run>(server, '/api/v1/runs', { kind: 'collect', source: 'a' });
    const second = await postJson<{ error: { code: string } }>(server, '/api/v1/runs', {
      kind: 'collect',
      source: 'a',
    });
    expect([second.status, second.body.error.code]).toEqual([409, 'USAGE']);
    expect((await getJson(server, `/api/v1/runs/${body.id}`, { method: 'DELETE' })).status).toBe(202);
    expect((await endOf(server, body.id)).state).toBe('cancelled');
    hanging.remove();
    const third = await postJson<Run>(server, '/api/v1/runs', { kind: 'collect', source: 'a' });
    expect(await endOf(server, third.body.id)).toMatchObject({
      state: 'succeeded',
      counts: { committed: 3 },
    });
  });

  test('of a server that stops ends as cancelled, not as lost', async () => {
    const { ground, server } = await twoAtRest();
    ground.endpoint.faults.add({ kind: 'hang', action: 'FilterLogEvents' });
    const { body } = await postJson<Run>(server, '/api/v1/runs', { kind: 'collect', source: 'a' });
    await server.stop();
    const next = await ground.start();
    expect((await getJson<Run>(next, `/api/v1/runs/${body.id}`)).body.state).toBe('cancelled');
  });

  test.each([
    ['an unknown kind', { kind: 'dance', source: 'a' }, 400],
    ['no source', { kind: 'collect' }, 400],
    ['an option that there is not', { kind: 'collect', source: 'a', fast: true }, 400],
    ['a backfill without a range', { kind: 'backfill', source: 'a' }, 400],
    ['a backfill backwards', { kind: 'backfill', source: 'a', fromMillis: 2, toMillis: 1 }, 400],
    ['a time that is none', { kind: 'backfill', source: 'a', fromMillis: 1.5, toMillis: 1e300 }, 400],
    ['no object', 'collect', 400],
    ['a source that there is not', { kind: 'collect', source: 'nobody' }, 409],
    ['a backfill to resume that there is not', { kind: 'backfill', source: 'a', resumes: 'nobody' }, 404],
  ])('refuses %s', async (_name, body, status) => {
    const { server } = await twoAtRest();
    const reply = await postJson<{ error: { code: string; message: string } }>(server, '/api/v1/runs', body);
    expect(reply.status).toBe(status);
    expect(reply.body.error.message).not.toBe('');
  });

  test('answers what is not there, and what is no JSON, as an error of the API', async () => {
    const { server } = await twoAtRest();
    expect(await getJson(server, '/api/v1/runs/nobody')).toMatchObject({
      status: 404,
      body: { error: { code: 'RUN_NOT_FOUND' } },
    });
    expect((await getJson(server, '/nowhere')).status).toBe(404);
    expect((await getJson(server, '/api/v1/runs?limit=0')).status).toBe(400);
    const headers = { 'content-type': 'application/json' };
    expect((await getJson(server, '/api/v1/runs', { method: 'POST', headers, body: '{' })).status).toBe(400);
    expect(
      (await getJson(server, '/api/v1/runs', { method: 'POST', headers, body: `"${'x'.repeat(2 ** 20)}"` }))
        .status,
    ).toBe(413);
  });

  test('is described by /openapi.json', async () => {
    const { server } = await twoAtRest();
    const { body } = await getJson<{ openapi: string; paths: Record<string, object> }>(
      server,
      '/openapi.json',
    );
    expect(body.openapi).toBe('3.1.0');
    expect(Object.keys(body.paths).toSorted()).toEqual([
      '/api/v1/coverage',
      '/api/v1/destinations/{id}/dead-letters',
      '/api/v1/destinations/{id}/dead-letters/send',
      '/api/v1/explain',
      '/api/v1/logs',
      '/api/v1/logs/complete',
      '/api/v1/logs/context',
      '/api/v1/logs/export',
      '/api/v1/logs/facets',
      '/api/v1/logs/fields',
      '/api/v1/logs/fields/values',
      '/api/v1/logs/histogram',
      '/api/v1/logs/parse',
      '/api/v1/logs/patterns',
      '/api/v1/logs/record',
      '/api/v1/logs/stores',
      '/api/v1/logs/tail',
      '/api/v1/runs',
      '/api/v1/runs/{id}',
      '/api/v1/status',
      '/healthz',
      '/metrics',
      '/readyz',
    ]);
  });
});
