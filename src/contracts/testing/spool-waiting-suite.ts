import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { ENTRY_BYTES, letter, SPOOL_MAX_BYTES, SpoolSteps } from './spool-steps.ts';
import { type MakeHarness, OpenStore, sampleBatch, sampleCommit } from './state-store-harness.ts';

export function spoolWaitingSuite(make: MakeHarness): void {
  let open: OpenStore;
  let steps: SpoolSteps;
  beforeEach(async () => {
    open = await OpenStore.make(make, SPOOL_MAX_BYTES);
    steps = new SpoolSteps(open);
  });
  afterEach(() => open.end());

  describe('the bound', () => {
    beforeEach(async () => {
      await open.store.spool.setConsumers([{ id: 'd', topics: ['a'] }]);
    });

    test('what does not fit is refused whole; what brings no records lands all the same', async () => {
      const at = await steps.fill();
      const { usedBytes } = await open.store.spool.usage();
      expect(usedBytes).toBeLessThanOrEqual(SPOOL_MAX_BYTES);
      expect(await steps.commitLarge()).toEqual({ kind: 'full', usedBytes, maxBytes: SPOOL_MAX_BYTES });
      expect((await open.store.load('k'))?.revision).toBe(at);
      expect(await open.store.commit(sampleCommit('k', at))).toMatchObject({ kind: 'committed' });
    });

    test('one commit larger than the whole bound fits when the spool is empty, and only then', async () => {
      const huge = { batches: [{ topic: 'a', batch: sampleBatch('huge', 10, ENTRY_BYTES) }] };
      expect(await open.store.commit(sampleCommit('k', 0, huge))).toMatchObject({ kind: 'committed' });
      expect((await open.store.spool.usage()).usedBytes).toBeGreaterThan(SPOOL_MAX_BYTES);
      expect(await open.store.commit(sampleCommit('k', 1, huge))).toMatchObject({ kind: 'full' });
      await open.store.spool.acknowledge('d', { offset: 2, index: 0 }, [letter('a dead letter is no entry')]);
      expect(await open.store.commit(sampleCommit('k', 1, huge))).toMatchObject({ kind: 'committed' });
    });

    test('who waits for space goes on when an acknowledgement frees it', async () => {
      await steps.fill();
      const waiting = track(open.store.spool.waitForSpace(new AbortController().signal));
      await settle();
      expect(waiting.state()).toBe('waiting');
      await open.store.spool.acknowledge('d', { offset: 3, index: 0 }, []);
      await waiting.ended;
      expect(await steps.commitLarge()).toMatchObject({ kind: 'committed' });
    });

    test('who waits for space goes on when dead letters are discarded or their destination goes', async () => {
      for (const free of [
        async () => {
          const letters = await open.store.spool.deadLetters('d', { afterId: 0, limit: 9 });
          const ids = letters.map(({ id }) => id);
          await open.store.spool.discardDeadLetters('d', ids);
        },
        () => open.store.spool.discardOldestDeadLetters('d', { limit: 9 }),
        () => open.store.spool.setConsumers([]),
      ]) {
        const newest = await open.store.spool.newestOffset();
        const dead = Array.from({ length: 5 }, (_, one) => letter(`${newest}/${one}`, 2 * ENTRY_BYTES));
        await open.store.spool.acknowledge('d', { offset: newest + 1, index: 0 }, dead);
        expect(await steps.commitLarge()).toMatchObject({ kind: 'full' });
        const waiting = track(open.store.spool.waitForSpace(new AbortController().signal));
        await settle();
        expect(waiting.state()).toBe('waiting');
        await free();
        await waiting.ended;
      }
    });

    test('usage tells since when somebody waits for space, until there is room', async () => {
      const fullSince = async () => (await open.store.spool.usage()).fullSinceMillis;
      await steps.fill();
      // Being full is no harm while nobody wants more.
      expect(await fullSince()).toBeUndefined();
      const sinceMillis = open.clock.now();
      const waiting = track(open.store.spool.waitForSpace(new AbortController().signal));
      await settle();
      await open.clock.advance(100_000);
      expect(await fullSince()).toBe(sinceMillis);
      await open.store.spool.acknowledge('d', { offset: 4, index: 0 }, []);
      await waiting.ended;
      expect(await fullSince()).toBeUndefined();
    });

    test('one after the other waits for the same spool: it is full all the time, until nobody has waited for a while', async () => {
      const fullSince = async () => (await open.store.spool.usage()).fullSinceMillis;
      await steps.fill();
      const sinceMillis = open.clock.now();
      for (let round = 0; round < 3; round++) {
        const abort = new AbortController();
        const waiting = open.store.spool.waitForSpace(abort.signal);
        await settle();
        await open.clock.advance(1000);
        abort.abort(new Error('enough'));
        await expect(waiting).rejects.toThrow('enough');
        await open.clock.advance(20_000);
      }
      expect(await fullSince()).toBe(sinceMillis);
      await open.clock.advance(20_000);
      expect(await fullSince()).toBeUndefined();
    });

    test('waiting for space ends at once when there is some, and with the reason when it is aborted', async () => {
      await open.store.spool.waitForSpace(new AbortController().signal);
      await steps.fill();
      const abort = new AbortController();
      const waiting = open.store.spool.waitForSpace(abort.signal);
      abort.abort(new Error('enough'));
      await expect(waiting).rejects.toThrow('enough');
      await expect(open.store.spool.waitForSpace(abort.signal)).rejects.toThrow('enough');
    });
  });

  describe('waiting for entries', () => {
    const never = new AbortController().signal;
    beforeEach(async () => {
      await open.store.spool.setConsumers([
        { id: 'd', topics: ['a'] },
        { id: 'e', topics: ['b'] },
      ]);
    });

    test('it ends at once when one is there, and else with the commit that brings one', async () => {
      await steps.commit('1:a');
      await open.store.spool.waitForEntries('d', 1, never);
      const waiting = track(open.store.spool.waitForEntries('d', 2, never));
      await steps.commit('2:b');
      await settle();
      expect(waiting.state()).toBe('waiting');
      await steps.commit('3:a');
      await waiting.ended;
      expect(await steps.read('d', 2)).toEqual([[3, '3']]);
    });

    test('it is rejected with the reason when aborted, and for a consumer that is not there', async () => {
      const abort = new AbortController();
      const waiting = open.store.spool.waitForEntries('d', 1, abort.signal);
      abort.abort(new Error('enough'));
      await expect(waiting).rejects.toThrow('enough');
      await expect(open.store.spool.waitForEntries('d', 1, abort.signal)).rejects.toThrow('enough');
      await expect(open.store.spool.waitForEntries('x', 1, never)).rejects.toMatchObject({
        code: 'STATE_FAILED',
      });
    });

    test('closing the store lets go of who waits', async () => {
      const waiting = track(open.store.spool.waitForEntries('d', 1, never));
      await settle();
      await open.store.close();
      await expect(waiting.ended).rejects.toMatchObject({ code: 'STATE_FAILED' });
    });
  });
}

function track(promise: Promise<void>) {
  let state = 'waiting';
  const ended = promise.finally(() => {
    state = 'ended';
  });
  ended.catch(() => {});
  return { ended, state: () => state };
}

/** Whatever is ready to go on has gone on. */
async function settle(): Promise<void> {
  for (let turn = 0; turn < 10; turn++) await new Promise((resolve) => setImmediate(resolve));
}
