import { expect, test } from 'vitest';
import type { AuditSummary } from '../../contracts/checkpoint.ts';
import { noMetrics } from '../../contracts/metrics.ts';
import type { Page, Partition } from '../../contracts/pull-source.ts';
import type { HourCounts } from '../../contracts/state-store.ts';
import { FakeClock } from '../../foundation/fake-clock.ts';
import { silentLogger } from '../../foundation/logger.ts';
import { seededRandom } from '../../foundation/random.ts';
import { firstCheckpoint } from '../../source-kit/checkpoint-progress.ts';
import type { PartitionRunner, PartitionState } from '../partition-runner.ts';
import { Auditor } from './auditor.ts';

const NOW = Date.UTC(2026, 10, 23, 12);
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** A partition of which nothing was read from `holeFrom` on for so many minutes, though each minute has an event. */
function setUp(
  more: { hole?: { fromMillis: number; minutes: number }; state?: PartitionState; skewMillis?: number } = {},
) {
  const clock = new FakeClock(NOW);
  const audited: number[] = [];
  const { hole = { fromMillis: 0, minutes: 0 } } = more;
  const repaired = new Set<number>();
  const isMissing = (minute: number) =>
    minute >= hole.fromMillis && minute < hole.fromMillis + hole.minutes * MINUTE && !repaired.has(minute);
  const world = { isBroken: false };
  const partition: Partition = {
    key: 'k',
    title: 'k',
    async *read({ fromMillis }): AsyncIterable<Page> {
      audited.push(fromMillis);
      await Promise.resolve();
      if (world.isBroken) throw new Error('reset');
      const record = {
        id: `e${fromMillis}`,
        timestampMillis: fromMillis,
        ingestedMillis: fromMillis,
        message: 'm',
        origin: { source: 's', tags: {} },
      };
      yield { records: [record], events: 1, serverMillis: clock.now() };
    },
  };
  let audits: AuditSummary | undefined;
  const runner = {
    partition,
    state: more.state ?? 'waiting',
    checkpoint: { ...firstCheckpoint(NOW - 3 * DAY, 0), watermarkMillis: NOW - HOUR, headMillis: NOW },
    noteAudit: (change: (before: AuditSummary | undefined) => AuditSummary) => {
      audits = change(audits);
      return Promise.resolve();
    },
    addMissing: (minute: { fromMillis: number }) => {
      repaired.add(minute.fromMillis);
      return Promise.resolve(true);
    },
  } as unknown as PartitionRunner;
  const counts = (hourStartMillis: number): HourCounts => ({
    hourStartMillis,
    byMinute: Array.from({ length: 60 }, (_, n) => (isMissing(hourStartMillis + n * MINUTE) ? 0 : 1)),
  });
  const auditor = new Auditor({
    settings: { everyMillis: 10 * MINUTE, repair: true },
    store: {
      list: () => Promise.resolve([]),
      counts: (_key, { toMillis }) => Promise.resolve([counts(Math.floor(toMillis / HOUR) * HOUR)]),
    },
    clock,
    random: seededRandom(1),
    logger: silentLogger,
    metrics: noMetrics,
    candidates: () => [{ source: 's', runner, nowMillis: clock.now() - (more.skewMillis ?? 0) }],
  });
  return { clock, auditor, audited, world, runner, repaired, audits: () => audits };
}

const signal = new AbortController().signal;

test('minutes are counted again at the rate that is set, drawn by lot', async () => {
  const { clock, auditor, audited, audits } = setUp();
  const stop = new AbortController();
  const following = auditor.follow(stop.signal);
  for (let n = 0; n < 24; n++) await clock.advance(10 * MINUTE);
  stop.abort();
  await following;
  expect(audited.length).toBeGreaterThan(18);
  expect(audited.length).toBeLessThan(30);
  expect(new Set(audited).size).toBeGreaterThan(15);
  expect(audits()).toMatchObject({ compared: audited.length, findings: [] });
});

test('a finding is followed minute by minute to both ends of the hole, sooner than others are drawn', async () => {
  const hole = { fromMillis: NOW - 20 * HOUR, minutes: 15 * 60 };
  const { clock, auditor, repaired } = setUp({ hole });
  const stop = new AbortController();
  const following = auditor.follow(stop.signal);
  for (let n = 0; n < 130; n++) await clock.advance(10 * MINUTE);
  stop.abort();
  await following;
  expect(repaired.size).toBe(hole.minutes);
}, 20_000);

test('what cannot be read is counted as not comparable, and others are looked at', async () => {
  const { auditor, world, audits } = setUp();
  world.isBroken = true;
  expect(await auditor.auditNext(signal)).toMatchObject({
    outcome: { kind: 'not_comparable', reason: 'INTERNAL' },
  });
  world.isBroken = false;
  expect(await auditor.auditNext(signal)).toMatchObject({ outcome: { kind: 'complete' } });
  expect(audits()).toMatchObject({ compared: 1, notComparable: { INTERNAL: 1 } });
});

test('nothing is counted again of what cannot be read anyway, or while the clock is far off', async () => {
  expect(await setUp({ state: 'blocked' }).auditor.auditNext(signal)).toBeUndefined();
  expect(await setUp({ state: 'gone' }).auditor.auditNext(signal)).toBeUndefined();
  expect(await setUp({ skewMillis: 2 * HOUR }).auditor.auditNext(signal)).toBeUndefined();
  expect(await setUp({ skewMillis: MINUTE }).auditor.auditNext(signal)).toBeDefined();
});
