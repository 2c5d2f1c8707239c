import { describe, expect, test } from 'vitest';
import type { ReadPriority } from '../contracts/pull-source.ts';
import { FakeClock } from '../foundation/fake-clock.ts';
import type { BucketLimits } from './budget/token-bucket.ts';
import { type Permit, RequestBudget } from './request-budget.ts';

const LIMITS: BucketLimits = { ceilingPerSecond: 10, floorPerSecond: 0.2, burst: 2 };

function start(limits: Partial<BucketLimits> = {}) {
  const clock = new FakeClock(0);
  const rates: number[] = [];
  const budget = new RequestBudget({ ...LIMITS, ...limits }, clock, (rate) => rates.push(rate));
  const sent: (readonly [name: string, atMillis: number])[] = [];
  const permits: Permit[] = [];
  const ask = (name: string, priority: ReadPriority = 'live', group = 'g', signal?: AbortSignal) =>
    budget.acquire({ priority, group, signal: signal ?? new AbortController().signal }).then((permit) => {
      sent.push([name, clock.monotonic()]);
      permits.push(permit);
    });
  /** One request every `everyMillis`, each of which succeeds. */
  const succeed = async (forMillis: number, everyMillis = 100) => {
    for (let passed = 0; passed < forMillis; passed += everyMillis) {
      budget.succeeded();
      await clock.advance(everyMillis);
    }
  };
  return { clock, budget, rates, sent, permits, ask, succeed, names: () => sent.map(([name]) => name) };
}

describe('the rate', () => {
  test('is never above the ceiling, however many ask and for however long', async () => {
    const { clock, sent, ask } = start();
    const asked = Array.from({ length: 100 }, (_, at) => ask(`r${at}`));
    await clock.advance(20_000);
    await Promise.all(asked);
    const times = sent.map(([, atMillis]) => atMillis);
    for (const from of times) {
      const within = times.filter((at) => at >= from && at < from + 1000).length;
      expect(within).toBeLessThanOrEqual(10 + LIMITS.burst);
    }
    // 98 after the first two: nothing is wasted either.
    expect(times.at(-1)).toBeLessThanOrEqual(9_900);
  });

  test('lets no more than the burst go at once after a long rest', async () => {
    const { clock, sent, ask } = start();
    await clock.advance(3_600_000);
    for (let at = 0; at < 6; at++) void ask(`r${at}`);
    await clock.advance(0);
    expect(sent).toHaveLength(2);
  });

  test('is halved once by requests that were refused together, and again by later ones', async () => {
    const { clock, budget, ask, permits, rates } = start();
    await Promise.all([ask('a'), ask('b')]);
    await clock.advance(50);
    for (const permit of permits) budget.throttled(permit);
    expect(budget.ratePerSecond).toBe(5);
    const third = ask('c');
    await clock.advance(1000);
    await third;
    budget.throttled(permits[2] as Permit);
    expect(budget.ratePerSecond).toBe(2.5);
    expect(rates).toEqual([10, 5, 2.5]);
  });

  test('sends nothing at once after a refusal, though the bucket was full', async () => {
    const { clock, budget, ask, permits, sent } = start();
    await ask('a');
    await clock.advance(10_000);
    budget.throttled(permits[0] as Permit);
    void ask('b');
    await clock.advance(199);
    expect(sent).toHaveLength(1);
    await clock.advance(1);
    expect(sent).toHaveLength(2);
  });

  test('does not fall below the floor, and gets back to the ceiling by success alone', async () => {
    const { clock, budget, ask, permits, succeed } = start();
    for (let at = 0; at < 12; at++) {
      const asked = ask(`r${at}`);
      await clock.advance(10_000);
      await asked;
      budget.throttled(permits[at] as Permit);
    }
    expect(budget.ratePerSecond).toBe(LIMITS.floorPerSecond);
    await clock.advance(3_600_000);
    expect(budget.ratePerSecond).toBe(LIMITS.floorPerSecond);
    await succeed(10_000);
    expect(budget.ratePerSecond).toBeGreaterThan(1);
    await succeed(60_000);
    expect(budget.ratePerSecond).toBe(10);
  });

  test('is the lower one when another account joins with less', async () => {
    const { clock, budget, sent, ask } = start();
    budget.tighten({ ceilingPerSecond: 2, floorPerSecond: 0.2, burst: 1 });
    for (let at = 0; at < 50; at++) void ask(`r${at}`);
    await clock.advance(10_000);
    expect(sent.length).toBeLessThanOrEqual(22);
    budget.tighten({ ceilingPerSecond: 100, floorPerSecond: 0.2, burst: 50 });
    expect(budget.ratePerSecond).toBe(2);
  });

  test('goes on when the wall clock is turned back', async () => {
    const { clock, sent, ask } = start();
    for (let at = 0; at < 12; at++) void ask(`r${at}`);
    await clock.advance(500);
    clock.setWallClock(-86_400_000);
    await clock.advance(500);
    expect(sent).toHaveLength(12);
  });
});

describe('the line', () => {
  test('serves what is urgent first, then turn by turn through the groups', async () => {
    const { clock, ask, names } = start({ burst: 1 });
    void ask('first');
    for (const at of [1, 2, 3]) void ask(`a${at}`, 'backfill', 'a');
    for (const at of [1, 2]) void ask(`b${at}`, 'backfill', 'b');
    await clock.advance(100);
    void ask('live', 'live');
    await clock.advance(2000);
    expect(names()).toEqual(['first', 'a1', 'live', 'b1', 'a2', 'b2', 'a3']);
  });

  test('is left by who gives up, at once, and others move up', async () => {
    const { clock, budget, ask, names } = start({ burst: 1 });
    await ask('first');
    const stop = new AbortController();
    const given = ask('given up', 'live', 'g', stop.signal);
    void ask('next');
    stop.abort(new Error('enough'));
    await expect(given).rejects.toThrow('enough');
    await clock.advance(100);
    expect(names()).toEqual(['first', 'next']);
    expect(budget.waiting).toBe(0);
    await expect(ask('late', 'live', 'g', stop.signal)).rejects.toThrow('enough');
  });

  test('leaves no timer behind when nobody is in it any more', async () => {
    const { clock, ask } = start({ burst: 1, ceilingPerSecond: 0.2 });
    await ask('first');
    const stop = new AbortController();
    const given = ask('given up', 'live', 'g', stop.signal);
    await clock.advance(0);
    expect(clock.sleeping).toBe(1);
    stop.abort(new Error('enough'));
    await expect(given).rejects.toThrow('enough');
    await clock.advance(0);
    expect(clock.sleeping).toBe(0);
  });

  test('is refused when the budget is closed', async () => {
    const { budget, ask } = start({ burst: 1 });
    await ask('first');
    const waiting = ask('second');
    budget.close();
    await expect(waiting).rejects.toMatchObject({ code: 'INTERRUPTED' });
    await expect(ask('third')).rejects.toMatchObject({ code: 'INTERRUPTED' });
  });

  test('is bounded: more than ten thousand are refused', async () => {
    const { budget, ask } = start({ burst: 1 });
    await ask('first');
    const waiting = Array.from({ length: 10_000 }, (_, at) => ask(`r${at}`));
    await expect(ask('one too many')).rejects.toMatchObject({ code: 'AWS_THROTTLED' });
    budget.close();
    await Promise.allSettled(waiting);
  });
});
