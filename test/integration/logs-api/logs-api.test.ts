/** The logs API over HTTP, on a server with a real log store. */
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { LogRecord } from '../../../src/record/log-record.ts';
import { type LogsGround, startLogsGround } from './testing/logs-ground.ts';

const NOON = Date.UTC(2026, 10, 20, 12);
const API = { source: 'shop', tags: tagsOf('api', 't1') };
const WEB = { source: 'shop', tags: tagsOf('web', 't2') };

let ground: LogsGround;

beforeAll(async () => {
  ground = await startLogsGround();
  await ground.append(
    Array.from({ length: 300 }, (_, n): LogRecord => {
      const isError = n % 10 === 0;
      return {
        id: `e${String(n).padStart(4, '0')}`,
        timestampMillis: NOON + n * 1000,
        ingestedMillis: NOON + n * 1000 + 500,
        level: isError ? 'error' : 'info',
        message:
          n % 3 === 0
            ? JSON.stringify({
                msg: 'request done',
                status: isError ? 500 : 200,
                dur: n,
                path: `/api/${n % 5}`,
              })
            : `GET /health ${n} 订单`,
        origin: n % 3 === 0 ? API : WEB,
      };
    }),
  );
});

afterAll(async () => {
  await ground.stop();
});

function tagsOf(service: string, task: string) {
  return {
    log_group: `/ecs/${service}`,
    log_stream: `ecs/app/${task}`,
    service,
    container_name: 'app',
    task_id: task,
  };
}

const range = `from=${NOON}&to=${NOON + 300_000}`;
const get = async <Body>(path: string) => await ground.get<Body>(path);

interface Page {
  readonly records: readonly {
    readonly id: string;
    readonly message: string;
    readonly messageBytes?: number;
  }[];
  readonly next?: string;
}

describe('a search', () => {
  test('goes page by page to the end, without a gap or a repetition', async () => {
    const ids: string[] = [];
    let cursor = '';
    for (let pages = 0; pages < 20; pages++) {
      const { body } = await get<Page>(`/api/v1/logs?q=service:web&limit=33&${range}${cursor}`);
      ids.push(...body.records.map(({ id }) => id));
      if (body.next === undefined) break;
      cursor = `&cursor=${body.next}`;
    }
    expect(ids).toHaveLength(200);
    expect(ids).toEqual([...new Set(ids)].toSorted().toReversed());
  });

  test('answers the same number of records as histogram, facets and export', async () => {
    const q = encodeURIComponent('status:>=200 dur:10..250 -path:"/api/3"');
    const { body: page } = await get<Page>(`/api/v1/logs?q=${q}&limit=1000&${range}`);
    const { body: histogram } = await get<{ total: number; buckets: { counts: Record<string, number> }[] }>(
      `/api/v1/logs/histogram?q=${q}&${range}`,
    );
    const { body: facets } = await get<{ total: number; facets: object[] }>(
      `/api/v1/logs/facets?q=${q}&${range}&field=level&field=path&field=nothing`,
    );
    const exported = await ground.fetch(`/api/v1/logs/export?q=${q}&${range}&format=ndjson`);
    const lines = (await exported.text()).trimEnd().split('\n');
    expect(page.records.length).toBeGreaterThan(20);
    expect(histogram.total).toBe(page.records.length);
    expect(facets.total).toBe(page.records.length);
    expect(lines).toHaveLength(page.records.length);
    expect(facets.facets).toMatchObject([
      { field: 'level', missing: 0, others: 0 },
      { field: 'path', distinct: 4 },
      { field: 'nothing', values: [], missing: page.records.length },
    ]);
    const counted = histogram.buckets.flatMap(({ counts }) => Object.values(counts));
    expect(counted.reduce((sum, count) => sum + count, 0)).toBe(page.records.length);
  });

  test('cuts long messages and says so; the record is there whole', async () => {
    const message = `${'长'.repeat(3000)} end`;
    await ground.append([
      { id: 'long', timestampMillis: NOON - 5000, ingestedMillis: NOON, message, origin: API },
    ]);
    const { body } = await get<Page>(
      `/api/v1/logs?from=${NOON - 5000}&to=${NOON - 5000}&maxMessageLength=10`,
    );
    expect(body.records).toMatchObject([{ message: '长'.repeat(10), messageBytes: 9004 }]);
    const { body: whole } = await get(`/api/v1/logs/record?time=${NOON - 5000}&id=long`);
    expect(whole).toMatchObject({ message });
  });

  test.each<[string, number, object]>([
    ['q=a%20(b', 400, { code: 'QUERY_INVALID', column: 3, length: 1 }],
    ['q=level%3Aloud', 400, { code: 'QUERY_INVALID', column: 7, length: 4 }],
    ['q=x%20%2F(%2F', 400, { code: 'QUERY_INVALID', column: 3, length: 3 }],
    ['from=yesterday', 400, { code: 'USAGE', message: expect.stringContaining('`from` is no time') }],
    ['from=now&to=1h', 400, { code: 'USAGE', message: '`from` lies after `to`.' }],
    ['limit=5000', 400, { code: 'USAGE' }],
    ['cursor=nonsense', 400, { code: 'USAGE', message: expect.stringContaining('cursor') }],
    ['store=loacl', 404, { code: 'STORE_NOT_CONFIGURED', message: expect.stringContaining('"local"') }],
  ])('with %s is answered with %i and what is wrong', async (parameters, status, error) => {
    const reply = await get(`/api/v1/logs?${parameters}`);
    expect(reply).toMatchObject({ status, body: { error } });
  });

  test.each(["' OR 1=1 --", "x') UNION ALL SELECT 1 --", '{p0:String}', '\\', '%', '\0', 'a`b"c'])(
    'for %j finds what contains it, which is nothing',
    async (text) => {
      const q = encodeURIComponent(JSON.stringify(text).replaceAll(String.raw`\u0000`, '\0'));
      for (const query of [q, `service:${q}`, `${q}:x`, `path:${q}`])
        expect(await get(`/api/v1/logs?q=${query}&${range}`)).toMatchObject({
          status: 200,
          body: { records: [] },
        });
    },
  );
});

