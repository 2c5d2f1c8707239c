import { expect, test } from 'vitest';
import type { SeenChunk } from '../contracts/checkpoint.ts';
import { noMetrics } from '../contracts/metrics.ts';
import type { Page, Partition, Slice } from '../contracts/pull-source.ts';
import type { Commit, CommitOutcome, StateStore, StoredCheckpoint } from '../contracts/state-store.ts';
import { FakeClock } from '../foundation/fake-clock.ts';
import { silentLogger } from '../foundation/logger.ts';
import { seededRandom } from '../foundation/random.ts';
import type { LogRecord } from '../record/log-record.ts';
import { PartitionCollector } from './partition-collector.ts';
import { Semaphore } from './semaphore.ts';
import { ServiceClock } from './service-clock.ts';
import { UncommittedBytes } from './uncommitted-bytes.ts';

const NOW = Date.UTC(2026, 10, 23, 12);
const MINUTE = 60_000;
const origin = { source: 's', tags: {} };
const event = (id: string, timestampMillis: number): LogRecord => ({
  id,
  timestampMillis,
  ingestedMillis: timestampMillis,
  message: id,
  origin,
});

/** A log group whose events become visible when they are put into `visible`. */
class Group implements Partition {
  readonly key = 'group';
  readonly title = '/ecs/api';
  visible: LogRecord[] = [];
  pageSize = 3;
  failAfterPages = Number.POSITIVE_INFINITY;
  pagesRead = 0;
  readonly clock: FakeClock;

  constructor(clock: FakeClock) {
    this.clock = clock;
  }

  async *read(slice: Slice): AsyncIterable<Page> {
    const inside = this.visible.filter(
      ({ timestampMillis: at }) => at >= slice.fromMillis && at <= slice.toMillis,
    );
    for (let at = 0; at === 0 || at < inside.length; at += this.pageSize) {
      if (this.pagesRead >= this.failAfterPages) throw new Error('reset');
      this.pagesRead++;
      await Promise.resolve();
      const records = inside.slice(at, at + this.pageSize);
      yield { records, events: records.length, serverMillis: this.clock.now() };
    }
  }
}

/** What is durable: a checkpoint and everything that went to the spool. */
class Durable {
  stored: StoredCheckpoint | undefined;
  readonly spooled: LogRecord[] = [];
  answers: CommitOutcome['kind'][] = [];

  readonly store = {
    load: () => Promise.resolve(this.stored),
    list: () => Promise.resolve([]),
    spool: { waitForSpace: () => Promise.resolve() },
    commit: (commit: Commit) => Promise.resolve(this.#commit(commit)),
  } as unknown as Pick<StateStore, 'load' | 'list' | 'commit' | 'spool'>;

  #commit(commit: Commit): CommitOutcome {
    const answer = this.answers.shift();
    if (answer === 'full') return { kind: 'full', usedBytes: 1, maxBytes: 1 };
    if (answer === 'conflict' || commit.expectedRevision !== (this.stored?.revision ?? 0)) {
      return { kind: 'conflict', revision: this.stored?.revision ?? 0 };
    }
    const seen: SeenChunk[] = [...(this.stored?.seen ?? []), ...commit.seenAdded];
    const revision = commit.expectedRevision + 1;
    this.stored = { ...commit, revision, seen };
    this.spooled.push(...commit.batches.flatMap(({ batch }) => batch.records));
    return { kind: 'committed', revision };
  }
}

function setUp() {
  const clock = new FakeClock(NOW);
  const group = new Group(clock);
  const durable = new Durable();
  const start = () =>
    new PartitionCollector(group, {
      store: durable.store,
      route: { sourceId: 's', steps: [], topics: ['s'], release: () => [] },
      collect: {
        startBeforeMillis: 15 * MINUTE,
        everyMillis: 10_000,
        idleEveryMillis: 60_000,
        maxLatenessMillis: 60 * MINUTE,
        discoverEveryMillis: MINUTE,
      },
      clock,
      serviceClock: new ServiceClock(clock),
      metrics: noMetrics,
      logger: silentLogger,
      aheadSlots: new Semaphore(4),
      uncommitted: new UncommittedBytes(),
    });
  return { clock, group, durable, start };
}

