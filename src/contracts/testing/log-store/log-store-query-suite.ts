import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { LogRecord } from '../../../record/log-record.ts';
import type { LogCondition, LogStore } from '../../log-store.ts';
import {
  EVERYTHING,
  idsOf,
  type LogStoreHarness,
  logRecord,
  logRecords,
  type MakeLogStore,
  NOON,
  ORIGIN,
  soon,
} from './log-store-steps.ts';

const OTHER = { source: 'billing', tags: { log_group: '/ecs/billing', service: 'jobs', shard: '7' } };

const RECORDS: readonly LogRecord[] = [
  logRecord('a', NOON, { message: 'GET /cart 200', level: 'info' }),
  logRecord('b', NOON + 1000, { message: 'GET /Cart 500 ÄRGER', level: 'error', fields: { status: 500 } }),
  logRecord('c', NOON + 2000, { message: 'invoice 100% paid_', origin: OTHER, fields: { status: '500' } }),
  logRecord('d', NOON + 3000, { message: "it's `quoted` \\ and \0", origin: OTHER, fields: { ok: true } }),
  logRecord('e', NOON + 4000, { message: '', origin: { source: 'shop', tags: { 'a.b-c d': "x'y" } } }),
];

const contains = (text: string): LogCondition => ({ kind: 'contains', text });
const equals = (field: string, value: string): LogCondition => ({ kind: 'equals', field, value });
const not = (condition: LogCondition): LogCondition => ({ ...condition, negated: true });

/** Texts that end a string, a name or a statement somewhere. */
const INJECTIONS = [
  `' OR 1=1 --`,
  `x' UNION ALL SELECT 1 --`,
  `message) OR (1=1`,
  'a`b"c',
  String.raw`\' OR \'1\'=\'1`,
  `'); DROP TABLE logs; --`,
  '{limit:UInt32}',
  '\0\0',
  '\ud800',
  `tags['service']`,
];

export function logStoreQuerySuite(make: MakeLogStore): void {
  let harness: LogStoreHarness;
  let store: LogStore;
  // They only read.
  beforeAll(async () => {
    harness = await make();
    store = harness.open();
    await store.append(RECORDS, { redelivery: false }, soon());
  });
  afterAll(async () => {
    await store.close();
    await harness.remove();
  });

  test('take a range of time, both ends inclusive', async () => {
    expect(await idsOf(store, { fromMillis: NOON + 1000, toMillis: NOON + 3000 })).toEqual(['b', 'c', 'd']);
    expect(await idsOf(store, { fromMillis: NOON + 1, toMillis: NOON + 999 })).toEqual([]);
  });

  test('answer the newest or the oldest, as many as are asked for, in that order', async () => {
    expect(await idsOf(store, { limit: 2, order: 'newest' })).toEqual(['e', 'd']);
    expect(await idsOf(store, { limit: 2, order: 'oldest' })).toEqual(['a', 'b']);
  });

  test.each<[string, LogCondition[], string[]]>([
    ['a text, in whatever case', [contains('get /cart')], ['a', 'b']],
    ['a text with letters beyond ASCII, in whatever case', [contains('ärger')], ['b']],
    ['what is a wildcard elsewhere', [contains('0% paid_')], ['c']],
    ['quotes, backslash and NUL', [contains("it's `quoted` \\ and \0")], ['d']],
    ['the empty text, which is everywhere', [contains('')], ['a', 'b', 'c', 'd', 'e']],
    ['not a text', [not(contains('GET'))], ['c', 'd', 'e']],
    ['a built-in column', [equals('source', 'billing')], ['c', 'd']],
    ['a level', [equals('level', 'error')], ['b']],
    ['no level', [equals('level', '')], ['c', 'd', 'e']],
    ['a whole message', [equals('message', 'GET /cart 200')], ['a']],
    ['a tag with a column of its own', [equals('service', 'jobs')], ['c', 'd']],
    ['any other tag', [equals('shard', '7')], ['c', 'd']],
    ['not a tag', [not(equals('shard', '7'))], ['a', 'b', 'e']],
    ['a tag whose name is no identifier', [equals('a.b-c d', "x'y")], ['e']],
    ['a field, number or text', [equals('status', '500')], ['b', 'c']],
    ['a field that is true', [equals('ok', 'true')], ['d']],
    ['all of several', [contains('get'), equals('level', 'error'), not(contains('200'))], ['b']],
    ['what nothing has', [equals('nobody', 'x')], []],
  ])('find %s, and count the same', async (_name, conditions, ids) => {
    expect(await idsOf(store, { conditions })).toEqual(ids);
    expect(await store.count({ ...EVERYTHING, conditions }, soon())).toBe(ids.length);
  });

  test.each(INJECTIONS)('take %j for nothing but a text, wherever it stands', async (text) => {
    for (const condition of [
      contains(text),
      equals('message', text),
      equals('shard', text),
      equals(text, text),
    ])
      expect(await idsOf(store, { conditions: [condition] })).toEqual([]);
    expect(await idsOf(store, { conditions: [not(equals(text, 'x'))] })).toHaveLength(RECORDS.length);
    expect(await idsOf(store)).toHaveLength(RECORDS.length);
  });

  describe('inside one millisecond', () => {
    const crowd = logRecords(200, 'm', () => NOON + 10_000).map((record, index) => ({
      ...record,
      origin: index % 3 === 0 ? ORIGIN : { ...ORIGIN, tags: { ...ORIGIN.tags, log_stream: `s${index}` } },
    }));
    const range = { fromMillis: NOON + 10_000, toMillis: NOON + 10_000 };
    const ids = crowd.map(({ id }) => id);

    beforeAll(async () => {
      // In another order and in several inserts, as they come from streams that are read side by side.
      const mixed = crowd.toSorted((a, b) => a.id.slice(-1).localeCompare(b.id.slice(-1)));
      for (let at = 0; at < mixed.length; at += 70)
        await store.append(mixed.slice(at, at + 70), { redelivery: false }, soon());
    });

    test('keep the order of the ids, in both directions', async () => {
      expect(await idsOf(store, range)).toEqual(ids);
      expect(await idsOf(store, { ...range, order: 'newest' })).toEqual(ids.toReversed());
    });

    test('cut at the limit without leaving a hole', async () => {
      expect(await idsOf(store, { ...range, limit: 30 })).toEqual(ids.slice(0, 30));
      const newest = await idsOf(store, { ...range, limit: 30, order: 'newest' });
      expect(newest).toEqual(ids.slice(-30).toReversed());
    });
  });
}