describe('what is known of records', () => {
  test('are their fields, with kind and type', async () => {
    const { body } = await get<{ fields: object[] }>(`/api/v1/logs/fields?${range}`);
    expect(body.fields).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ name: 'level', kind: 'built_in' }),
        expect.objectContaining({ name: 'service', kind: 'tag', type: 'text' }),
        expect.objectContaining({ name: 'container', kind: 'tag' }),
        expect.objectContaining({ name: 'status', kind: 'json', type: 'number' }),
      ]),
    );
  });

  test('are values of a field, the most frequent first', async () => {
    const { body } = await get(`/api/v1/logs/fields/values?field=path&containing=API&${range}`);
    expect(body).toMatchObject({ field: 'path', values: [{ value: '/api/0', count: 20 }, {}, {}, {}, {}] });
  });

  test('are their patterns', async () => {
    const { body } = await get(`/api/v1/logs/patterns?${range}`);
    expect(body).toMatchObject({
      examined: 300,
      distinct: 2,
      patterns: [
        { shape: 'GET /health <n> 订单', count: 200 },
        { shape: 'request done', count: 100, level: 'info' },
      ],
    });
  });

  test('is the context of a record: its stream, or its task', async () => {
    const { body } = await get(
      `/api/v1/logs/context?time=${NOON + 150_000}&id=e0150&before=2&after=1&scope=task`,
    );
    expect(body).toMatchObject({
      scope: 'task',
      before: [{ id: 'e0144' }, { id: 'e0147' }],
      record: { id: 'e0150' },
      after: [{ id: 'e0153' }],
      hasMoreBefore: true,
      hasMoreAfter: true,
    });
    expect(await get('/api/v1/logs/context?time=1&id=none')).toMatchObject({
      status: 404,
      body: { error: { code: 'RECORD_NOT_FOUND' } },
    });
  });

  test('is what each store holds', async () => {
    const { body } = await get<{ stores: object[] }>('/api/v1/logs/stores');
    expect(body.stores).toMatchObject([{ id: 'local', newestMillis: NOON + 299_000 }]);
  });

  test('is whether a text is a query, and how it could go on', async () => {
    expect(await get('/api/v1/logs/parse?q=-level:WARN%20%20x')).toMatchObject({
      body: {
        ok: true,
        canonical: '-level:warning x',
        terms: [
          { field: 'level', kind: 'text', from: 1, to: 11 },
          { field: 'message', from: 13, to: 14 },
        ],
      },
    });
    expect(await get('/api/v1/logs/parse?q=status:%3Ex')).toMatchObject({
      body: { ok: false, problem: { column: 9, length: 1, expected: ['a number, such as 500 or 0.25'] } },
    });
    const { body } = await get<{ items: object[] }>(`/api/v1/logs/complete?q=x%20stat&cursor=6&${range}`);
    expect(body).toMatchObject({ from: 2, to: 6, items: [{ label: 'status', insert: 'status:' }] });
    expect(await get(`/api/v1/logs/complete?q=service:w&cursor=9&${range}`)).toMatchObject({
      body: { from: 8, to: 9, items: [{ label: 'web', count: 200 }] },
    });
  });
});

