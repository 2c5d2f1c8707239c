import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { LogRecord } from '../../record/log-record.ts';
import type { LogStore } from '../log-store.ts';
import { logStoreCrashSuite } from './log-store/log-store-crash-suite.ts';
import { logStoreQuerySuite } from './log-store/log-store-query-suite.ts';
import { logStoreRetentionSuite } from './log-store/log-store-retention-suite.ts';
import {
  DAY,
  EVERYTHING,
  idsOf,
  type LogStoreHarness,
  logRecord,
  logRecords,
  type MakeLogStore,
  NOON,
  soon,
} from './log-store/log-store-steps.ts';

/** What every log store owes (src/contracts/log-store.ts). `make` is called once a test, for a store that is empty. */
export function logStoreSuite(name: string, make: MakeLogStore): void {
  describe(`rows in ${name}`, () => {
    rowSuite(make);
  });
  describe(`queries of ${name}`, () => {
    logStoreQuerySuite(make);
  });
  describe(`retention of ${name}`, () => {
    logStoreRetentionSuite(make);
  });
  describe(`crashes and life of ${name}`, () => {
    logStoreCrashSuite(make);
  });
}

function rowSuite(make: MakeLogStore): void {
  let harness: LogStoreHarness;
  let store: LogStore;
  beforeEach(async () => {
    harness = await make();
    store = harness.open();
  });
  afterEach(async () => {
    await store.close();
    await harness.remove();
  });

  const append = (records: readonly LogRecord[], redelivery = false) =>
    store.append(records, { redelivery }, soon());
  const expectBack = async (records: readonly LogRecord[]) => {
    expect(await append(records)).toEqual({ added: records.length, alreadyThere: 0 });
    const { records: found } = await store.search(EVERYTHING, soon());
    const byId = new Map(found.map(({ record }) => [record.id, record]));
    expect(found).toHaveLength(records.length);
    for (const record of records) expect(byId.get(record.id)).toEqual(record);
    return found;
  };

  test('come back as they went in: tags, fields of every type, level, times', async () => {
    const before = Date.now();
    const found = await expectBack([
      logRecord('plain'),
      logRecord('full', NOON + 1, {
        level: 'error',
        fields: {
          text: 'a',
          digits: '42',
          number: 42,
          small: -0.125,
          big: 9e15,
          yes: true,
          no: false,
          empty: '',
        },
      }),
      logRecord('bare', NOON + 2, { message: '', origin: { source: '', tags: {} } }),
    ]);
    for (const { storedAtMillis } of found) {
      expect(storedAtMillis).toBeGreaterThanOrEqual(before);
      expect(storedAtMillis).toBeLessThanOrEqual(Date.now());
    }
  });

  test('come back character by character: NUL, escapes, line breaks, emoji, what looks like SQL', async () => {
    const texts = [
      'NUL \0 inside \0',
      'ANSI \u001b[31mred\u001b[0m',
      'CRLF \r\n, tab \t, line \u2028 and paragraph \u2029',
      'emoji 👩‍👩‍👧‍👦 and 订单处理完成',
      String.raw`"quotes" 'single' \ \\ \' \n {limit:UInt32} $1 ?`,
      `'); DROP TABLE logs; -- /* x */`,
      '\ufeff',
    ];
    await expectBack(
      texts.map((text, index) =>
        logRecord(text, NOON + index, {
          message: text,
          origin: { source: text, tags: { [text]: text, '': 'empty key' } },
          fields: { [text]: text },
        }),
      ),
    );
  });

  test('with a lone surrogate have U+FFFD in its place, and are known again', async () => {
    const record = logRecord('a\ud800', NOON, { message: 'high \ud800 low \udc00 end' });
    await append([record]);
    expect(await append([record], true)).toEqual({ added: 0, alreadyThere: 1 });
    const { records: found } = await store.search(EVERYTHING, soon());
    expect(found[0]?.record).toMatchObject({ id: 'a\ufffd', message: 'high \ufffd low \ufffd end' });
  });

  test('of 1 MiB come back whole', async () => {
    const message = '日志\0'.repeat(1_048_576 / 7);
    await append([logRecord('big', NOON, { message }), logRecord('small', NOON + 1)]);
    const [big, small] = (await store.search(EVERYTHING, soon())).records;
    expect(big?.record.message === message).toBe(true);
    expect(small?.record.id).toBe('small');
  });

  test.each([
    ['the epoch', 0],
    ['just before the epoch', -1],
    ['a second after the epoch', 1001],
    ['14 days before now', Date.now() - 14 * DAY],
    ['2 hours ahead of now', Date.now() + DAY / 12],
    ['the year 2290', Date.UTC(2290, 0, 1, 0, 0, 0, 7)],
  ])('keep their time at %s, to the millisecond', async (_name, timestampMillis) => {
    await expectBack([logRecord('a', timestampMillis)]);
  });

  test('of a time that no calendar of the store holds are kept at its end, once', async () => {
    const records = [logRecord('past', -8e15), logRecord('future', 8e15)];
    await append(records);
    expect(await append(records, true)).toEqual({ added: 0, alreadyThere: 2 });
    expect(await idsOf(store)).toEqual(['past', 'future']);
  });

  test('of many days go in together', async () => {
    const records = logRecords(150, 'd', (index) => NOON - index * DAY);
    await append(records);
    expect(await idsOf(store, { order: 'newest' })).toEqual(records.map(({ id }) => id));
    expect(await append(records, true)).toEqual({ added: 0, alreadyThere: 150 });
  });

  test('that are redelivered are there once, also when only part of them had arrived', async () => {
    const records = logRecords(2000);
    await append(records.slice(0, 700));
    expect(await append(records, true)).toEqual({ added: 1300, alreadyThere: 700 });
    expect(await append(records, true)).toEqual({ added: 0, alreadyThere: 2000 });
    expect(await idsOf(store)).toEqual(records.map(({ id }) => id));
  });

  test('that are redelivered are not taken for those of another source that reads the same log group', async () => {
    const of = (source: string) =>
      ['a', 'b'].map((id) => logRecord(id, NOON, { origin: { source, tags: {} } }));
    await append(of('one'));
    expect(await append(of('two'), true)).toEqual({ added: 2, alreadyThere: 0 });
    expect(await append([...of('one'), ...of('two')], true)).toEqual({ added: 0, alreadyThere: 4 });
  });

  test('that are redelivered are known by ids of any characters', async () => {
    const ids = [
      "it's",
      String.raw`a\b`,
      String.raw`a\'b`,
      'a\nb',
      'a\tb',
      'a\0b',
      "','",
      ']',
      '{x:String}',
      '',
      '日😀',
    ];
    const records = ids.map((id) => logRecord(id));
    expect(await append(records, true)).toEqual({ added: ids.length, alreadyThere: 0 });
    expect(await append(records, true)).toEqual({ added: 0, alreadyThere: ids.length });
  });

  test('in batches of ten thousand with long ids are known again', async () => {
    const records = logRecords(10_000, '3'.repeat(40));
    await append(records);
    expect(await append(records, true)).toEqual({ added: 0, alreadyThere: 10_000 });
  });

  test('none at all is a batch too', async () => {
    expect(await append([])).toEqual({ added: 0, alreadyThere: 0 });
    expect(await append([], true)).toEqual({ added: 0, alreadyThere: 0 });
  });

  test('in 400 inserts, one after the other, are all there, and reading stays possible', async () => {
    const records = logRecords(400);
    for (const record of records) await append([record]);
    expect(await idsOf(store)).toHaveLength(400);
    expect(await store.usage(soon())).toMatchObject({
      records: 400,
      oldestMillis: NOON,
      newestMillis: NOON + 399,
    });
  });
}
