import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Lease } from '../state-store.ts';
import { type MakeHarness, OpenStore, START_MILLIS, sampleCommit } from './state-store-harness.ts';

export function leaseSuite(make: MakeHarness): void {
  let open: OpenStore;
  beforeEach(async () => {
    open = await OpenStore.make(make);
  });
  afterEach(() => open.end());

  test('one owner holds a lease until it expires; the next one gets a newer token', async () => {
    const first = await acquire('a', 'one');
    expect(first).toEqual({ name: 'a', fencingToken: 1, expiresAtMillis: START_MILLIS + 1000 });
    expect(await open.store.acquireLease('a', 'two', 1000)).toBeUndefined();
    await acquire('b', 'two');
    await open.clock.advance(1000);
    expect((await acquire('a', 'two')).fencingToken).toBe(2);
    expect(await open.store.acquireLease('a', 'one', 1000)).toBeUndefined();
  });

  test('the owner prolongs it under the same token; once expired, it gets a new one', async () => {
    await acquire('a', 'one');
    await open.clock.advance(900);
    expect(await acquire('a', 'one')).toEqual({
      name: 'a',
      fencingToken: 1,
      expiresAtMillis: START_MILLIS + 1900,
    });
    await open.clock.advance(1000);
    expect((await acquire('a', 'one')).fencingToken).toBe(2);
  });

  test('a lease that is given back is free at once; giving back an old one changes nothing', async () => {
    const first = await acquire('a', 'one');
    await open.store.releaseLease(first);
    const second = await acquire('a', 'two');
    expect(second.fencingToken).toBe(2);
    await open.store.releaseLease(first);
    expect(await open.store.acquireLease('a', 'three', 1000)).toBeUndefined();
  });

  test('tokens go on after opening again', async () => {
    await open.store.releaseLease(await acquire('a', 'one'));
    await open.reopen();
    expect((await acquire('a', 'one')).fencingToken).toBe(2);
  });

  test('a commit with an outdated token is refused, and one with the newest lands', async () => {
    const first = await acquire('a', 'one');
    await open.store.commit(sampleCommit('a', 0, { fencingToken: first.fencingToken }));
    await open.clock.advance(1000);
    // Expired, but nobody came: it still is the latest.
    expect(await open.store.commit(sampleCommit('a', 1, { fencingToken: first.fencingToken }))).toMatchObject(
      {
        kind: 'committed',
      },
    );
    const second = await acquire('a', 'two');
    expect(await open.store.commit(sampleCommit('a', 2, { fencingToken: first.fencingToken }))).toEqual({
      kind: 'conflict',
      revision: 2,
    });
    expect(await open.store.commit(sampleCommit('a', 2, { fencingToken: second.fencingToken }))).toEqual({
      kind: 'committed',
      revision: 3,
    });
  });

  async function acquire(name: string, owner: string): Promise<Lease> {
    const lease = await open.store.acquireLease(name, owner, 1000);
    if (lease === undefined) throw new Error(`The lease ${name} is held by another.`);
    return lease;
  }
}
