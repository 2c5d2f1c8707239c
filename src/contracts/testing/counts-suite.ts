import { afterEach, beforeEach, expect, test } from 'vitest';
import { COUNTS_KEPT_MILLIS, FINGERPRINTS_KEPT_MILLIS, type HourCounts } from '../state-store.ts';
import { chunk, idsByBucket } from './checkpoint-suite.ts';
import {
  type MakeHarness,
  OpenStore,
  START_MILLIS,
  sampleBatch,
  sampleCommit,
} from './state-store-harness.ts';

const MINUTE_MILLIS = 60_000;
const HOUR_MILLIS = 3_600_000;
const HOUR = Math.floor(START_MILLIS / HOUR_MILLIS) * HOUR_MILLIS;
const at = (hours: number, minutes = 0) => HOUR + hours * HOUR_MILLIS + minutes * MINUTE_MILLIS;

export function countsSuite(make: MakeHarness): void {
  let open: OpenStore;
  beforeEach(async () => {
    open = await OpenStore.make(make);
  });
  afterEach(() => open.end());

  test('what commits add to the seen ids is counted by minute, for each key, and outlives sealing and opening again', async () => {
    await commit('a', 0, { seenAdded: [chunk(at(0, 59), 1, 2), chunk(at(1), 3)] });
    await commit('a#backfill/x/0', 0, { seenAdded: [chunk(at(0, 59), 4)] });
    await commit('a', 1, { seenAdded: [chunk(at(0, 59), 5)], seenSealedBeforeMillis: at(3) });
    await open.reopen();
    expect(await counted('a')).toEqual({ [at(0, 59)]: 3, [at(1)]: 1 });
    expect(await counted('a#backfill/x/0')).toEqual({ [at(0, 59)]: 1 });
    expect(await counted('b')).toEqual({});
  });

  test('ids that were read under another checkpoint are known, and not counted again', async () => {
    await commit('a', 0, { seenAdded: [chunk(at(0), 1)], seenAdopted: [chunk(at(0), 2, 3)] });
    await open.reopen();
    expect(await counted('a')).toEqual({ [at(0)]: 1 });
    expect(idsByBucket(await open.store.load('a'))).toEqual({ [at(0)]: [1, 2, 3] });
  });

  test('hours come whole, ascending, and only those that touch the range', async () => {
    await commit('a', 0, { seenAdded: [1, -1, 0, 3].map((hours) => chunk(at(hours, 30), hours + 9)) });
    const hours = await open.store.counts('a', { fromMillis: at(0, 45), toMillis: at(2) });
    expect(hours.map(({ hourStartMillis }) => hourStartMillis)).toEqual([at(0), at(1)]);
    for (const { byMinute } of hours) {
      expect(byMinute).toHaveLength(60);
      expect(byMinute[30]).toBe(1);
    }
  });

  test('a minute may have any number of events', async () => {
    const ids = Array.from({ length: 20_000 }, (_, id) => id);
    await commit('a', 0, { seenAdded: [chunk(at(0), ...ids), chunk(at(0, 1), 1)] });
    await commit('a', 1, { seenAdded: [chunk(at(0), ...ids)] });
    expect(await counted('a')).toEqual({ [at(0)]: 40_000, [at(0, 1)]: 1 });
  });

  test('a minute has the fingerprint of all ids that were added to it, whatever was sealed since', async () => {
    await commit('a', 0, { seenAdded: [chunk(at(0), 1, 2), chunk(at(0, 7), 3)] });
    await commit('a', 1, { seenAdded: [chunk(at(0), 4)], seenSealedBeforeMillis: at(2) });
    await open.reopen();
    const [hour] = await open.store.counts('a', { fromMillis: at(0), toMillis: at(0) });
    const fingerprint = (...ids: number[]) => ids.map(hashOf).reduce((sum, hash) => sum ^ hash, 0n);
    expect(hour?.fingerprints?.[0]).toBe(fingerprint(1, 2, 4));
    expect(hour?.fingerprints?.[7]).toBe(fingerprint(3));
    expect(hour?.fingerprints?.filter((one) => one !== 0n)).toHaveLength(2);
  });

  test('fingerprints are let go a day after their hour was sealed, counts are not', async () => {
    await commit('a', 0, { seenAdded: [0, 1, 2].map((hours) => chunk(at(hours), hours + 1)) });
    await open.clock.advance(FINGERPRINTS_KEPT_MILLIS + 2 * HOUR_MILLIS);
    const now = at(2) + FINGERPRINTS_KEPT_MILLIS;
    await commit('a', 1, { seenAdded: [chunk(now, 9)], seenSealedBeforeMillis: now });
    const hours = await open.store.counts('a', { fromMillis: at(0), toMillis: now });
    expect(hours.map(({ byMinute }) => byMinute[0])).toEqual([1, 1, 1, 1]);
    expect(hours.map(({ fingerprints }) => fingerprints !== undefined)).toEqual([false, false, true, true]);
    await commit('a', 2, { seenAdded: [chunk(at(0), 5)] });
    const [late] = await open.store.counts('a', { fromMillis: at(0), toMillis: at(0) });
    expect([late?.byMinute[0], late?.fingerprints]).toEqual([2, undefined]);
  });

  test('a commit that is refused counts nothing', async () => {
    await open.store.spool.setConsumers([{ id: 'd', topics: ['t'] }]);
    const large = { topic: 't', batch: sampleBatch('large', 1, 40 * 1024 * 1024) };
    await commit('b', 0, { batches: [large] });
    await commit('c', 0, { batches: [large] });
    const full = await commit('a', 0, { seenAdded: [chunk(at(0), 1)], batches: [large] });
    expect(full.kind).toBe('full');
    expect((await commit('a', 1, { seenAdded: [chunk(at(0), 1)] })).kind).toBe('conflict');
    await commit('a', 0);
    expect(await counted('a')).toEqual({});
  });

  test('a key that is forgotten counts anew', async () => {
    await commit('a', 0, { seenAdded: [chunk(at(0), 1, 2)] });
    await open.store.forget('a');
    expect(await counted('a')).toEqual({});
    await commit('a', 0, { seenAdded: [chunk(at(0), 1)] });
    expect(await counted('a')).toEqual({ [at(0)]: 1 });
  });

  test('what is older than it is kept is not counted, and what grows older is let go', async () => {
    await commit('a', 0, { seenAdded: [chunk(at(0) - COUNTS_KEPT_MILLIS - HOUR_MILLIS, 1)] });
    expect(await counted('a')).toEqual({});
    await commit('a', 1, { seenAdded: [0, 1, 2, 3].map((hours) => chunk(at(hours), hours + 1)) });
    await open.clock.advance(COUNTS_KEPT_MILLIS + 3 * HOUR_MILLIS);
    // At the latest when it is committed to again as often as there are hours.
    for (let revision = 0; revision < 4; revision++)
      await commit('b', revision, { seenAdded: [chunk(at(4), revision)] });
    expect(await counted('a')).toEqual({ [at(3)]: 1 });
    expect(await counted('b')).toEqual({ [at(4)]: 4 });
  });

  function commit(...[key, revision, more]: Parameters<typeof sampleCommit>) {
    return open.store.commit(sampleCommit(key, revision, more));
  }

  async function counted(key: string): Promise<Record<number, number>> {
    return byBucket(await open.store.counts(key, { fromMillis: 0, toMillis: 2 * START_MILLIS }));
  }
}

/** As it stands in a chunk. */
function hashOf(id: number): bigint {
  const { hashes } = chunk(0, id);
  return new DataView(hashes.buffer, hashes.byteOffset, hashes.byteLength).getBigUint64(0, true);
}

/** By the start of the minute; minutes without events left out. */
export function byBucket(hours: readonly HourCounts[]): Record<number, number> {
  return Object.fromEntries(
    hours.flatMap(({ hourStartMillis, byMinute }) =>
      byMinute
        .map((count, minute): [number, number] => [hourStartMillis + minute * MINUTE_MILLIS, count])
        .filter(([, count]) => count > 0),
    ),
  );
}
