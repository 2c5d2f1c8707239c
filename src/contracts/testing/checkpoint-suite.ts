import { afterEach, beforeEach, expect, test } from 'vitest';
import type { SeenChunk } from '../checkpoint.ts';
import type { StoredCheckpoint } from '../state-store.ts';
import {
  type MakeHarness,
  OpenStore,
  sampleBatch,
  sampleCheckpoint,
  sampleCommit,
} from './state-store-harness.ts';

const BUCKET_MILLIS = 60_000;

export function checkpointSuite(make: MakeHarness): void {
  let open: OpenStore;
  beforeEach(async () => {
    open = await OpenStore.make(make);
  });
  afterEach(() => open.end());

  test('a key that was never committed is not there', async () => {
    expect(await open.store.load('a')).toBeUndefined();
    expect(await open.store.list('')).toEqual([]);
  });

  test('what was committed is there after opening again, with a revision that grows by one', async () => {
    const checkpoint = { ...sampleCheckpoint(5), gaps: [gap] };
    const transformStates = { join: { 流: ['\ud800', 'x\u0000y'] } };
    const seenAdded = [chunk(0, 1, 2), chunk(BUCKET_MILLIS, 3)];
    await commit('a', 0, { checkpoint, transformStates, seenAdded });
    expect(await commit('a', 1, { checkpoint, transformStates })).toEqual({ kind: 'committed', revision: 2 });
    await open.reopen();
    const stored = await open.store.load('a');
    expect(stored).toMatchObject({ key: 'a', revision: 2, checkpoint, transformStates });
    expect(idsByBucket(stored)).toEqual({ 0: [1, 2], [BUCKET_MILLIS]: [3] });
  });

  test('a commit from another revision is a conflict and writes nothing', async () => {
    await open.store.spool.setConsumers([{ id: 'd', topics: ['t'] }]);
    await commit('a', 0, { seenAdded: [chunk(0, 1)] });
    const batches = [{ topic: 't', batch: sampleBatch('b') }];
    const late = { checkpoint: sampleCheckpoint(9), seenAdded: [chunk(0, 2)], batches };
    expect(await commit('a', 0, late)).toEqual({ kind: 'conflict', revision: 1 });
    expect(await commit('a', 2, late)).toEqual({ kind: 'conflict', revision: 1 });
    expect(await commit('new', 1, late)).toEqual({ kind: 'conflict', revision: 0 });
    const stored = await open.store.load('a');
    expect(stored?.checkpoint.watermarkMillis).toBe(0);
    expect(idsByBucket(stored)).toEqual({ 0: [1] });
    expect(await open.store.load('new')).toBeUndefined();
    expect(await open.store.spool.newestOffset()).toBe(0);
  });

  test('of commits made at the same time from one revision, one lands', async () => {
    const outcomes = await Promise.all(Array.from({ length: 5 }, () => commit('a', 0)));
    expect(outcomes.filter(({ kind }) => kind === 'committed')).toHaveLength(1);
    expect(outcomes.filter(({ kind }) => kind === 'conflict')).toHaveLength(4);
  });

  test('seen ids of many small commits all come back, and leave by whole buckets', async () => {
    const expected: Record<number, number[]> = { 0: [], [BUCKET_MILLIS]: [] };
    for (let at = 0; at < 60; at++) {
      const start = at % 2 === 0 ? 0 : BUCKET_MILLIS;
      expected[start]?.push(at);
      await commit('a', at, { seenAdded: [chunk(start, at)] });
    }
    expect(idsByBucket(await open.store.load('a'))).toEqual(expected);
    await commit('b', 0, { seenAdded: [chunk(0, 7)] });
    await commit('a', 60, { seenSealedBeforeMillis: BUCKET_MILLIS - 1 });
    expect(idsByBucket(await open.store.load('a'))).toEqual(expected);
    await commit('a', 61, { seenSealedBeforeMillis: BUCKET_MILLIS });
    expect(idsByBucket(await open.store.load('a'))).toEqual({ [BUCKET_MILLIS]: expected[BUCKET_MILLIS] });
    expect(idsByBucket(await open.store.load('b'))).toEqual({ 0: [7] });
  });

  test('the list is ascending, by prefix, and knows no wildcards', async () => {
    for (const key of ['p/b', 'p/a', 'q', 'p%', 'p/流', '😀']) await commit(key, 0);
    expect((await open.store.list('p/')).map(({ key }) => key)).toEqual(['p/a', 'p/b', 'p/流']);
    expect((await open.store.list('p%')).map(({ key }) => key)).toEqual(['p%']);
    expect(await open.store.list('')).toHaveLength(6);
    expect((await open.store.list('q'))[0]).toEqual({
      key: 'q',
      revision: 1,
      checkpoint: sampleCheckpoint(),
      transformStates: {},
    });
  });

  test('a checkpoint that is forgotten begins anew; what is in the spool stays', async () => {
    await open.store.spool.setConsumers([{ id: 'd', topics: ['t'] }]);
    await commit('a', 0, { seenAdded: [chunk(0, 1)], batches: [{ topic: 't', batch: sampleBatch('b') }] });
    await open.store.forget('a');
    await open.store.forget('never there');
    expect(await open.store.load('a')).toBeUndefined();
    expect(await open.store.spool.read('d', 0, 1e6)).toHaveLength(1);
    expect(await commit('a', 0)).toEqual({ kind: 'committed', revision: 1 });
    expect(idsByBucket(await open.store.load('a'))).toEqual({});
  });

  test('a store that was closed says so, and may be closed again', async () => {
    await open.store.close();
    await expect(open.store.load('a')).rejects.toMatchObject({ code: 'STATE_FAILED' });
    await expect(commit('a', 0)).rejects.toMatchObject({ code: 'STATE_FAILED' });
    await open.store.close();
  });

  function commit(...[key, revision, more]: Parameters<typeof sampleCommit>) {
    return open.store.commit(sampleCommit(key, revision, more));
  }
}

const gap = { fromMillis: 1, toMillis: 2, reason: 'expired', recordedAtMillis: 3 } as const;

/** Ids as whole numbers, for reading them again. */
export function chunk(bucketStartMillis: number, ...ids: number[]): SeenChunk {
  return { bucketStartMillis, hashes: new Uint8Array(new BigUint64Array(ids.map(BigInt)).buffer) };
}

export function idsByBucket(stored: StoredCheckpoint | undefined): Record<number, number[]> {
  const buckets: Record<number, number[]> = {};
  for (const { bucketStartMillis, hashes } of stored?.seen ?? []) {
    const ids = Array.from(new BigUint64Array(hashes.slice().buffer), Number);
    buckets[bucketStartMillis] = [...(buckets[bucketStartMillis] ?? []), ...ids].toSorted((a, b) => a - b);
  }
  return buckets;
}
