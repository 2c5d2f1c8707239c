import { describe, expect, test } from 'vitest';
import type { ReadPriority } from '../contracts/pull-source.ts';
import { FakeClock } from '../foundation/fake-clock.ts';
import { Places } from './budget/places.ts';
import type { BucketLimits } from './budget/token-bucket.ts';
import { type Permit, RequestBudget } from './request-budget.ts';

const LIMITS: BucketLimits = { startPerSecond: 10, ceilingPerSecond: 10, floorPerSecond: 0.2, burst: 2 };

function start(limits: Partial<BucketLimits> = {}, places?: Places) {
  const clock = new FakeClock(0);
  const rates: number[] = [];
  const observer = { rate: (rate: number) => rates.push(rate), waited: () => {} };
  const budget = new RequestBudget({ ...LIMITS, ...limits }, clock, observer, places);
  const sent: (readonly [name: string, atMillis: number])[] = [];
  const permits: Permit[] = [];
  /** The place is given back at once unless it is kept. */
  const ask = (
    name: string,
    priority: ReadPriority = 'live',
    group = 'g',
    signal = new AbortController().signal,
    isKept = false,
  ) =>
    budget.acquire({ priority, group, signal }).then((permit) => {
      sent.push([name, clock.monotonic()]);
      permits.push(permit);
      if (!isKept) permit.release();
    });
  const keep = (name: string) => ask(name, 'live', 'g', undefined, true);
  /** For so long more is asked than may be sent, and all of it succeeds. */
  const work = async (forMillis: number) => {
    const stop = new AbortController();
    const asking = async () => {
      while (!stop.signal.aborted) {
        const permit = await budget.acquire({ priority: 'live', group: 'work', signal: stop.signal });
        permit.release();
        budget.succeeded(permit);
      }
    };
    const both = [asking().catch(() => {}), asking().catch(() => {})];
    for (let passed = 0; passed < forMillis; passed += 1000) await clock.advance(1000);
    stop.abort();
    await Promise.all(both);
  };
  const names = () => sent.map(([name]) => name);
  return { clock, budget, rates, sent, permits, ask, keep, work, names };
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

  test('does not fall below the floor, and gets back to the ceiling by work alone', async () => {
    const { clock, budget, ask, permits, work } = start();
    for (let at = 0; at < 12; at++) {
      const asked = ask(`r${at}`);
      await clock.advance(10_000);
      await asked;
      budget.throttled(permits[at] as Permit);
    }
    expect(budget.ratePerSecond).toBe(LIMITS.floorPerSecond);
    await clock.advance(3_600_000);
    for (let at = 0; at < 100; at++) budget.succeeded(permits[0] as Permit);
    expect(budget.ratePerSecond).toBe(LIMITS.floorPerSecond);
    await work(80_000);
    expect(budget.ratePerSecond).toBe(10);
  });

  test('is the lower one when another account joins with less', async () => {
    const { clock, budget, sent, ask } = start();
    budget.tighten({ startPerSecond: 2, ceilingPerSecond: 2, floorPerSecond: 0.2, burst: 1 });
    for (let at = 0; at < 50; at++) void ask(`r${at}`);
    await clock.advance(10_000);
    expect(sent.length).toBeLessThanOrEqual(22);
    budget.tighten({ startPerSecond: 100, ceilingPerSecond: 100, floorPerSecond: 0.2, burst: 50 });
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
  test('lets nothing starve: what is less urgent has a share of the turns while it waits', async () => {
    const { clock, ask, names } = start({ burst: 1 });
    for (let at = 0; at < 400; at++) void ask('live', 'live', `g${at}`);
    for (let at = 0; at < 100; at++) {
      void ask('sweep', 'sweep', `g${at}`);
      void ask('backfill', 'backfill', `g${at}`);
    }
    await clock.advance(40_000);
    const count = (name: string) => names().filter((other) => other === name).length;
    expect(count('sweep')).toBe(40);
    expect(count('backfill')).toBeGreaterThanOrEqual(19);
    expect(count('live')).toBeGreaterThan(340);
  });

  test('owes nothing to who did not wait', async () => {
    const { clock, ask, names } = start({ burst: 1 });
    for (let at = 0; at < 50; at++) void ask('live');
    await clock.advance(3000);
    void ask('backfill', 'backfill');
    await clock.advance(1800);
    expect(names()).not.toContain('backfill');
    await clock.advance(300);
    expect(names()).toContain('backfill');
  });

  test('serves a thousand groups alike, whatever backlog one of them has', async () => {
    const { clock, ask, names } = start({ burst: 1 });
    for (let at = 0; at < 1000; at++) void ask('deep', 'live', 'deep');
    for (let group = 0; group < 999; group++) void ask(`g${group}`, 'live', `g${group}`);
    await clock.advance(100_000);
    expect(new Set(names()).size).toBe(1000);
    expect(names().filter((name) => name === 'deep')).toHaveLength(2);
  });

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

describe('what is under way', () => {
  test('is bounded: the next request goes when a reply was worked on', async () => {
    const { clock, keep, names, permits, budget } = start({ burst: 100 });
    for (let at = 0; at < 20; at++) void keep(`r${at}`);
    await clock.advance(10_000);
    expect(names()).toHaveLength(12);
    expect(budget.status()).toMatchObject({ underWay: 12, waiting: { live: 8 } });
    permits[3]?.release();
    permits[3]?.release();
    await clock.advance(10_000);
    expect(names()).toHaveLength(13);
    for (const permit of permits) permit.release();
    await clock.advance(10_000);
    expect(names()).toHaveLength(20);
  });

  test('of a service that does not answer is little, until it does', async () => {
    const { clock, keep, names, permits, budget } = start({ burst: 100 });
    await keep('r');
    permits[0]?.release();
    budget.unanswered();
    for (let at = 0; at < 20; at++) void keep(`r${at}`);
    await clock.advance(10_000);
    expect(names()).toHaveLength(3);
    budget.succeeded(permits[1] as Permit);
    await clock.advance(10_000);
    expect(names()).toHaveLength(13);
  });

  test('of a service that did not answer once is not what is kept: who waits for it would wait for ever', async () => {
    const { clock, keep, names, permits, budget } = start({ burst: 100 });
    for (let at = 0; at < 8; at++) await keep(`kept ${at}`);
    for (const permit of permits) budget.succeeded(permit);
    await keep('lost');
    budget.unanswered();
    permits[8]?.release();
    void keep('lost, again');
    await clock.advance(10_000);
    expect(names().at(-1)).toBe('lost, again');
    budget.succeeded(permits[9] as Permit);
    permits[9]?.release();
    void keep('next');
    await clock.advance(10_000);
    expect(names().at(-1)).toBe('next');
  });

  test('is bounded over all budgets, but one that does not answer holds up no other', async () => {
    const places = new Places(12);
    const dead = start({ burst: 100 }, places);
    const other = start({ burst: 100 }, places);
    for (let at = 0; at < 20; at++) void dead.keep(`r${at}`);
    await dead.clock.advance(0);
    for (let at = 0; at < 5; at++) void other.ask(`r${at}`);
    await other.clock.advance(0);
    expect([dead.names().length, other.names().length]).toEqual([12, 5]);
    for (let at = 0; at < 5; at++) void other.keep(`r${at}`);
    await other.clock.advance(0);
    expect(other.names()).toHaveLength(6);
    dead.permits[0]?.release();
    dead.permits[1]?.release();
    await other.clock.advance(0);
    await dead.clock.advance(0);
    expect(dead.names().length + other.names().length).toBe(19);
  });

  test('of who gives up while waiting for a place is nothing', async () => {
    const { clock, ask, keep, names, permits } = start({ burst: 100 });
    for (let at = 0; at < 12; at++) void keep(`r${at}`);
    await clock.advance(0);
    const stop = new AbortController();
    const given = ask('given up', 'live', 'g', stop.signal);
    const next = ask('next');
    await clock.advance(0);
    stop.abort(new Error('enough'));
    await expect(given).rejects.toThrow('enough');
    permits[0]?.release();
    await clock.advance(0);
    await next;
    expect(names()).toHaveLength(13);
  });
});
