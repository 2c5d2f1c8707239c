import { afterEach, beforeEach, expect, test } from 'vitest';
import { SPOOL_MAX_BYTES, SpoolSteps } from './spool-steps.ts';
import { type MakeHarness, OpenStore, sampleBatch, sampleCommit } from './state-store-harness.ts';

export function quarantineSuite(make: MakeHarness): void {
  let open: OpenStore;
  let steps: SpoolSteps;
  /** Three entries for two destinations; the second one, of four records, is damaged. */
  beforeEach(async () => {
    open = await OpenStore.make(make, SPOOL_MAX_BYTES);
    steps = new SpoolSteps(open);
    await open.store.spool.setConsumers([
      { id: 'd', topics: ['a'] },
      { id: 'e', topics: ['a'] },
    ]);
    await steps.commit('1:a');
    await open.store.commit(
      sampleCommit('k', 1, { batches: [{ topic: 'a', batch: sampleBatch('2', 4, 300) }] }),
    );
    await open.store.commit(sampleCommit('k', 2, { batches: [{ topic: 'a', batch: sampleBatch('3') }] }));
    await open.reopen(2);
  });
  afterEach(() => open.end());

  const lettersOf = async (consumer: string) =>
    await open.store.spool.deadLetters(consumer, { afterId: 0, limit: 10 });

  test('a damaged entry is read with its damage in place of records; the others are whole', async () => {
    const entries = await open.store.spool.read('d', 0, 1e6);
    expect(entries.map(({ offset, batch, damage }) => [offset, batch.records.length, damage])).toEqual([
      [1, 1, undefined],
      [2, 0, expect.stringMatching(/./)],
      [3, 1, undefined],
    ]);
    expect(entries[1]).toMatchObject({ topic: 'a', batch: { id: '2' } });
  });

  test('set aside, it is a dead letter for as many records as it had, for that destination alone', async () => {
    expect(await open.store.spool.quarantine('d', 2, 'the checksum does not match')).toBe(4);
    await open.reopen();
    expect(await lettersOf('d')).toEqual([
      expect.objectContaining({
        destination: 'd',
        reason: 'damaged',
        detail: 'the checksum does not match',
        record: undefined,
        records: 4,
      }),
    ]);
    expect(await open.store.spool.deadLetterReasons('d')).toEqual(new Map([['damaged', 4]]));
    expect(await steps.usageOf('d')).toMatchObject({ deadLetters: 4 });
    expect(await steps.usageOf('e')).toMatchObject({ deadLetters: 0, waitingRecords: 6 });
    expect(await lettersOf('e')).toEqual([]);
  });

  test('it is set aside once, however often it is asked for', async () => {
    await open.store.spool.quarantine('d', 2, 'first');
    await open.reopen();
    expect(await open.store.spool.quarantine('d', 2, 'second')).toBe(4);
    expect(await lettersOf('d')).toMatchObject([{ detail: 'first' }]);
    expect(await steps.usageOf('d')).toMatchObject({ deadLetters: 4 });
  });

  test('records of it that were settled before do not count', async () => {
    await open.store.spool.acknowledge('d', { offset: 2, index: 3 }, []);
    expect(await open.store.spool.quarantine('d', 2, 'x')).toBe(1);
    expect(await lettersOf('d')).toMatchObject([{ records: 1 }]);
  });

  test('what is stored of it stays when the spool frees the entry, and goes when it is discarded', async () => {
    await open.store.spool.quarantine('d', 2, 'x');
    for (const consumer of ['d', 'e'])
      await open.store.spool.acknowledge(consumer, { offset: 4, index: 0 }, []);
    const { usedBytes } = await open.store.spool.usage();
    expect(await steps.usageOf('d')).toMatchObject({ waitingEntries: 0, deadLetterBytes: usedBytes });
    expect(usedBytes).toBeGreaterThan(100);
    const [letter] = await lettersOf('d');
    expect(await open.store.spool.discardDeadLetters('d', [letter?.id ?? 0])).toBe(4);
    expect(await open.store.spool.usage()).toMatchObject({ usedBytes: 0 });
  });

  test('an entry that is not there any more is nothing to set aside', async () => {
    for (const consumer of ['d', 'e'])
      await open.store.spool.acknowledge(consumer, { offset: 4, index: 0 }, []);
    expect(await open.store.spool.quarantine('d', 2, 'x')).toBe(0);
    expect(await lettersOf('d')).toEqual([]);
  });
}
