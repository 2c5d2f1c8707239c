import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Checkpoint } from '../contracts/checkpoint.ts';
import { afterSlice, afterTooDense, firstCheckpoint } from './checkpoint-progress.ts';
import { FREE_EVENTS, type KnownEvents } from './page-load.ts';
import { rereadsDue } from './plan-rereads.ts';
import {
  FUTURE_MILLIS,
  headStart,
  mayLeaveNewest,
  nextBackfillSlice,
  nextHeadSlice,
  nextRereadSlice,
  reachesPresent,
} from './plan-slices.ts';

const NOW = Date.UTC(2026, 10, 23, 12);
const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const settings = { everyMillis: 10_000, maxLatenessMillis: HOUR };
/** Enough to know that all come within a second. */
const IN_TIME = { horizonMillis: MINUTE, counts: [10_000] };
/** One of twenty comes ten minutes late. */
const LATE = { horizonMillis: 669_000, counts: [9500, ...Array.from({ length: 36 }, () => 0), 500] };

function cost(events: number) {
  const pages = Math.max(1, Math.ceil(events / 10_000));
  const pageEvents = Array.from({ length: pages }, (_, at) => Math.min(10_000, events - at * 10_000));
  return { pageEvents, kept: events };
}

/** Events at one density without end. */
const steady = (perSecond: number): KnownEvents => ({
  countBetween: (fromMillis, toMillis) => (Math.max(0, toMillis - fromMillis) / 1000) * perSecond,
  newestSince: (maxEvents) =>
    perSecond === 0 ? Number.NEGATIVE_INFINITY : NOW - (maxEvents / perSecond) * 1000,
});

/** Reads the head to the present as the collector does; gives the checkpoint and the slices that were read. */
function catchUp(start: Checkpoint, perSecond: number, nowMillis = NOW) {
  const read = [];
  let checkpoint = start;
  let fromMillis = headStart(start, steady(perSecond), nowMillis, settings);
  const leavesNewest = mayLeaveNewest(start);
  for (let turn = 0; turn < 10_000; turn++) {
    const slice = nextHeadSlice(checkpoint, nowMillis, settings, fromMillis, leavesNewest);
    read.push(slice);
    const seconds = (Math.min(slice.toMillis, nowMillis) - slice.fromMillis) / 1000;
    const times = { startedMillis: nowMillis, repliedMillis: nowMillis };
    checkpoint = afterSlice(checkpoint, slice, cost(perSecond * seconds), times, settings);
    if (reachesPresent(slice, nowMillis)) return { checkpoint, read };
    fromMillis = slice.toMillis + 1;
  }
  throw new Error('the head never came to the present');
}

const caughtUp = (perSecond: number, lateness = IN_TIME): Checkpoint => ({
  ...catchUp(firstCheckpoint(NOW, 3 * HOUR), perSecond).checkpoint,
  lateness,
});

