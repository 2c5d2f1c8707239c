/**
 * The collector of one partition against a log group that misbehaves as CloudWatch Logs may, judged by a naive model:
 * whatever becomes visible less than `max_lateness` after its own time is spooled once, and soon.
 */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { SeenChunk } from '../contracts/checkpoint.ts';
import { noMetrics } from '../contracts/metrics.ts';
import type { Page, Partition, Slice } from '../contracts/pull-source.ts';
import type { Commit, CommitOutcome, StoredCheckpoint } from '../contracts/state-store.ts';
import { FakeClock } from '../foundation/fake-clock.ts';
import { silentLogger } from '../foundation/logger.ts';
import { type Random, seededRandom } from '../foundation/random.ts';
import type { LogRecord } from '../record/log-record.ts';
import { type CollectorContext, PartitionCollector } from './partition-collector.ts';
import { Semaphore } from './semaphore.ts';
import { ServiceClock } from './service-clock.ts';
import { UncommittedBytes } from './uncommitted-bytes.ts';

const NOW = Date.UTC(2026, 10, 23, 12);
const SECOND = 1000;
const MINUTE = 60 * SECOND;
const EVERY = 10 * SECOND;
const MAX_LATENESS = 20 * MINUTE;
const origin = { source: 's', tags: {} };

interface Planned {
  readonly record: LogRecord;
  readonly visibleAtMillis: number;
}

/** Shows events when their time has come; pages are small, empty ones among them; reading breaks off now and then. */
class Group implements Partition {
  readonly key = 'group';
  readonly title = '/ecs/api';
  readonly events: Planned[] = [];
  requests = 0;
  readonly #clock: FakeClock;
  readonly #random: Random;
  readonly #pageSize: number;
  breaks: number;

  constructor(clock: FakeClock, random: Random, pageSize: number, breaks: number) {
    this.#clock = clock;
    this.#random = random;
    this.#pageSize = pageSize;
    this.breaks = breaks;
  }

  async *read({ fromMillis, toMillis }: Slice): AsyncIterable<Page> {
    const now = this.#clock.now();
    const shown = this.events
      .filter(({ visibleAtMillis }) => visibleAtMillis <= now)
      .map(({ record }) => record)
      .filter(({ timestampMillis }) => timestampMillis >= fromMillis && timestampMillis <= toMillis);
    for (let at = 0; at === 0 || at < shown.length; ) {
      this.requests++;
      await Promise.resolve();
      if (this.#random.next() < this.breaks) throw new Error('reset');
      const size = this.#random.next() < 0.1 ? 0 : this.#pageSize;
      const records = shown.slice(at, at + size);
      yield { records, events: records.length, serverMillis: now };
      at += shown.length === 0 ? 1 : size;
    }
  }
}

/** Keeps what was committed, as a state store does; a kill forgets everything else. */
class Durable {
  stored: StoredCheckpoint | undefined;
  readonly spooledAt = new Map<string, number>();
  twice = 0;
  readonly #clock: FakeClock;

  constructor(clock: FakeClock) {
    this.#clock = clock;
  }

