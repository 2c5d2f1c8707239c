import { afterEach, beforeEach, expect, test } from 'vitest';
import type { LogStore, RetentionPolicy } from '../../log-store.ts';
import {
  DAY,
  HOUR,
  idsOf,
  type LogStoreHarness,
  logRecord,
  type MakeLogStore,
  NOON,
  soon,
} from './log-store-steps.ts';

export function logStoreRetentionSuite(make: MakeLogStore): void {
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

  /** Hardly compressible, so that bytes on disk tell of it. */
  const noise = (seed: number, length: number) => {
    let state = seed;
    return Array.from({ length }, () => {
      state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
      return String.fromCodePoint(33 + ((state >>> 16) % 90));
    }).join('');
  };
  const put = (timesMillis: readonly number[], bytes = 10) =>
    store.append(
      timesMillis.map((millis, index) =>
        logRecord(`${(NOON - millis) / HOUR}h-${index}`, millis, { message: noise(index + millis, bytes) }),
      ),
      { redelivery: false },
      soon(),
    );
  const apply = (policy: RetentionPolicy) => store.applyRetention(policy, NOON, soon());

  test('without bounds, or of an empty store, removes nothing', async () => {
    expect(await apply({ maxAgeMillis: HOUR, maxBytes: 1 })).toEqual({ age: 0, bytes: 0 });
    await put([NOON - 400 * DAY, NOON]);
    expect(await apply({})).toEqual({ age: 0, bytes: 0 });
    expect((await store.usage(soon())).records).toBe(2);
  });

  test('by age removes what is older, to the hour, and says how many', async () => {
    await put([NOON - 9 * DAY, NOON - 3 * DAY, NOON - 2 * DAY - 2 * HOUR, NOON - 2 * DAY, NOON - HOUR, NOON]);
    expect(await apply({ maxAgeMillis: 2 * DAY })).toEqual({ age: 3, bytes: 0 });
    expect(await idsOf(store)).toEqual(['48h-3', '1h-4', '0h-5']);
    expect(await apply({ maxAgeMillis: 2 * DAY })).toEqual({ age: 0, bytes: 0 });
  });

  test('by bytes removes the oldest days until the rest fits', async () => {
    for (const days of [3, 2, 1, 0]) await put([NOON - days * DAY], 400_000);
    const { bytesOnDisk } = await store.usage(soon());
    expect(await apply({ maxBytes: bytesOnDisk * 0.6 })).toEqual({ age: 0, bytes: 2 });
    expect(await idsOf(store)).toEqual(['24h-0', '0h-0']);
    expect((await store.usage(soon())).bytesOnDisk).toBeLessThanOrEqual(bytesOnDisk * 0.6);
  });

  test.each([
    ['spread over the day', HOUR],
    ['all of the last minutes', 60_000],
  ])('by bytes of a single day, %s, removes its older part and no more', async (_name, stepMillis) => {
    const times = Array.from({ length: 12 }, (_, index) => NOON - (11 - index) * stepMillis);
    await put(times, 50_000);
    const all = await idsOf(store);
    const maxBytes = (await store.usage(soon())).bytesOnDisk / 2;
    const { bytes: removed } = await apply({ maxBytes });
    expect(removed).toBeGreaterThanOrEqual(6);
    expect(removed).toBeLessThanOrEqual(8);
    expect(await idsOf(store)).toEqual(all.slice(removed));
    expect((await store.usage(soon())).bytesOnDisk).toBeLessThanOrEqual(maxBytes);
    expect(await apply({ maxBytes })).toEqual({ age: 0, bytes: 0 });
  });

  test('by bytes holds though the oldest records are the smallest', async () => {
    const times = Array.from({ length: 40 }, (_, index) => NOON - (40 - index) * 60_000);
    await put(times.slice(0, 30), 100);
    await put(times.slice(30), 100_000);
    const maxBytes = (await store.usage(soon())).bytesOnDisk / 2;
    await apply({ maxBytes });
    const { bytesOnDisk, records } = await store.usage(soon());
    expect(bytesOnDisk).toBeLessThanOrEqual(maxBytes);
    expect(records).toBeGreaterThan(0);
  });

  test('by age and bytes counts each record once, under the reason that came first', async () => {
    for (const days of [9, 1, 0]) await put([NOON - days * DAY], 400_000);
    const { bytesOnDisk } = await store.usage(soon());
    const policy = { maxAgeMillis: 7 * DAY, maxBytes: bytesOnDisk * 0.4 };
    expect(await apply(policy)).toEqual({ age: 1, bytes: 1 });
    expect(await idsOf(store)).toEqual(['0h-0']);
  });

  test('lasts over a reopening, and what was removed can come again', async () => {
    await put([NOON - 9 * DAY, NOON]);
    await apply({ maxAgeMillis: DAY });
    await store.close();
    store = harness.open();
    expect(await idsOf(store)).toEqual(['0h-1']);
    await store.append([logRecord('again', NOON - 9 * DAY)], { redelivery: true }, soon());
    expect(await idsOf(store)).toEqual(['again', '0h-1']);
  });
}
