import { expect, test } from 'vitest';
import { judge } from '../api/health-routes.ts';
import { noMetrics } from '../contracts/metrics.ts';
import type { Page, Partition, PullSource, Slice } from '../contracts/pull-source.ts';
import type { Commit, StateStore, StoredCheckpoint } from '../contracts/state-store.ts';
import { FakeClock } from '../foundation/fake-clock.ts';
import { type Logger, silentLogger } from '../foundation/logger.ts';
import { seededRandom } from '../foundation/random.ts';
import { Semaphore } from './semaphore.ts';
import { ServiceClock } from './service-clock.ts';
import { noCounts } from './slice-reader.ts';
import { SourceRunner } from './source-runner.ts';
import { UncommittedBytes } from './uncommitted-bytes.ts';

const NOW = Date.UTC(2026, 10, 23, 12);
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** A log group that keeps its events for a day and can be made unreadable. */
function setUp() {
  const clock = new FakeClock(NOW);
  const world = { isReadable: true };
  const partition: Partition = {
    key: 's|arn',
    title: '/ecs/api (eu-west-1)',
    retentionMillis: DAY,
    async *read(_slice: Slice): AsyncIterable<Page> {
      await Promise.resolve();
      if (!world.isReadable) throw new Error('refused');
      yield { records: [], events: 0, serverMillis: clock.now() };
    },
  };
  let stored: StoredCheckpoint | undefined;
  const store = {
    load: () => Promise.resolve(stored),
    list: () => Promise.resolve([]),
    commit: (commit: Commit) => {
      stored = { ...commit, revision: commit.expectedRevision + 1, seen: [] };
      return Promise.resolve({ kind: 'committed', revision: stored.revision });
    },
  } as unknown as StateStore;
  const said: string[] = [];
  const gauges = new Map<string, number>();
  const logger: Logger = { ...silentLogger, child: () => logger };
  logger.warn = (_details, message) => said.push(message);
  logger.info = (_details, message) => said.push(message);
  const source: PullSource = {
    collect: {
      startBeforeMillis: MINUTE,
      everyMillis: 5 * MINUTE,
      idleEveryMillis: 5 * MINUTE,
      maxLatenessMillis: HOUR,
      discoverEveryMillis: HOUR,
    },
    discover: () => Promise.resolve({ partitions: [partition], skipped: [], missing: [], warnings: [] }),
    check: () => Promise.resolve([]),
    close: () => Promise.resolve(),
  };
  const runner = new SourceRunner('s', source, {
    store,
    route: { sourceId: 's', steps: [], topics: ['s'], release: () => [] },
    clock,
    serviceClock: new ServiceClock(clock),
    random: seededRandom(1),
    logger,
    metrics: { ...noMetrics, set: (name, _labels, value) => gauges.set(name, value) },
    aheadSlots: new Semaphore(4),
    uncommitted: new UncommittedBytes(),
  });
  const gaps = () => (stored?.checkpoint.gaps ?? []).filter(({ lateOnly }) => lateOnly !== true);
  return { clock, world, runner, said, gauges, gaps };
}

test('what will expire before it is read is said in time, and what did expire is a gap', async () => {
  const { clock, world, runner, said, gauges, gaps } = setUp();
  const { signal } = new AbortController();
  const warning = 'Events will expire in CloudWatch Logs before they are read.';
  const health = () =>
    judge({ sources: [runner.status()], destinations: [], spool: { usedBytes: 0, maxBytes: 1, shares: [] } });
  const pass = async (millis: number) => {
    for (let passed = 0; passed < millis; passed += 5 * MINUTE) {
      await clock.advance(5 * MINUTE);
      await runner.collectOnce(noCounts(), signal).catch(() => {});
      runner.measure();
    }
  };
  await pass(HOUR);
  expect(health()).toEqual({ status: 'ok', problems: [] });

  world.isReadable = false;
  await pass(11 * HOUR);
  expect(said).not.toContain(warning);
  await pass(2 * HOUR);
  expect(said.filter((message) => message === warning)).toHaveLength(1);
  expect(gauges.get('logferry_source_expiring_partitions')).toBe(1);
  const { status, problems } = health();
  expect(status).toBe('degraded');
  expect(problems.at(-1)).toMatch(
    /^source s: unread events of \/ecs\/api \(eu-west-1\) expire in CloudWatch Logs from 2026-11-24T1[23]:\d\d/,
  );
  expect(gaps()).toEqual([]);

  await pass(13 * HOUR);
  world.isReadable = true;
  await pass(HOUR);
  expect(gaps()).toMatchObject([{ reason: 'expired' }]);
  const [gap] = gaps();
  expect((gap?.toMillis ?? 0) - (gap?.fromMillis ?? 0)).toBeGreaterThan(HOUR);
  expect(health()).toEqual({ status: 'ok', problems: [] });
  expect(gauges.get('logferry_source_expiring_partitions')).toBe(0);
});