  readonly store = {
    load: () => Promise.resolve(this.stored),
    list: () => Promise.resolve([]),
    spool: { waitForSpace: () => Promise.resolve() },
    commit: (commit: Commit) => Promise.resolve(this.#commit(commit)),
  } as unknown as CollectorContext['store'];

  #commit(commit: Commit): CommitOutcome {
    if (commit.expectedRevision !== (this.stored?.revision ?? 0))
      return { kind: 'conflict', revision: this.stored?.revision ?? 0 };
    const seen: SeenChunk[] = [...(this.stored?.seen ?? []), ...commit.seenAdded].filter(
      ({ bucketStartMillis }) => bucketStartMillis + MINUTE > (commit.seenSealedBeforeMillis ?? 0),
    );
    this.stored = { ...commit, revision: commit.expectedRevision + 1, seen };
    for (const { id } of commit.batches.flatMap(({ batch }) => batch.records)) {
      if (this.spooledAt.has(id)) this.twice++;
      else this.spooledAt.set(id, this.#clock.now());
    }
    return { kind: 'committed', revision: this.stored.revision };
  }
}

interface Weather {
  readonly seed: number;
  readonly perSecond: number;
  readonly lateShare: number;
  readonly latestMillis: number;
  readonly pageSize: number;
  readonly breaks: number;
  readonly kills: number;
  readonly catchUpMillis: number;
}

const MINUTES = 40;

async function play(weather: Weather) {
  const random = seededRandom(weather.seed);
  const clock = new FakeClock(NOW);
  const group = new Group(clock, random, weather.pageSize, weather.breaks);
  const durable = new Durable(clock);
  const start = () =>
    new PartitionCollector(group, {
      store: durable.store,
      route: { sourceId: 's', steps: [], topics: ['s'], release: () => [] },
      collect: {
        startBeforeMillis: weather.catchUpMillis,
        everyMillis: EVERY,
        idleEveryMillis: 60_000,
        maxLatenessMillis: MAX_LATENESS,
        discoverEveryMillis: MINUTE,
      },
      clock,
      serviceClock: new ServiceClock(clock),
      metrics: noMetrics,
      logger: silentLogger,
      aheadSlots: new Semaphore(4),
      uncommitted: new UncommittedBytes(),
    });
  const put = (timestampMillis: number) => {
    const late =
      random.next() < weather.lateShare ? random.next() * weather.latestMillis : random.next() * 2000;
    const at = Math.floor(timestampMillis);
    const record = {
      id: `e${group.events.length}`,
      timestampMillis: at,
      ingestedMillis: at + late,
      message: 'm',
      origin,
    };
    group.events.push({ record, visibleAtMillis: at + late });
  };
  const fill = (fromMillis: number, millis: number) => {
    for (let n = Math.round((weather.perSecond * millis) / 1000); n > 0; n--)
      put(fromMillis + random.next() * millis);
  };
  fill(NOW - weather.catchUpMillis, weather.catchUpMillis);
  let collector = start();
  group.breaks = 0;
  await collector.poll(new AbortController().signal);
  group.breaks = weather.breaks;
  const polls = ((MINUTES + 1) * MINUTE + MAX_LATENESS * 1.5) / EVERY;
  for (let poll = 0; poll < polls; poll++) {
    // Nothing is written towards the end, so that everything can be found.
    if (poll * EVERY < MINUTES * MINUTE) fill(clock.now(), EVERY);
    else group.breaks = 0;
    await clock.advance(EVERY);
    await collector.poll(new AbortController().signal).catch(() => {});
    if (random.next() < weather.kills) collector = start();
  }
  const delayOf = ({ record, visibleAtMillis }: Planned) =>
    (durable.spooledAt.get(record.id) ?? Number.POSITIVE_INFINITY) - Math.max(visibleAtMillis, NOW);
  const delays = group.events.map((event) => ({
    sinceStartMillis: event.record.timestampMillis - NOW,
    lateMillis: event.visibleAtMillis - event.record.timestampMillis,
    delayMillis: delayOf(event),
  }));
  const lost = delays.filter(({ delayMillis }) => delayMillis === Number.POSITIVE_INFINITY).length;
  return { durable, lost, delays };
}

const RUNS = Number(process.env['READING_RUNS'] ?? 15);

/** A range was due to be read again for its horizon and to be sealed, and the first of the two sealed it. */
const SEALED_IN_BETWEEN: Weather = {
  seed: -1503235169,
  perSecond: 1,
  lateShare: 0.05,
  latestMillis: 1_139_993,
  pageSize: 410,
  breaks: 0,
  kills: 0.1,
  catchUpMillis: 3_022_647,
};

test(
  'whatever the group does, nothing is lost and nothing twice',
  async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.record({
          seed: fc.integer(),
          perSecond: fc.constantFrom(0.01, 0.2, 1, 4),
          lateShare: fc.constantFrom(0, 0.001, 0.05, 1),
          latestMillis: fc.integer({ min: 1000, max: MAX_LATENESS - MINUTE }),
          pageSize: fc.integer({ min: 1, max: 500 }),
          breaks: fc.constantFrom(0, 0.05),
          kills: fc.constantFrom(0, 0.1),
          catchUpMillis: fc.integer({ min: 0, max: 60 * MINUTE }),
        }),
        async (weather) => {
          const { lost, durable } = await play(weather);
          expect([lost, durable.twice]).toEqual([0, 0]);
        },
      ),
      { numRuns: RUNS, examples: [[SEALED_IN_BETWEEN]] },
    );
  },
  120_000 + RUNS * 2000,
);

const steady = {
  seed: 1,
  perSecond: 40,
  latestMillis: 10 * MINUTE,
  pageSize: 10_000,
  breaks: 0,
  kills: 0,
  catchUpMillis: 0,
};

test('what is shown at once comes with the next poll', async () => {
  const { delays } = await play({ ...steady, lateShare: 0 });
  expect(Math.max(...delays.map(({ delayMillis }) => delayMillis))).toBeLessThanOrEqual(EVERY + 2500);
});

test('what is late comes within the horizon that was learned of it', async () => {
  const { delays, durable } = await play({ ...steady, lateShare: 0.05 });
  const horizonMillis = durable.stored?.checkpoint.lateness.horizonMillis ?? 0;
  expect(horizonMillis).toBeGreaterThan(10 * MINUTE);
  // Before it was learned, what is late waits to be sealed.
  const learnedMillis = 15 * MINUTE;
  const late = delays.filter(
    ({ lateMillis, sinceStartMillis }) => lateMillis > 10_000 && sinceStartMillis > learnedMillis,
  );
  expect(late.length).toBeGreaterThan(1000);
  for (const { lateMillis, delayMillis } of late)
    expect(delayMillis).toBeLessThanOrEqual(1.25 * horizonMillis + 2 * EVERY - lateMillis);
});