describe('an export', () => {
  test('as CSV begins with a byte order mark, quotes what must be, and defuses formulas', async () => {
    await ground.append([
      {
        id: 'formula',
        timestampMillis: NOON - 9000,
        ingestedMillis: NOON,
        message: '=HYPERLINK("x"),\nnext',
        origin: API,
      },
    ]);
    const reply = await ground.fetch(`/api/v1/logs/export?format=csv&from=${NOON - 9000}&to=${NOON - 9000}`);
    const bytes = Buffer.from(await reply.arrayBuffer());
    expect(bytes.subarray(0, 3)).toEqual(Buffer.from([0xef, 0xbb, 0xbf]));
    const text = bytes.toString('utf8', 3);
    expect(text).toContain('time,level,source,cluster,service');
    expect(text).toContain(`"'=HYPERLINK(""x""),\nnext"`);
    expect(reply.headers.get('content-disposition')).toMatch(
      /^attachment; filename="logs-\d{8}T\d{6}Z\.csv"$/,
    );
  });

  test('is compressed when asked for, oldest first', async () => {
    const reply = await ground.fetch(`/api/v1/logs/export?format=txt&gzip=true&q=service:web&${range}`);
    const text = gunzipSync(Buffer.from(await reply.arrayBuffer())).toString();
    const lines = text.trimEnd().split('\n');
    expect(lines).toHaveLength(200);
    expect(lines[0]).toBe('2026-11-20T12:00:01.000Z info     web/t2 GET /health 1 订单');
  });

  test('of what is no query is an error and no file', async () => {
    const reply = await get('/api/v1/logs/export?q=%2F(%2F');
    expect(reply).toMatchObject({ status: 400, body: { error: { code: 'QUERY_INVALID', column: 1 } } });
  });
});

describe('a tail', () => {
  test('sends what is there, then what comes in, each once, and says what it leaves out', async () => {
    const now = Date.now();
    const record = (id: string, timestampMillis: number, message = 'tailed'): LogRecord => ({
      id,
      timestampMillis,
      ingestedMillis: timestampMillis,
      message,
      origin: API,
    });
    await ground.append([record('before', now - 1000)]);
    const events = await ground.events(`/api/v1/logs/tail?q=tailed&limit=3`);
    expect(await events.next()).toMatchObject({ event: 'open', data: { store: 'local' } });
    expect(await events.next()).toMatchObject({ event: 'records', data: { records: [{ id: 'before' }] } });
    await ground.append([record('other', now, 'something else'), record('after', now)]);
    expect(await events.next()).toMatchObject({
      data: { records: [{ id: 'after' }], leftOut: { tooMany: 0, older: 0 } },
    });
    await ground.append([
      record('old', NOON),
      ...Array.from({ length: 5 }, (_, n) => record(`many${n}`, now + n)),
    ]);
    expect(await events.next()).toMatchObject({
      data: {
        records: [{ id: 'many2' }, { id: 'many3' }, { id: 'many4' }],
        leftOut: { tooMany: 2, older: 1 },
      },
    });
    events.close();
  });

  test('for what is no query is an error', async () => {
    expect(await get('/api/v1/logs/tail?q=(')).toMatchObject({ status: 400 });
  });
});