const signal = new AbortController().signal;
const ids = (records: readonly LogRecord[]) => records.map(({ id }) => id).sort();

test('each event enters the spool once, however often it is read, over restarts too', async () => {
  const { clock, group, durable, start } = setUp();
  group.visible = ['a', 'b', 'c', 'd', 'e'].map((id, index) => event(id, NOW - index * 1000));
  expect(await start().poll(signal)).toMatchObject({ fetched: 5, duplicate: 0, committed: 5 });
  await clock.advance(10_000);
  expect(await start().poll(signal)).toMatchObject({ fetched: 5, duplicate: 5, committed: 0 });
  expect(ids(durable.spooled)).toEqual(['a', 'b', 'c', 'd', 'e']);
});

test('an event of the same millisecond, one from the future and one that is late are not lost', async () => {
  const { clock, group, durable, start } = setUp();
  const collector = start();
  group.visible = [event('first', NOW)];
  await collector.poll(signal);
  group.visible.push(event('tie', NOW), event('future', NOW + 90 * MINUTE), event('late', NOW - 10 * MINUTE));
  await clock.advance(6 * MINUTE);
  await collector.poll(signal);
  expect(ids(durable.spooled)).toEqual(['first', 'future', 'late', 'tie']);
});

test('what was read before an error is kept, the checkpoint stays, and the rest comes with the next poll', async () => {
  const { group, durable, start } = setUp();
  group.visible = ['a', 'b', 'c', 'd', 'e'].map((id, index) => event(id, NOW - index * 1000));
  // Two of them tell the time.
  group.failAfterPages = 3;
  const collector = start();
  await expect(collector.poll(signal)).rejects.toThrow('reset');
  expect(durable.stored?.checkpoint.headMillis).toBe(NOW - 15 * MINUTE);
  group.failAfterPages = Number.POSITIVE_INFINITY;
  await collector.poll(signal);
  expect(ids(durable.spooled)).toEqual(['a', 'b', 'c', 'd', 'e']);
});

test('a full spool holds reading back; a conflict makes the next poll believe the store', async () => {
  const { group, durable, start } = setUp();
  group.visible = [event('a', NOW)];
  durable.answers = ['full', 'full', 'conflict'];
  const collector = start();
  await expect(collector.poll(signal)).rejects.toMatchObject({ code: 'STATE_CONFLICT' });
  await collector.poll(signal);
  expect(ids(durable.spooled)).toEqual(['a']);
});

test('a slice that is too dense is cut finer until it can be read, and nothing of it is lost or twice', async () => {
  const { group, durable, start } = setUp();
  const random = seededRandom(7);
  group.visible = Array.from({ length: 2000 }, (_, n) =>
    event(`e${n}`, NOW - Math.floor(random.next() * 14 * MINUTE)),
  );
  await start().poll(signal);
  expect(ids(durable.spooled)).toEqual(ids(group.visible));
});

test('a sweep seals what is older than the longest lateness, and no sooner', async () => {
  const { clock, group, durable, start } = setUp();
  const collector = start();
  await collector.poll(signal);
  group.visible.push(event('just in time', NOW - 5 * MINUTE));
  await clock.advance(50 * MINUTE);
  await collector.poll(signal);
  expect(ids(durable.spooled)).toEqual(['just in time']);
  await clock.advance(30 * MINUTE);
  await collector.poll(signal);
  expect(durable.stored?.checkpoint.watermarkMillis).toBe(clock.now() - 60 * MINUTE);
});

test('a group in which others write so much that no page holds a record of ours is read to its end', async () => {
  const { clock, group, durable, start } = setUp();
  let pages = 0;
  group.read = async function* ({ fromMillis, toMillis }) {
    // A page for every two seconds.
    for (let at = fromMillis; at <= Math.min(toMillis, NOW); at += 2000) {
      pages++;
      await Promise.resolve();
      yield { records: [], events: 2000, serverMillis: clock.now() };
    }
  };
  await start().poll(signal);
  expect(durable.stored?.checkpoint.headMillis).toBe(NOW);
  // A quarter of an hour has 450 of them; what was given up as too dense is read again.
  expect(pages).toBeLessThan(700);
});
