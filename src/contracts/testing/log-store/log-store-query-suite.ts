import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { LogRecord } from '../../../record/log-record.ts';
import type { LogQuery } from '../../log-query.ts';
import type { LogStore } from '../../log-store.ts';
import {
  all,
  any,
  contains,
  EVERYTHING,
  equals,
  idsOf,
  type LogStoreHarness,
  logRecord,
  logRecords,
  type MakeLogStore,
  NOON,
  not,
  ORIGIN,
  soon,
  term,
} from './log-store-steps.ts';

const OTHER = { source: 'billing', tags: { log_group: '/ecs/billing', service: 'jobs', shard: '7' } };

const RECORDS: readonly LogRecord[] = [
  logRecord('a', NOON, { message: 'GET /cart 200', level: 'info' }),
  logRecord('b', NOON + 1000, { message: 'GET /Cart 500 ÄRGER', level: 'error', fields: { status: 500 } }),
  logRecord('c', NOON + 2000, { message: 'invoice 100% paid_', origin: OTHER, fields: { status: '500' } }),
  logRecord('d', NOON + 3000, { message: "it's `quoted` \\ and \0", origin: OTHER, fields: { ok: true } }),
  logRecord('e', NOON + 4000, { message: '', origin: { source: 'shop', tags: { 'a.b-c d': "x'y" } } }),
  logRecord('f', NOON + 5000, {
    message: '{"user":"陈晨","pool":{"size":20},"shard":"x","none":null}',
    origin: { source: 'shop', tags: {} },
  }),
];

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
    expect(await idsOf(store, { limit: 2, order: 'newest' })).toEqual(['f', 'e']);
    expect(await idsOf(store, { limit: 2, order: 'oldest' })).toEqual(['a', 'b']);
  });

  test.each<[string, LogQuery, string[]]>([
    ['everything', { kind: 'all' }, ['a', 'b', 'c', 'd', 'e']],
    ['a text, in whatever case', contains('get /cart'), ['a', 'b']],
    ['a text with letters beyond ASCII, in whatever case', contains('ärger'), ['b']],
    ['what is a wildcard elsewhere', contains('0% paid_'), ['c']],
    ['quotes, backslash and NUL', contains("it's `quoted` \\ and \0"), ['d']],
    ['the empty text, which is everywhere', contains(''), ['a', 'b', 'c', 'd', 'e']],
    ['not a text', not(contains('GET')), ['c', 'd', 'e']],
    ['a pattern', term('message', { kind: 'pattern', parts: ['get', '500'] }), ['b']],
    ['a regular expression', term('message', { kind: 'regex', pattern: String.raw`/[Cc]art \d+$` }), ['a']],
    ['a built-in column', equals('source', 'billing'), ['c', 'd']],
    ['a level', equals('level', 'error'), ['b']],
    [
      'a level and what is worse',
      term('level', { kind: 'severity', operator: '>=', level: 'info' }),
      ['a', 'b'],
    ],
    ['no level', not(term('level', { kind: 'exists' })), ['c', 'd', 'e']],
    ['an id', equals('event_id', 'c'), ['c']],
    ['a tag', equals('service', 'jobs'), ['c', 'd']],
    ['a tag by its short name', equals('container', 'app'), ['a', 'b']],
    ['a tag whose name has no meaning', equals('shard', '7'), ['c', 'd']],
    ['not a tag', not(equals('shard', '7')), ['a', 'b', 'e']],
    ['a tag whose name is no identifier', equals('a.b-c d', "x'y"), ['e']],
    ['a tag by a pattern', term('service', { kind: 'pattern', parts: ['j', 's'] }), ['c', 'd']],
    [
      'a tag that compares as a number',
      term('shard', { kind: 'compare', operator: '>', value: 6.5 }),
      ['c', 'd'],
    ],
    ['a field, number or text', equals('status', '500'), ['b', 'c']],
    ['a field within a range', term('status', { kind: 'range', from: 400, to: 500 }), ['b', 'c']],
    ['a field that is true', equals('ok', 'true'), ['d']],
    ['a field that is there', term('status', { kind: 'exists' }), ['b', 'c']],
    ['a key of a JSON message', equals('user', '陈晨'), ['f']],
    [
      'a nested key of a JSON message',
      term('pool.size', { kind: 'compare', operator: '>=', value: 20 }),
      ['f'],
    ],
    ['a key of a JSON message that has the name of a tag of others', equals('shard', 'x'), ['f']],
    ['a time', term('timestamp', { kind: 'range', from: NOON + 1000, to: NOON + 2000 }), ['b', 'c']],
    ['all of several', all(contains('get'), equals('level', 'error'), not(contains('200'))), ['b']],
    ['any of several', any(equals('level', 'error'), equals('user', '陈晨')), ['b', 'f']],
    ['what nothing has', equals('nobody', 'x'), []],
  ])('find %s, and count the same', async (_name, query, ids) => {
    expect(await idsOf(store, { query, fromMillis: NOON, toMillis: NOON + 5000 })).toEqual(
      query.kind === 'not' || query.kind === 'all' || ids.length === 5 ? [...ids, 'f'] : ids,
    );
    const counted = await store.count({ ...EVERYTHING, query, toMillis: NOON + 4999 }, soon());
    expect(counted).toBe(ids.filter((id) => id !== 'f').length);
  });

  test.each(INJECTIONS)('take %j for nothing but a text, wherever it stands', async (text) => {
    for (const query of [
      contains(text),
      equals('message', text),
      equals('shard', text),
      equals(text, text),
      term('shard', { kind: 'pattern', parts: [text, ''] }),
      term(text, { kind: 'exists' }),
      term(text, { kind: 'compare', operator: '>', value: 0 }),
    ])
      expect(await idsOf(store, { query })).toEqual([]);
    expect(await idsOf(store, { query: not(equals(text, 'x')) })).toHaveLength(RECORDS.length);
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
