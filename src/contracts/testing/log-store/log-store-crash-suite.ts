import { afterEach, beforeEach, expect, test } from 'vitest';
import type { LogStore } from '../../log-store.ts';
import {
  appendUntilTaken,
  EVERYTHING,
  equals,
  idsOf,
  type LogStoreHarness,
  logRecord,
  logRecords,
  type MakeLogStore,
  NOON,
  soon,
  term,
} from './log-store-steps.ts';

export function logStoreCrashSuite(make: MakeLogStore): void {
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
  const reopen = async () => {
    await store.close();
    store = harness.open();
  };

  test('what was acknowledged is there after the engine was killed, and again after a reopening', async () => {
    const records = logRecords(500);
    await store.append(records, { redelivery: false }, soon());
    await harness.killEngine(store);
    expect(await idsOf(store)).toEqual(records.map(({ id }) => id));
    await reopen();
    expect(await idsOf(store)).toEqual(records.map(({ id }) => id));
  });

  test('a batch that comes again after the engine was killed, and after a reopening, is there once', async () => {
    const records = logRecords(500);
    await store.append(records, { redelivery: false }, soon());
    await harness.killEngine(store);
    expect(await store.append(records, { redelivery: true }, soon())).toEqual({
      added: 0,
      alreadyThere: 500,
    });
    await reopen();
    expect(await store.append(records, { redelivery: true }, soon())).toEqual({
      added: 0,
      alreadyThere: 500,
    });
    expect(await idsOf(store)).toHaveLength(500);
  });

  test('killed in the middle of inserts, again and again: nothing acknowledged is lost, nothing is there twice', async () => {
    const records = logRecords(40_000, 'k', (index) => NOON + (index % 3) * 86_400_000 + index);
    // Open before the first kill, so that it meets an insert.
    await store.usage(soon());
    let refusals = 0;
    let next = 0;
    const inserting = (async () => {
      for (; next < records.length; next += 2000)
        refusals += await appendUntilTaken(store, records.slice(next, next + 2000));
    })();
    for (const beforeKill of [1, 6, 12]) {
      await expect
        .poll(() => next / 2000, { interval: 1, timeout: 20_000 })
        .toBeGreaterThanOrEqual(beforeKill);
      await harness.killEngine(store);
    }
    await inserting;
    expect(refusals).toBeGreaterThan(0);
    const wanted = records.map(({ id }) => id).toSorted();
    expect((await idsOf(store)).toSorted()).toEqual(wanted);
    await reopen();
    expect((await idsOf(store)).toSorted()).toEqual(wanted);
  });

  test('an insert that the engine dies under is refused, and the next one works', async () => {
    await store.usage(soon());
    const [first] = await Promise.allSettled([
      store.append(logRecords(10_000), { redelivery: false }, soon()),
      harness.killEngine(store),
    ]);
    if (first.status === 'rejected') expect(first.reason).toMatchObject({ code: 'STORE_FAILED' });
    await store.append([logRecord('next')], { redelivery: false }, soon());
    expect(await idsOf(store, { query: equals('event_id', 'next') })).toEqual(['next']);
  });

  test('a query that goes wrong leaves the store as it was', async () => {
    await store.append(logRecords(3), { redelivery: false }, soon());
    await expect(
      store.search({ ...EVERYTHING, query: term('level', { kind: 'regex', pattern: '(' }) }, soon()),
    ).rejects.toMatchObject({
      code: 'QUERY_INVALID',
    });
    expect(await idsOf(store)).toHaveLength(3);
  });

  test('a call that is aborted rejects with the reason, and the store goes on', async () => {
    const aborted = AbortSignal.abort(new Error('enough'));
    await expect(store.append(logRecords(1), { redelivery: false }, aborted)).rejects.toThrow('enough');
    const during = new AbortController();
    const asking = store.search(EVERYTHING, during.signal);
    during.abort(new Error('enough now'));
    await expect(asking).rejects.toThrow('enough now');
    expect(await idsOf(store)).toEqual([]);
  });

  test('calls side by side do not disturb each other', async () => {
    const records = logRecords(900);
    const inserts = Array.from({ length: 9 }, (_, at) =>
      store.append(records.slice(at * 100, at * 100 + 100), { redelivery: at % 2 === 0 }, soon()),
    );
    await Promise.all([...inserts, idsOf(store), store.usage(soon()), store.count(EVERYTHING, soon())]);
    expect(await idsOf(store)).toEqual(records.map(({ id }) => id));
  });

  test('closes without having been used, and again; afterwards it refuses', async () => {
    await store.close();
    await store.close();
    await expect(store.usage(soon())).rejects.toMatchObject({ code: 'STORE_FAILED' });
  });

  test('closing lets an insert that is under way end', async () => {
    const records = logRecords(5000);
    const inserting = store.append(records, { redelivery: false }, soon());
    await store.usage(soon());
    await Promise.all([inserting, store.close()]);
    store = harness.open();
    expect(await idsOf(store)).toHaveLength(5000);
  });
}