describe('reading the head', () => {
  test('covers everything from the start to two hours ahead, without a hole, at any density', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 14 * 24 * HOUR }),
        fc.double({ min: 0, max: 200, noNaN: true }),
        (beforeMillis, density) => {
          const { read, checkpoint } = catchUp(firstCheckpoint(NOW, beforeMillis), density);
          expect(read[0]?.fromMillis).toBe(NOW - beforeMillis);
          expect(read.at(-1)?.toMillis).toBe(NOW + FUTURE_MILLIS);
          for (const [index, slice] of read.entries()) {
            const before = read[index - 1];
            if (before !== undefined) expect(slice.fromMillis).toBeLessThanOrEqual(before.toMillis + 1);
          }
          expect(checkpoint.headMillis).toBe(NOW);
        },
      ),
      { numRuns: 40 },
    );
  });

  test('of a quiet group reads everything again that is not sealed', () => {
    const { checkpoint } = catchUp(firstCheckpoint(NOW, 2 * HOUR), 0.01);
    expect(headStart(checkpoint, steady(0.01), NOW + 10_000, settings)).toBe(checkpoint.watermarkMillis);
  });

  test('of a busy group looks back as far as events usually come late', () => {
    const start = (counts?: number[]) =>
      headStart(
        { ...caughtUp(1000), lateness: { horizonMillis: MINUTE, ...(counts && { counts }) } },
        steady(1000),
        NOW,
        settings,
      );
    expect(start()).toBe(NOW - 15_000);
    expect(start([10_000])).toBe(NOW - 1000);
    expect(start([500, 0, 0, 0, 0, 0, 0, 0, 0, 500])).toBe(NOW - 4756);
  });

  test('looks further back where that costs nothing', () => {
    const { checkpoint } = catchUp(firstCheckpoint(NOW, 2 * HOUR), 1);
    expect(headStart(checkpoint, steady(1), NOW + 10_000, settings)).toBe(NOW - FREE_EVENTS * SECOND);
  });

  test('reads along what is due to be read again where one range takes no more requests than two', () => {
    const nowMillis = NOW + 6 * MINUTE;
    const late = {
      ...caughtUp(1, LATE),
      rereadMillis: NOW - 8 * MINUTE,
      headMillis: nowMillis,
      sweptAtMillis: nowMillis,
    };
    const [due] = rereadsDue(late, steady(1), nowMillis, settings);
    expect(due?.fromMillis).toBe(NOW - 8 * MINUTE);
    expect(headStart(late, steady(1), nowMillis, settings)).toBe(due?.fromMillis);
    // Too many events lie between.
    expect(headStart(late, steady(10), nowMillis, settings)).toBeGreaterThan(nowMillis - 10 * MINUTE);
  });

  test('goes back with a clock that was set back, but never before the watermark', () => {
    const { checkpoint } = catchUp(firstCheckpoint(NOW, 5 * MINUTE), 1000);
    const start = (nowMillis: number) => headStart(checkpoint, steady(1000), nowMillis, settings);
    expect(start(NOW - 2 * MINUTE)).toBe(NOW - 2 * MINUTE - 15_000);
    expect(start(NOW - HOUR)).toBe(checkpoint.watermarkMillis);
  });

  test('goes on from its head after a slice of the past, which is complete', () => {
    const first = firstCheckpoint(NOW, 3 * HOUR);
    const slice = { fromMillis: NOW - 3 * HOUR, toMillis: NOW - MINUTE / 2, priority: 'live' } as const;
    const times = { startedMillis: NOW, repliedMillis: NOW };
    const checkpoint = afterSlice(first, slice, cost(1e6), times, settings);
    expect(headStart(checkpoint, steady(1000), NOW + 20_000, settings)).toBe(NOW - MINUTE / 2);
  });

  test('cuts finer after a slice that was too dense, down to one millisecond', () => {
    let checkpoint = firstCheckpoint(NOW, 15 * MINUTE);
    const spans = [];
    for (let turn = 0; turn < 40; turn++) {
      const slice = nextHeadSlice(checkpoint, NOW, settings, checkpoint.headMillis);
      spans.push(Math.min(slice.toMillis, NOW) - slice.fromMillis + 1);
      const given = { pageEvents: Array<number>(50).fill(0), kept: 0 };
      checkpoint = afterTooDense(checkpoint, slice, given, NOW);
    }
    expect(spans[1]).toBeLessThan(MINUTE);
    expect(spans.at(-1)).toBe(1);
  });
});

describe('the newest second', () => {
  /** A head that was read to the present, of a group with so many pages a second. */
  const busy = (pagesPerSecond: number) => ({
    ...caughtUp(1000),
    headMillis: NOW,
    headAskedAtMillis: NOW,
    pagesPerSecond,
  });
  const endOf = (pagesPerSecond: number, leavesNewest = true) =>
    nextHeadSlice(busy(pagesPerSecond), NOW + 10_000, settings, NOW - 1000, leavesNewest).toMillis - NOW;

  test('waits for the next poll where it would take a page more', () => {
    // Eleven seconds are 3.03 pages of 97 %.
    expect(endOf(0.267)).toBeGreaterThanOrEqual(9000);
    expect(endOf(0.267)).toBeLessThan(10_000);
    expect(endOf(0.267, false)).toBe(10_000 + FUTURE_MILLIS);
  });

  test('does not wait where the page has room for it', () => {
    expect(endOf(0.25)).toBe(10_000 + FUTURE_MILLIS);
    expect(endOf(0.001)).toBe(10_000 + FUTURE_MILLIS);
    expect(endOf(0)).toBe(10_000 + FUTURE_MILLIS);
  });

  test('does not wait twice in a row', () => {
    const first = catchUp(busy(0.267), 2670, NOW + 10_000);
    expect(first.read.at(-1)?.toMillis).toBeLessThan(NOW + 10_000);
    expect(mayLeaveNewest(first.checkpoint)).toBe(false);
    const second = catchUp(first.checkpoint, 2670, NOW + 20_000);
    expect(second.read.at(-1)?.toMillis).toBe(NOW + 20_000 + FUTURE_MILLIS);
    expect(mayLeaveNewest(second.checkpoint)).toBe(true);
  });
});

