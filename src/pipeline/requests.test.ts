/**
 * How many requests steady reading takes, beside the least that would do: docs/decisions/0010 says what that is.
 */
import { expect, test } from 'vitest';
import { noMetrics } from '../contracts/metrics.ts';
import type { Commit, StoredCheckpoint } from '../contracts/state-store.ts';
import { FakeClock } from '../foundation/fake-clock.ts';
import { silentLogger } from '../foundation/logger.ts';
import { seededRandom } from '../foundation/random.ts';
import { type CollectorContext, PartitionCollector } from './partition-collector.ts';
import { Semaphore } from './semaphore.ts';
import { ServiceClock } from './service-clock.ts';
import { SimulatedGroup } from './testing/simulated-group.ts';
import { UncommittedBytes } from './uncommitted-bytes.ts';

const NOW = Date.UTC(2026, 10, 23, 12);
const SECOND = 1000;
const MINUTE = 60 * SECOND;
const EVERY = 10 * SECOND;

interface Load {
  readonly perSecond: number;
  readonly lateShare: number;
  readonly latestMillis: number;
  readonly pageSize: number;
  readonly maxLatenessMillis: number;
  /** Of these the first part is not measured: the horizon is learned in it, and sealing begins. */
  readonly minutes: number;
}

const ON_TIME = 2 * SECOND;

async function measure({ perSecond, lateShare, latestMillis, pageSize, maxLatenessMillis, minutes }: Load) {
  const random = seededRandom(3);
  const clock = new FakeClock(NOW);
  const group = new SimulatedGroup(clock, pageSize);
  const spooledAt = new Map<string, number>();
  let stored: StoredCheckpoint | undefined;
  const store = {
    load: () => Promise.resolve(stored),
    list: () => Promise.resolve([]),
    spool: { waitForSpace: () => Promise.resolve() },
    commit: (commit: Commit) => {
      stored = { ...commit, revision: commit.expectedRevision + 1, seen: [] };
      for (const { batch } of commit.batches)
        for (const { id } of batch.records) spooledAt.set(id, clock.now());
      return Promise.resolve({ kind: 'committed', revision: stored.revision });
    },
  } as unknown as CollectorContext['store'];
  const collector = new PartitionCollector(group, {
    store,
    route: { sourceId: 's', steps: [], topics: ['s'], release: () => [] },
    collect: {
      startBeforeMillis: EVERY,
      everyMillis: EVERY,
      idleEveryMillis: MINUTE,
      maxLatenessMillis,
      discoverEveryMillis: MINUTE,
    },
    clock,
    serviceClock: new ServiceClock(clock),
    metrics: noMetrics,
    logger: silentLogger,
    aheadSlots: new Semaphore(4),
    uncommitted: new UncommittedBytes(),
  });
  const signal = new AbortController().signal;
  const settledMillis = NOW + 2 * maxLatenessMillis;
  const measured = {
    polls: 0,
    requests: 0,
    events: 0,
    whenNew: 0,
    delays: [] as number[],
    lateDelays: [] as number[],
    lost: 0,
  };
  let open: ReturnType<SimulatedGroup['put']>[] = [];
  let beforeMillis = NOW;
  for (let poll = 0; poll < (minutes * MINUTE) / EVERY; poll++) {
    let arrived = 0;
    for (const n = Math.floor(perSecond * (EVERY / SECOND) + random.next()); arrived < n; arrived++) {
      const isLate = random.next() < lateShare;
      const late = Math.floor(
        isLate ? ON_TIME + random.next() * (latestMillis - ON_TIME) : 200 + random.next() * (ON_TIME - 200),
      );
      open.push(group.put(clock.now() + Math.floor(random.next() * EVERY), late));
    }
    await clock.advance(EVERY);
    const requestsBefore = group.requests;
    await collector.poll(signal);
    if (beforeMillis >= settledMillis) {
      measured.polls++;
      measured.requests += group.requests - requestsBefore;
      measured.events += arrived;
      // What a reader that knows everything asks for: the range of what came in time since the last poll.
      const fresh = open.filter(
        ({ record, visibleAtMillis }) =>
          visibleAtMillis > beforeMillis &&
          visibleAtMillis <= clock.now() &&
          visibleAtMillis - record.timestampMillis <= ON_TIME,
      );
      const times = fresh.map(({ record }) => record.timestampMillis);
      const span =
        times.length === 0
          ? []
          : group.shown(
              times.reduce((a, b) => Math.min(a, b)),
              times.reduce((a, b) => Math.max(a, b)),
            );
      measured.whenNew += Math.max(1, Math.ceil(span.length / pageSize));
    }
    for (const { record, visibleAtMillis } of open) {
      const at = spooledAt.get(record.id);
      if (at === undefined || at !== clock.now() || record.timestampMillis < settledMillis) continue;
      const isLate = visibleAtMillis - record.timestampMillis > ON_TIME;
      (isLate ? measured.lateDelays : measured.delays).push(at - visibleAtMillis);
    }
    open = open.filter(({ record, visibleAtMillis }) => {
      if (visibleAtMillis > clock.now() - EVERY) return true;
      if (spooledAt.has(record.id)) return false;
      if (record.timestampMillis < clock.now() - 1.6 * maxLatenessMillis) measured.lost++;
      return record.timestampMillis >= clock.now() - 1.6 * maxLatenessMillis;
    });
    beforeMillis = clock.now();
  }
  const { requests, events, whenNew, polls } = measured;
  const least = whenNew + events / pageSize;
  return {
    requestsAPoll: requests / polls,
    leastAPoll: least / polls,
    ratio: requests / least,
    ofOnePass: requests / whenNew,
    lost: measured.lost,
    horizonMillis: stored?.checkpoint.lateness.horizonMillis ?? 0,
    p95Millis: percentile(measured.delays, 0.95),
    lateMedianMillis: percentile(measured.lateDelays, 0.5),
    latestMillis: percentile(measured.lateDelays, 0.9999),
  };
}

