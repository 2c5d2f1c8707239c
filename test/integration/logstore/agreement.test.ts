/** Any query, on a real engine: it finds what it says, and all ways to ask agree to the record. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { LogQuery } from '../../../src/contracts/log-query.ts';
import type { LogCursor, LogFilter } from '../../../src/contracts/log-search.ts';
import type { LogStore } from '../../../src/contracts/log-store.ts';
import { NOON, soon } from '../../../src/contracts/testing/log-store/log-store-steps.ts';
import { systemClock } from '../../../src/foundation/clock.ts';
import { silentLogger } from '../../../src/foundation/logger.ts';
import {
  pickOne,
  type Random,
  randomInteger,
  seededRandom,
  systemRandom,
} from '../../../src/foundation/random.ts';
import { createChdbLogStore } from '../../../src/logstore/chdb/chdb-log-store.ts';
import { recordMatcher } from '../../../src/logstore/query/match-record.ts';
import { parseQuery } from '../../../src/logstore/query/parse-query.ts';
import { fieldValue } from '../../../src/logstore/query/record-fields.ts';
import { anyQuery } from '../../../src/logstore/query/testing/any-query.ts';
import { LEVELS } from '../../../src/record/level.ts';
import type { FieldValue, LogRecord, Origin } from '../../../src/record/log-record.ts';

const TEXTS = [
  '',
  'a',
  'A',
  'api',
  'Api',
  'timed out',
  '订单',
  '订单处理',
  'ä',
  'Ä',
  '100%',
  'a_c',
  'abc',
  String.raw`back\slash`,
  '"quoted"',
  "it's",
  'line\nbreak',
  '/api/v1',
  '500',
  '5.5',
  '-3',
  '1e3',
  'true',
  'null',
  '😀',
];
const NUMBERS = [-3, 0, 5, 5.5, 499.99, 500, 1000];
const FIELDS = ['service', 'container', 'zone', 'status', 'user.name', 'odd "key"', 'ok', 'missing'];
const PATTERNS = ['a', '^a', 'c$', '[0-9]+', '订.+', '(?i)API', String.raw`\\`, 'x|b', String.raw`^\d+$`];
const RECORDS = 500;

const records = makeRecords(seededRandom(7));
const queries = anyQuery({ fields: FIELDS, texts: TEXTS, numbers: [...NUMBERS, 1e300], patterns: PATTERNS });
const ranges = fc
  .tuple(fc.integer({ min: -2, max: RECORDS }), fc.integer({ min: 0, max: RECORDS }))
  .map(([from, length]) => ({ fromMillis: NOON + from, toMillis: NOON + from + length }));

let dir: string;
let store: LogStore;
beforeAll(async () => {
  dir = mkdtempSync(join(tmpdir(), 'logferry-agreement-'));
  store = createChdbLogStore({ dir, clock: systemClock, random: systemRandom, logger: silentLogger });
  // In several parts, out of order, and over the end of a day.
  for (let part = 0; part < 5; part++) {
    const some = records.filter((_, index) => index % 5 === part);
    await store.append(some, { redelivery: false }, soon());
  }
});
afterAll(async () => {
  await store.close();
  rmSync(dir, { recursive: true, force: true });
});

test('a query finds the records that it holds for, and no others', async () => {
  await fc.assert(
    fc.asyncProperty(queries, ranges, async (query, range) => {
      expect(await idsOf({ query, ...range })).toEqual(wantedIds(query, range));
    }),
    { numRuns: 100 },
  );
});

test('page by page, histogram, facets, count and export agree to the record', async () => {
  await fc.assert(
    fc.asyncProperty(queries, ranges, fc.integer({ min: 1, max: 60 }), async (query, range, limit) => {
      const filter: LogFilter = { query, ...range };
      const ids = wantedIds(query, range);
      const paged = await pagedIds(filter, limit);
      expect(paged.toSorted()).toEqual(ids);
      const exported: string[] = [];
      for await (const page of store.exportRecords(filter, 'oldest', soon()))
        exported.push(...page.map(({ record }) => record.id));
      expect(exported.toReversed()).toEqual(paged);
      expect(await store.count(filter, soon())).toBe(ids.length);
      const histogram = await store.histogram({ ...filter, maxBuckets: limit }, soon());
      const counts = histogram.buckets.flatMap(({ counts }) => Object.values(counts));
      expect(histogram.total).toBe(ids.length);
      expect(counts.reduce((sum, count) => sum + count, 0)).toBe(ids.length);
      await expectFacets(filter, ids);
    }),
    { numRuns: 20 },
  );
});

test('any text at all is refused at a column, or searched for and changes nothing', async () => {
  const hostile = fc.constantFrom(
    "' OR 1=1 --",
    "'); DROP TABLE records; --",
    '{p0:String}',
    '`',
    '\\',
    '\0',
    "\\'",
    '/*',
    ';',
    'UNION SELECT',
    'level:',
    'service:',
    '"',
    '(',
    ')',
    ' OR ',
    '-',
    '*',
    '/',
    '>=',
    '..',
    '%',
    '_',
    '：',
    '“',
  );
  const texts = fc.array(fc.oneof(hostile, fc.string({ unit: 'binary', maxLength: 8 })), { maxLength: 8 });
  await fc.assert(
    fc.asyncProperty(texts, async (pieces) => {
      const text = pieces.join('');
      const parsed = parseQuery(text);
      if (!parsed.ok) {
        expect(parsed.problem.column).toBeGreaterThan(0);
        return;
      }
      const filter = { query: parsed.query, fromMillis: NOON, toMillis: NOON + RECORDS };
      const found = await store.count(filter, soon()).catch((thrown: unknown) => thrown);
      if (typeof found === 'number') expect(found).toBeLessThanOrEqual(RECORDS);
      else
        expect(found).toMatchObject({
          code: 'QUERY_INVALID',
          problem: { column: expect.any(Number) as number },
        });
    }),
    { numRuns: 120 },
  );
  expect((await store.usage(soon())).records).toBe(RECORDS);
});

async function idsOf(filter: LogFilter): Promise<string[]> {
  const { records: found } = await store.search({ ...filter, order: 'oldest', limit: 1000 }, soon());
  return found.map(({ record }) => record.id).toSorted();
}

function wantedIds(query: LogQuery, { fromMillis, toMillis }: Pick<LogFilter, 'fromMillis' | 'toMillis'>) {
  const matches = recordMatcher(query);
  return records
    .filter(({ timestampMillis }) => timestampMillis >= fromMillis && timestampMillis <= toMillis)
    .filter(matches)
    .map(({ id }) => id)
    .toSorted();
}

async function pagedIds(filter: LogFilter, limit: number): Promise<string[]> {
  const ids: string[] = [];
  let after: LogCursor | undefined;
  do {
    const page = await store.search({ ...filter, order: 'newest', limit, ...(after && { after }) }, soon());
    expect(page.records.length).toBeLessThanOrEqual(limit);
    ids.push(...page.records.map(({ record }) => record.id));
    after = page.next;
  } while (after !== undefined);
  return ids;
}

async function expectFacets(filter: LogFilter, ids: readonly string[]): Promise<void> {
  const fields = ['level', 'source', ...FIELDS];
  const { total, facets } = await store.facets({ ...filter, fields, top: 3 }, soon());
  expect(total).toBe(ids.length);
  const found = records.filter(({ id }) => ids.includes(id));
  for (const [index, facet] of facets.entries()) {
    const counts = new Map<string, number>();
    for (const record of found) {
      const value = fieldValue(record, fields[index] ?? '') ?? '';
      counts.set(value, (counts.get(value) ?? 0) + 1);
    }
    const missing = counts.get('') ?? 0;
    counts.delete('');
    const expected = [...counts].map(([value, count]) => ({ value, count }));
    expected.sort((a, b) => b.count - a.count || Buffer.compare(Buffer.from(a.value), Buffer.from(b.value)));
    expect(facet).toEqual({
      field: fields[index],
      values: expected.slice(0, 3),
      distinct: expected.length,
      missing,
      others: expected.slice(3).reduce((sum, { count }) => sum + count, 0),
    });
  }
}

/** Records that have a field here and there: as a tag, as a field, in a JSON message, and nowhere. Times collide. */
function makeRecords(random: Random): LogRecord[] {
  const origins = Array.from({ length: 12 }, (): Origin => {
    const tags: Record<string, string> = {};
    for (const key of ['service', 'container_name', 'zone', 'odd "key"'])
      if (random.next() < 0.6) tags[key] = pickOne(random, TEXTS);
    return { source: pickOne(random, ['shop', 'bill"ing', '']), tags };
  });
  return Array.from({ length: RECORDS }, (_, index): LogRecord => {
    const fields: Record<string, FieldValue> = {};
    for (const key of FIELDS) if (random.next() < 0.1) fields[key] = anyValue(random) ?? '';
    const timestampMillis = NOON + Math.floor(index / 3) * 3;
    return {
      // Two records may share an id, as where two sources read one log group.
      id: `r${String(index).padStart(4, '0')}`,
      timestampMillis,
      ingestedMillis: timestampMillis,
      ...(random.next() < 0.8 && { level: pickOne(random, LEVELS) }),
      message: anyMessage(random),
      origin: pickOne(random, origins),
      ...(Object.keys(fields).length > 0 && { fields }),
    };
  });
}

function anyMessage(random: Random): string {
  if (random.next() < 0.4) {
    const words = Array.from({ length: randomInteger(random, 0, 4) }, () => pickOne(random, TEXTS));
    return `${random.next() < 0.1 ? '{' : ''}${words.join(pickOne(random, [' ', '', ' - ']))}`;
  }
  const object: Record<string, unknown> = {};
  for (const key of [...FIELDS, 'other']) if (random.next() < 0.3) object[key] = anyValue(random);
  if (random.next() < 0.3) object['user'] = { name: anyValue(random), id: 5 };
  return JSON.stringify(object);
}

function anyValue(random: Random): FieldValue | null {
  return pickOne<FieldValue | null>(random, [...TEXTS, ...NUMBERS, true, false, null]);
}
