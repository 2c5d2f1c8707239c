import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { letter, SPOOL_MAX_BYTES, SpoolSteps } from './spool-steps.ts';
import {
  type MakeHarness,
  OpenStore,
  START_MILLIS,
  sampleBatch,
  sampleCommit,
} from './state-store-harness.ts';

export function spoolSuite(make: MakeHarness): void {
  let open: OpenStore;
  let steps: SpoolSteps;
  beforeEach(async () => {
    open = await OpenStore.make(make, SPOOL_MAX_BYTES);
    steps = new SpoolSteps(open);
  });
  afterEach(() => open.end());

  describe('consumers', () => {
    test('each reads the entries of its topics, ascending, as they were committed', async () => {
      await open.store.spool.setConsumers([
        { id: 'both', topics: ['a', 'b'] },
        { id: 'one', topics: ['b'] },
      ]);
      await steps.commit('a1:a', 'b1:b', 'nobody:c');
      await open.clock.advance(5);
      await steps.commit('a2:a');
      expect(await steps.read('both')).toEqual([
        [1, 'a1'],
        [2, 'b1'],
        [3, 'a2'],
      ]);
      expect(await steps.read('one')).toEqual([[2, 'b1']]);
      expect(await steps.read('both', 2)).toEqual([
        [2, 'b1'],
        [3, 'a2'],
      ]);
      const [entry] = await open.store.spool.read('both', 3, 1e6);
      expect(entry).toEqual({
        offset: 3,
        topic: 'a',
        batch: sampleBatch('a2'),
        storedBytes: entry?.storedBytes,
        committedAtMillis: START_MILLIS + 5,
      });
      expect(entry?.storedBytes).toBeGreaterThan(0);
    });

    test('a topic that nobody takes and a batch without records are not kept', async () => {
      await steps.commit('x:a');
      await open.store.spool.setConsumers([{ id: 'd', topics: ['a'] }]);
      await open.store.commit(
        sampleCommit('k', 1, { batches: [{ topic: 'a', batch: { id: 'e', records: [] } }] }),
      );
      expect(await open.store.spool.newestOffset()).toBe(0);
      expect((await open.store.spool.usage()).usedBytes).toBe(0);
    });

    test('a new one, and a new topic of an old one, begin after what is there', async () => {
      await open.store.spool.setConsumers([{ id: 'old', topics: ['a'] }]);
      expect(await open.store.spool.position('old')).toEqual({ offset: 1, index: 0 });
      await steps.commit('a1:a');
      const both = [
        { id: 'old', topics: ['a', 'b'] },
        { id: 'new', topics: ['a', 'b'] },
      ];
      await open.store.spool.setConsumers([...both, { id: 'other', topics: ['b'] }]);
      await steps.commit('b1:b');
      await open.store.spool.setConsumers(both.map(({ id }) => ({ id, topics: ['a', 'b'] })));
      expect(await open.store.spool.position('new')).toEqual({ offset: 2, index: 0 });
      expect(await steps.read('old')).toEqual([
        [1, 'a1'],
        [2, 'b1'],
      ]);
      expect(await steps.read('new')).toEqual([[2, 'b1']]);
      expect(await steps.usageOf('new')).toMatchObject({ waitingEntries: 1 });
    });

    test('of a topic that one no longer takes it still gets what was committed before', async () => {
      const { spool } = open.store;
      await spool.setConsumers([
        { id: 'd', topics: ['a'] },
        { id: 'e', topics: ['a'] },
      ]);
      await steps.commit('a1:a', 'a2:a');
      const changed = [
        { id: 'd', topics: ['b'] },
        { id: 'e', topics: ['a'] },
      ];
      expect(await spool.setConsumers(changed)).toEqual([]);
      await steps.commit('a3:a', 'b4:b');
      await open.reopen();
      await open.store.spool.setConsumers(changed);
      expect(await steps.read('d')).toEqual([
        [1, 'a1'],
        [2, 'a2'],
        [4, 'b4'],
      ]);
      expect(await steps.usageOf('d')).toMatchObject({ waitingEntries: 3, waitingRecords: 3 });
      // What it has passed of it, and what never was its, it holds up no longer.
      await open.store.spool.acknowledge('d', { offset: 3, index: 0 }, []);
      const { usedBytes } = await open.store.spool.usage();
      await open.store.spool.acknowledge('e', { offset: 4, index: 0 }, []);
      await expect.poll(async () => (await open.store.spool.usage()).usedBytes).toBeLessThan(usedBytes / 2);
      expect(await steps.read('d')).toEqual([[4, 'b4']]);
    });

    test('a topic that one takes up again begins anew, beside what it had waiting of it', async () => {
      const { spool } = open.store;
      const e = { id: 'e', topics: ['a', 'b'] };
      await spool.setConsumers([{ id: 'd', topics: ['a'] }, e]);
      await steps.commit('a1:a');
      for (const topic of ['b', 'a', 'b', 'a']) {
        await spool.setConsumers([{ id: 'd', topics: [topic] }, e]);
        await steps.commit(`not ${topic}:${topic === 'a' ? 'b' : 'a'}`, `${topic}:${topic}`);
      }
      const mine = [
        [1, 'a1'],
        [3, 'b'],
        [5, 'a'],
        [7, 'b'],
        [9, 'a'],
      ];
      expect(await steps.read('d')).toEqual(mine);
      expect(await steps.usageOf('d')).toMatchObject({ waitingEntries: 5, waitingRecords: 5 });
      await spool.acknowledge('d', { offset: 6, index: 0 }, []);
      expect(await steps.read('d', 6)).toEqual(mine.slice(3));
      expect(await steps.usageOf('d')).toMatchObject({ waitingEntries: 2 });
    });

    test('a commit that is packed while the consumers change keeps what is taken when it lands', async () => {
      const { spool } = open.store;
      await spool.setConsumers([{ id: 'd', topics: ['a'] }]);
      const committing = steps.commit('a1:a', 'b2:b');
      await spool.setConsumers([{ id: 'd', topics: ['b'] }]);
      await committing;
      const read = await steps.read('d');
      // Whichever comes first: one of the two is taken at that time, and its offset is the first.
      expect([[[1, 'a1']], [[1, 'b2']]]).toContainEqual(read);
    });

    test('one that is gone is told with what it had waiting, and holds up no space', async () => {
      await open.store.spool.setConsumers([
        { id: 'd', topics: ['a'] },
        { id: 'e', topics: ['a'] },
      ]);
      await steps.commit('a1:a');
      await open.store.spool.acknowledge('e', { offset: 2, index: 0 }, []);
      const gone = await open.store.spool.setConsumers([{ id: 'e', topics: ['a'] }]);
      expect(gone).toMatchObject([{ consumer: 'd', waitingEntries: 1, waitingRecords: 1, deadLetters: 0 }]);
      expect((await open.store.spool.usage()).usedBytes).toBe(0);
      await expect(open.store.spool.position('d')).rejects.toMatchObject({ code: 'STATE_FAILED' });
      // It comes back as a new one.
      await open.store.spool.setConsumers([
        { id: 'd', topics: ['a'] },
        { id: 'e', topics: ['a'] },
      ]);
      expect(await open.store.spool.position('d')).toEqual({ offset: 2, index: 0 });
    });

    test('stating the same ones again changes nothing, after opening again too', async () => {
      const consumers = [{ id: 'd', topics: ['a', 'b'] }];
      await open.store.spool.setConsumers(consumers);
      await steps.commit('a1:a', 'b1:b');
      await open.store.spool.acknowledge('d', { offset: 2, index: 0 }, []);
      await open.reopen();
      expect(await open.store.spool.setConsumers(consumers)).toEqual([]);
      expect(await open.store.spool.position('d')).toEqual({ offset: 2, index: 0 });
      expect(await steps.read('d', 2)).toEqual([[2, 'b1']]);
    });
  });

  describe('reading and acknowledging', () => {
    beforeEach(async () => {
      await open.store.spool.setConsumers([
        { id: 'd', topics: ['a'] },
        { id: 'e', topics: ['a'] },
      ]);
    });

    test('a read takes as many entries as fit, but at least one', async () => {
      await steps.commit('1:a', '2:a', '3:a');
      const sizes = (await open.store.spool.read('d', 0, 1e6)).map(({ storedBytes }) => storedBytes);
      const two = (sizes[0] ?? 0) + (sizes[1] ?? 0);
      expect(await open.store.spool.read('d', 0, 1)).toHaveLength(1);
      expect(await open.store.spool.read('d', 0, two)).toHaveLength(2);
      expect(await open.store.spool.read('d', 0, two - 1)).toHaveLength(1);
      expect(await open.store.spool.read('d', 4, 1e6)).toEqual([]);
    });

    test('a position moves forward only, and is there after opening again', async () => {
      await steps.commit('1:a', '2:a');
      await open.store.spool.acknowledge('d', { offset: 1, index: 1 }, []);
      await open.reopen();
      expect(await open.store.spool.position('d')).toEqual({ offset: 1, index: 1 });
      await open.store.spool.acknowledge('d', { offset: 2, index: 0 }, []);
      await open.store.spool.acknowledge('d', { offset: 1, index: 9 }, [letter('x')]);
      expect(await open.store.spool.position('d')).toEqual({ offset: 2, index: 0 });
      expect(await open.store.spool.deadLetters('d', { afterId: 0, limit: 9 })).toHaveLength(1);
      expect(await open.store.spool.position('e')).toEqual({ offset: 1, index: 0 });
    });

    test('a position beyond the newest entry is refused, so that nothing is passed unread', async () => {
      await steps.commit('1:a');
      for (const position of [
        { offset: 3, index: 0 },
        { offset: 2, index: 1 },
      ]) {
        const acknowledged = open.store.spool.acknowledge('d', position, [letter('x')]);
        await expect(acknowledged).rejects.toMatchObject({ code: 'STATE_FAILED' });
      }
      expect(await open.store.spool.position('d')).toEqual({ offset: 1, index: 0 });
      expect(await steps.usageOf('d')).toMatchObject({ deadLetters: 0 });
    });

    test('usage says what waits for each, in entries, records and bytes, since when, and what is dead', async () => {
      await steps.commit('1:a');
      await open.clock.advance(10);
      const batch = sampleBatch('2', 3);
      await open.store.commit(sampleCommit('k', 1, { batches: [{ topic: 'a', batch }] }));
      const [first, second] = await open.store.spool.read('d', 0, 1e6);
      const bytes = second?.storedBytes ?? 0;
      await open.store.spool.acknowledge('d', { offset: 2, index: 2 }, [letter('x')]);
      const usage = await open.store.spool.usage();
      expect(usage.maxBytes).toBe(SPOOL_MAX_BYTES);
      expect(usage.usedBytes).toBeGreaterThan((first?.storedBytes ?? 0) + bytes);
      expect(usage.consumers).toMatchObject([
        waiting('d', 1, 1, bytes, START_MILLIS + 10, 1),
        waiting('e', 2, 4, (first?.storedBytes ?? 0) + bytes, START_MILLIS, 0),
      ]);
      await open.store.spool.acknowledge('d', { offset: 3, index: 0 }, []);
      expect(await steps.usageOf('d')).toMatchObject(waiting('d', 0, 0, 0, undefined, 1));
    });

    test('space is freed when all have passed, and an offset is never used again', async () => {
      await steps.commit('1:a', '2:a');
      await open.store.spool.acknowledge('d', { offset: 3, index: 0 }, []);
      expect((await open.store.spool.usage()).usedBytes).toBeGreaterThan(0);
      expect(await steps.read('e')).toHaveLength(2);
      await open.store.spool.acknowledge('e', { offset: 2, index: 0 }, []);
      expect(await steps.read('e')).toEqual([[2, '2']]);
      await open.store.spool.acknowledge('e', { offset: 3, index: 0 }, []);
      expect((await open.store.spool.usage()).usedBytes).toBe(0);
      await open.reopen();
      expect(await open.store.spool.newestOffset()).toBe(2);
      await steps.commit('3:a');
      expect(await steps.read('e')).toEqual([[3, '3']]);
    });

    test('a long backlog that one passes at once is freed to the last entry', async () => {
      for (let at = 0; at < 10; at++)
        await steps.commit(...Array.from({ length: 50 }, (_, one) => `${at}-${one}:a`));
      await open.store.spool.acknowledge('d', { offset: 501, index: 0 }, []);
      await open.store.spool.acknowledge('e', { offset: 501, index: 0 }, []);
      for (let turn = 0; turn < 1000 && (await open.store.spool.usage()).usedBytes > 0; turn++)
        await new Promise((resolve) => setImmediate(resolve));
      expect((await open.store.spool.usage()).usedBytes).toBe(0);
    });
  });
}

function waiting(
  consumer: string,
  waitingEntries: number,
  waitingRecords: number,
  waitingBytes: number,
  oldestMillis: number | undefined,
  deadLetters: number,
) {
  return { consumer, waitingEntries, waitingRecords, waitingBytes, oldestMillis, deadLetters };
}