function percentile(values: readonly number[], share: number): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length * share)] ?? 0;
}

/** Set to have the figures printed, of longer runs: those of the decision record. */
const figures = process.env['REQUESTS_FIGURES'] !== undefined;
/** Pages of fewer events than FilterLogEvents has them, so that the runs are short. */
const steady = {
  pageSize: figures ? 1000 : 500,
  maxLatenessMillis: (figures ? 20 : 15) * MINUTE,
  minutes: figures ? 60 : 45,
  latestMillis: 10 * MINUTE,
};

test.each([
  { name: 'several pages a poll', pages: 3.3, lateShare: 0.05, most: 1.5 },
  { name: 'several pages a poll, all in time', pages: 3.3, lateShare: 0, most: 1.15 },
  { name: 'a page a poll', pages: 1.1, lateShare: 0.05, most: 1.5 },
  { name: 'a page every few polls', pages: 0.3, lateShare: 0.05, most: 1.4 },
  { name: 'few events', pages: 0.03, lateShare: 0.05, most: 1.2 },
])(
  'of a group with $name takes at most $most times the least',
  async ({ name, pages, lateShare, most }) => {
    const perSecond = (pages * steady.pageSize) / 10;
    const found = await measure({ ...steady, perSecond, lateShare });
    if (figures) process.stdout.write(`${name}, ${lateShare * 100} % late: ${JSON.stringify(found)}\n`);
    expect(found.lost).toBe(0);
    expect(found.ratio).toBeLessThanOrEqual(most);
    // In time is what comes with the poll that follows it; the newest second may wait for one more.
    expect(found.p95Millis).toBeLessThan(EVERY + SECOND);
    // What is late waits for the horizon and for its range to fill pages, a quarter of it at most.
    expect(found.latestMillis).toBeLessThanOrEqual(1.25 * found.horizonMillis + 2 * EVERY);
  },
  900_000,
);
