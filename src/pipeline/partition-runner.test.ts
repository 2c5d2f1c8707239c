/** A partition goes on being polled, whatever is done to the clock of the machine. */
import { describe, expect, test } from 'vitest';
import { noMetrics } from '../contracts/metrics.ts';
import type { CollectSettings, Page, Partition } from '../contracts/pull-source.ts';
import type { Commit } from '../contracts/state-store.ts';
import { FakeClock } from '../foundation/fake-clock.ts';
import { silentLogger } from '../foundation/logger.ts';
import { seededRandom } from '../foundation/random.ts';
import { PartitionRunner, type PartitionRunnerContext } from './partition-runner.ts';
import { Semaphore } from './semaphore.ts';
import { ServiceClock } from './service-clock.ts';
import { UncommittedBytes } from './uncommitted-bytes.ts';

const NOW = Date.UTC(2026, 10, 23, 12);
const SECOND = 1000;
const HOUR = 3_600_000;
const DAY = 24 * HOUR;

/** Follows an empty log group; tells how often it was asked for its head, and what was committed of that. */
function follow(more: Partial<CollectSettings> = {}) {
  const clock = new FakeClock(NOW);
  const startMonotonic = clock.monotonic();
  const serviceMillis = () => NOW + clock.monotonic() - startMonotonic;
  const heads: number[] = [];
  let onRequest = () => {};
  const partition: Partition = {
    key: 'k',
    title: 't',
    async *read({ toMillis }): AsyncGenerator<Page, void> {
      await Promise.resolve();
      if (toMillis > serviceMillis() + HOUR) heads.push(serviceMillis());
      onRequest();
      yield { records: [], events: 0, serverMillis: serviceMillis() };
    },
  };
  const committed: number[] = [];
  const commit = ({ expectedRevision, checkpoint }: Commit) => {
    committed.push(checkpoint.headMillis);
    return Promise.resolve({ kind: 'committed' as const, revision: expectedRevision + 1 });
  };
  const runner = new PartitionRunner(partition, {
    store: { load: () => Promise.resolve(undefined), list: () => Promise.resolve([]), commit, spool: {} },
    route: { sourceId: 's', steps: [], topics: ['s'], release: () => [] },
    collect: {
      startBeforeMillis: 0,
      everyMillis: 10 * SECOND,
      idleEveryMillis: 10 * SECOND,
      maxLatenessMillis: HOUR,
      discoverEveryMillis: 60 * SECOND,
      ...more,
    },
    clock,
    serviceClock: new ServiceClock(clock),
    metrics: noMetrics,
    logger: silentLogger,
    random: seededRandom(1),
    aheadSlots: new Semaphore(1),
    uncommitted: new UncommittedBytes(),
  } as unknown as PartitionRunnerContext);
  const stop = new AbortController();
  const following = runner.follow(stop.signal).catch(() => {});
  const setWall = (byMillis: number) => clock.setWallClock(clock.now() + byMillis);
  return {
    clock,
    heads,
    committed,
    setWall,
    whileAsking: (act: () => void) => {
      onRequest = () => {
        onRequest = () => {};
        act();
      };
    },
    end: async () => {
      stop.abort(new Error('over'));
      await clock.advance(0);
      await following;
    },
  };
}

describe.each([
  ['back', -3 * DAY],
  ['forward', 3 * DAY],
])('a clock that is set %s by three days', (_name, byMillis) => {
  test('while a poll is under way, or between two, delays none and hurries none', async () => {
    const { clock, heads, setWall, whileAsking, end } = follow();
    await clock.advance(30 * SECOND);
    whileAsking(() => setWall(byMillis));
    await clock.advance(30 * SECOND);
    setWall(byMillis);
    await clock.advance(40 * SECOND);
    const waits = heads.slice(1).map((at, index) => at - (heads[index] as number));
    expect(waits.every((wait) => wait === 10 * SECOND)).toBe(true);
    expect(heads.length).toBeGreaterThanOrEqual(10);
    await end();
  });

  test('does not keep a head that moved over nothing from being written down', async () => {
    const { clock, committed, setWall, end } = follow();
    await clock.advance(10 * SECOND);
    setWall(byMillis);
    await clock.advance(150 * SECOND);
    expect(committed.at(-1)).toBeGreaterThan(NOW + 90 * SECOND);
    expect(committed.length).toBeLessThan(6);
    await end();
  });
});

test('a schedule goes by the wall clock, also one that was set while it was waited for', async () => {
  const { clock, heads, setWall, end } = follow({ schedule: '0 * * * *', timeZone: 'UTC' });
  await clock.advance(10 * 60 * SECOND);
  expect(heads).toEqual([]);
  // It is 12:10, and becomes 12:58.
  setWall(48 * 60 * SECOND);
  await clock.advance(3 * 60 * SECOND);
  expect(heads).toHaveLength(1);
  // It is 13:01, and becomes 10:01: the next full hour is 11:00.
  setWall(-3 * HOUR);
  await clock.advance(58 * 60 * SECOND);
  expect(heads).toHaveLength(1);
  await clock.advance(2 * 60 * SECOND);
  expect(heads).toHaveLength(2);
  await end();
});