test('of a group that others fill, a quiet selection reads as little again as a busy group does', () => {
  const shared = {
    ...caughtUp(0.05),
    pagesPerSecond: 0.1,
    keptShare: 0.0001,
    sweptAtMillis: NOW,
  };
  expect(headStart(shared, steady(0.05), NOW, settings)).toBe(NOW - 1000);
  const later = { ...shared, headMillis: NOW + 6 * MINUTE };
  expect(rereadsDue(later, steady(0.05), NOW + 6 * MINUTE, settings)[0]?.kind).not.toBe('sweep');
});

test('after an outage reading begins at the mark that it is to move', () => {
  const checkpoint = caughtUp(1000);
  const start = (nowMillis: number) => headStart(checkpoint, steady(1000), nowMillis, settings);
  expect(start(NOW + 30 * MINUTE)).toBe(checkpoint.rereadMillis);
  expect(start(NOW + 2 * HOUR)).toBe(checkpoint.watermarkMillis);
});

test('what is read again is cut by what is known of it, and covered without a hole', () => {
  const checkpoint = { ...caughtUp(1), pagesPerSecond: 0.00005 };
  const due = { toMillis: NOW, isOverdue: false };
  let expectedFrom = NOW - HOUR;
  for (;;) {
    const slice = nextRereadSlice(checkpoint, steady(100), due, expectedFrom);
    if (slice === undefined) break;
    expect(slice.fromMillis).toBe(expectedFrom);
    expect(slice.priority).toBe('sweep');
    expect(slice.toMillis - slice.fromMillis).toBeLessThanOrEqual(900 * SECOND);
    expectedFrom = slice.toMillis + 1;
  }
  expect(expectedFrom).toBe(NOW + 1);
  expect(nextRereadSlice(checkpoint, steady(1), { ...due, isOverdue: true }, NOW - HOUR)?.priority).toBe(
    'live',
  );
});

test('what was sealed meanwhile is not read again: none of its ids is known any more', () => {
  const checkpoint = { ...caughtUp(100), watermarkMillis: NOW - 20 * MINUTE };
  const due = { toMillis: NOW - 10 * MINUTE, isOverdue: false };
  expect(nextRereadSlice(checkpoint, steady(100), due, NOW - HOUR)?.fromMillis).toBe(NOW - 20 * MINUTE);
  const sealed = { toMillis: NOW - 30 * MINUTE, isOverdue: false };
  expect(nextRereadSlice(checkpoint, steady(100), sealed, NOW - HOUR)).toBeUndefined();
});

test('a backfill covers its range without a hole and then ends', () => {
  let checkpoint = firstCheckpoint(NOW, 48 * HOUR);
  let expectedFrom = checkpoint.headMillis;
  const toMillis = NOW - 24 * HOUR;
  const times = { startedMillis: NOW, repliedMillis: NOW };
  for (;;) {
    const slice = nextBackfillSlice(checkpoint, toMillis, expectedFrom);
    if (slice === undefined) break;
    expect(slice.fromMillis).toBe(expectedFrom);
    expectedFrom = slice.toMillis + 1;
    checkpoint = {
      ...afterSlice(checkpoint, slice, cost(1000), times, settings),
      headMillis: expectedFrom,
    };
  }
  expect(expectedFrom).toBe(toMillis + 1);
});
