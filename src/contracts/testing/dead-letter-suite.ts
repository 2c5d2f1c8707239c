import { afterEach, beforeEach, expect, test } from 'vitest';
import type { DeadLetterPage, DiscardChoice } from '../spool.ts';
import { letter, SPOOL_MAX_BYTES, SpoolSteps } from './spool-steps.ts';
import { type MakeHarness, OpenStore, START_MILLIS } from './state-store-harness.ts';

export function deadLetterSuite(make: MakeHarness): void {
  let open: OpenStore;
  let steps: SpoolSteps;
  beforeEach(async () => {
    open = await OpenStore.make(make, SPOOL_MAX_BYTES);
    steps = new SpoolSteps(open);
    await open.store.spool.setConsumers([
      { id: 'd', topics: ['a'] },
      { id: 'e', topics: ['a'] },
    ]);
    await steps.commit('1:a');
  });
  afterEach(() => open.end());

  /** Dead letters of `d`, one for each of the ids, of the reasons in turn. */
  const keep = async (ids: readonly string[], ...reasons: readonly string[]) => {
    const letters = ids.map((id, at) => ({
      ...letter(id),
      reason: reasons[at % reasons.length] ?? 'refused',
    }));
    await open.store.spool.acknowledge('d', { offset: 2, index: 0 }, letters);
    return letters;
  };
  const page = async (more: Partial<DeadLetterPage> = {}, consumer = 'd') =>
    await open.store.spool.deadLetters(consumer, { afterId: 0, limit: 100, ...more });
  const idsOf = async (more?: Partial<DeadLetterPage>) => (await page(more)).map(({ record }) => record?.id);
  const reasons = async (consumer = 'd') =>
    Object.fromEntries(await open.store.spool.deadLetterReasons(consumer));

  test('they are kept for their destination with reason and detail, page by page', async () => {
    const letters = await keep(['x', 'y', 'z']);
    await open.reopen();
    const first = await page({ limit: 2 });
    const stored = [...first, ...(await page({ afterId: first[1]?.id ?? 0, limit: 2 }))];
    expect(stored).toEqual(
      letters.map((one, at) => ({
        ...one,
        id: stored[at]?.id,
        destination: 'd',
        createdAtMillis: START_MILLIS,
        records: 1,
      })),
    );
    expect(first).toHaveLength(2);
    expect(await page({}, 'e')).toEqual([]);
    expect(await reasons('e')).toEqual({});
  });

  test('a page is of one reason or of all, from either end, between two ids', async () => {
    await keep(['a1', 'b1', 'a2', 'b2', 'a3'], 'alpha', 'beta');
    expect(await idsOf({ reason: 'alpha' })).toEqual(['a1', 'a2', 'a3']);
    expect(await idsOf({ reason: 'beta', newestFirst: true })).toEqual(['b2', 'b1']);
    expect(await idsOf({ reason: 'gamma' })).toEqual([]);
    expect(await idsOf({ newestFirst: true, limit: 2 })).toEqual(['a3', 'b2']);
    const all = await page();
    const between = { afterId: all[0]?.id ?? 0, beforeId: all[4]?.id ?? 0 };
    expect(await idsOf(between)).toEqual(['b1', 'a2', 'b2']);
    expect(await idsOf({ ...between, newestFirst: true, reason: 'alpha' })).toEqual(['a2']);
  });

  test('a page takes as many as fit its bytes, but at least one', async () => {
    const large = Array.from({ length: 4 }, (_, at) => letter(`large ${at}`, 5000));
    await open.store.spool.acknowledge('d', { offset: 2, index: 0 }, large);
    expect(await idsOf({ maxBytes: 1 })).toEqual(['large 0']);
    expect(await idsOf({ maxBytes: 1, newestFirst: true })).toEqual(['large 3']);
    // What does not compress takes about three quarters of its length.
    expect((await idsOf({ maxBytes: 9000 })).length).toBe(2);
    expect(await idsOf({ maxBytes: 100_000 })).toHaveLength(4);
  });

  test('many are read whole and in order', async () => {
    const ids = Array.from({ length: 450 }, (_, at) => `many ${at}`);
    await keep(ids);
    expect(await idsOf({ limit: 1000 })).toEqual(ids);
  });

  test('they are counted by reason, most first', async () => {
    await keep(['1', '2', '3', '4', '5'], 'beta', 'alpha', 'alpha', 'gamma', 'alpha');
    expect([...(await open.store.spool.deadLetterReasons('d'))]).toEqual([
      ['alpha', 3],
      ['beta', 1],
      ['gamma', 1],
    ]);
    expect(await steps.usageOf('d')).toMatchObject({ deadLetters: 5 });
  });

  test('refused again they have the new reason and detail, and are otherwise what they were', async () => {
    await keep(['x', 'y', 'z'], 'alpha');
    const [x, y, z] = await page();
    await open.clock.advance(1000);
    const again = { reason: 'beta', detail: 'a much longer detail than the one before, for its bytes count' };
    await open.store.spool.renewDeadLetters('d', [
      { id: x?.id ?? 0, ...again },
      { id: z?.id ?? 0, reason: 'alpha', detail: '' },
      { id: 999, ...again },
    ]);
    await open.reopen();
    expect(await page()).toEqual([{ ...x, ...again }, y, { ...z, detail: '' }]);
    expect(await reasons()).toEqual({ alpha: 2, beta: 1 });
    expect(await idsOf({ reason: 'beta' })).toEqual(['x']);
  });

  test('those of another destination are not renewed', async () => {
    await keep(['x']);
    const before = await page();
    const id = before[0]?.id ?? 0;
    await open.store.spool.renewDeadLetters('e', [{ id, reason: 'other', detail: 'other' }]);
    expect(await page()).toEqual(before);
  });

  test('they take space until they are discarded, each once', async () => {
    await keep(['x', 'y']);
    await open.store.spool.acknowledge('e', { offset: 2, index: 0 }, []);
    const { usedBytes } = await open.store.spool.usage();
    expect(usedBytes).toBeGreaterThan(0);
    expect(await steps.usageOf('d')).toMatchObject({ deadLetters: 2, deadLetterBytes: usedBytes });
    const ids = (await page()).map(({ id }) => id);
    const { spool } = open.store;
    expect(await spool.discardDeadLetters('e', ids)).toBe(0);
    expect(await spool.discardDeadLetters('d', [...ids, 999])).toBe(2);
    expect(await spool.discardDeadLetters('d', ids)).toBe(0);
    expect(await spool.usage()).toMatchObject({ usedBytes: 0 });
    expect(await steps.usageOf('d')).toMatchObject({ deadLetters: 0, deadLetterBytes: 0 });
    expect(await reasons()).toEqual({});
  });

  test('the space that they take is right whatever was renewed before they are discarded', async () => {
    await keep(['x', 'y'], 'alpha');
    await open.store.spool.acknowledge('e', { offset: 2, index: 0 }, []);
    const renewed = (await page()).map(({ id }) => ({ id, reason: 'beta', detail: 'é'.repeat(100) }));
    await open.store.spool.renewDeadLetters('d', renewed);
    await open.store.spool.discardDeadLetters('d', [renewed[0]?.id ?? 0]);
    const { usedBytes } = await open.store.spool.usage();
    expect(await steps.usageOf('d')).toMatchObject({ deadLetters: 1, deadLetterBytes: usedBytes });
    await open.store.spool.discardDeadLetters('d', [renewed[1]?.id ?? 0]);
    expect(await open.store.spool.usage()).toMatchObject({ usedBytes: 0 });
  });

  test('the oldest of a reason are discarded up to an id, so many at a time', async () => {
    await keep(['a1', 'b1', 'a2', 'b2', 'a3', 'b3'], 'alpha', 'beta');
    const all = await page();
    const { spool } = open.store;
    const discard = async (more: Partial<DiscardChoice>, consumer = 'd') => {
      const { records, isMore } = await spool.discardOldestDeadLetters(consumer, { limit: 9, ...more });
      return [records, isMore];
    };
    expect(await discard({ reason: 'alpha', limit: 1 })).toEqual([1, true]);
    expect(await idsOf()).toEqual(['b1', 'a2', 'b2', 'a3', 'b3']);
    const throughId = all[3]?.id ?? 0;
    expect(await discard({ reason: 'alpha', throughId })).toEqual([1, false]);
    expect(await discard({ throughId })).toEqual([2, false]);
    expect(await idsOf()).toEqual(['a3', 'b3']);
    expect(await discard({}, 'e')).toEqual([0, false]);
    expect(await discard({})).toEqual([2, false]);
    expect(await reasons()).toEqual({});
  });

  test('they go with their destination, which tells how many there were', async () => {
    await keep(['x']);
    await open.store.spool.acknowledge('e', { offset: 2, index: 0 }, []);
    const gone = await open.store.spool.setConsumers([{ id: 'e', topics: ['a'] }]);
    expect(gone).toMatchObject([{ consumer: 'd', waitingEntries: 0, deadLetters: 1 }]);
    expect((await open.store.spool.usage()).usedBytes).toBe(0);
    // One that comes back begins without them.
    await open.store.spool.setConsumers([{ id: 'd', topics: ['a'] }]);
    expect(await page()).toEqual([]);
    expect(await reasons()).toEqual({});
  });

  test('whoever is no consumer has none, and is told so', async () => {
    const { spool } = open.store;
    for (const asked of [
      spool.deadLetters('x', { afterId: 0, limit: 1 }),
      spool.deadLetterReasons('x'),
      spool.renewDeadLetters('x', []),
      spool.discardDeadLetters('x', [1]),
      spool.discardOldestDeadLetters('x', { limit: 1 }),
    ])
      await expect(asked).rejects.toMatchObject({ code: 'STATE_FAILED' });
  });
}
