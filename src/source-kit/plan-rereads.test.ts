import { describe, expect, test } from 'vitest';
import type { Checkpoint } from '../contracts/checkpoint.ts';
import { firstCheckpoint } from './checkpoint-progress.ts';
import type { KnownEvents } from './page-load.ts';
import { rereadsDue, SAMPLE_EVERY } from './plan-rereads.ts';

const NOW = Date.UTC(2026, 10, 23, 12);
const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const settings = { everyMillis: 10_000, maxLatenessMillis: HOUR };
const IN_TIME = { horizonMillis: MINUTE, counts: [10_000] };
/** A horizon of one minute, though one of a hundred comes fifty seconds late. */
const SOME_LATE = { horizonMillis: MINUTE, counts: [9900, ...Array.from({ length: 22 }, () => 0), 100] };

const steady = (perSecond: number): KnownEvents => ({
  countBetween: (fromMillis, toMillis) => (Math.max(0, toMillis - fromMillis) / 1000) * perSecond,
  newestSince: () => Number.NEGATIVE_INFINITY,
});

/** Read up to now, and swept just now; sealed and read again up to where it could be. */
const readUp = (perSecond: number, more: Partial<Checkpoint> = {}): Checkpoint => ({
  ...firstCheckpoint(NOW, 3 * HOUR),
  watermarkMillis: NOW - HOUR,
  rereadMillis: NOW - MINUTE,
  headMillis: NOW,
  sweptAtMillis: NOW,
  lateness: SOME_LATE,
  pagesPerSecond: perSecond / 10_000,
  eventsPerPage: 10_000,
  ...more,
});
/** What is due when so long has passed in which nothing but the head was read. */
const dueAfter = (millis: number, perSecond: number, more: Partial<Checkpoint> = {}) =>
  rereadsDue(
    readUp(perSecond, { headMillis: NOW + millis, sweptAtMillis: NOW + millis, ...more }),
    steady(perSecond),
    NOW + millis,
    settings,
  );

describe('when the horizon has passed', () => {
  test('a range of a busy group is due once it has six full pages, and ends at one', () => {
    const late = { lateness: { ...SOME_LATE, horizonMillis: 8 * MINUTE }, rereadMillis: NOW - 8 * MINUTE };
    expect(dueAfter(58_000, 1000, late)).toEqual([]);
    const [whole] = dueAfter(65_000, 1000, late);
    expect(whole?.fromMillis).toBe(NOW - 8 * MINUTE);
    // 1 % more than is known comes late.
    expect(((whole?.toMillis ?? 0) - (whole?.fromMillis ?? 0)) / SECOND).toBeCloseTo(59.1 * 0.99, 0);
  });

  test('one of a group with few events waits for a quarter of the horizon', () => {
    expect(dueAfter(14_000, 20)).toEqual([]);
    expect(dueAfter(15_000, 20)).toMatchObject([
      { fromMillis: NOW - MINUTE, toMillis: NOW - 45_000, kind: 'horizon' },
    ]);
  });

  test('a group whose events come in time is read again in samples', () => {
    const inTime = { lateness: IN_TIME };
    expect(dueAfter(SAMPLE_EVERY * 15_000 - 1, 20, inTime)).toEqual([]);
    const toMillis = NOW + SAMPLE_EVERY * 15_000 - MINUTE;
    expect(dueAfter(SAMPLE_EVERY * 15_000, 20, inTime)).toMatchObject([
      { fromMillis: toMillis - 15_000, toMillis, kind: 'sample' },
    ]);
  });
});

describe('before it is sealed', () => {
  const reread = { rereadMillis: NOW + HOUR, lateness: IN_TIME };

  test('a range of a busy group is due once it has twelve full pages', () => {
    expect(dueAfter(117_000, 1000, reread)).toEqual([]);
    expect(dueAfter(119_000, 1000, reread)).toMatchObject([
      { fromMillis: NOW - HOUR, toMillis: NOW - HOUR + 118_200, isOverdue: false },
    ]);
  });

  test('one of a group with few events waits for a quarter of the longest lateness', () => {
    expect(dueAfter(15 * MINUTE - 1, 1, reread)).toEqual([]);
    expect(dueAfter(15 * MINUTE, 1, reread)).toMatchObject([
      { fromMillis: NOW - HOUR, toMillis: NOW - HOUR + 15 * MINUTE },
    ]);
  });

  test('what is long since due is urgent', () => {
    expect(dueAfter(31 * MINUTE, 1000, reread)).toMatchObject([{ isOverdue: true }]);
  });
});

test('all that is not sealed is read again now and then, where that costs little', () => {
  const swept = { sweptAtMillis: NOW, rereadMillis: NOW + HOUR };
  expect(dueAfter(6 * MINUTE, 1, swept)).toMatchObject([
    { fromMillis: NOW - HOUR, toMillis: NOW + 5 * MINUTE, kind: 'sweep' },
  ]);
  expect(dueAfter(6 * MINUTE, 1000, swept).some(({ kind }) => kind === 'sweep')).toBe(false);
});
