import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Checkpoint } from '../contracts/checkpoint.ts';
import { afterSlice, afterTooDense, firstCheckpoint } from './checkpoint-progress.ts';
import {
  FUTURE_MILLIS,
  headStart,
  type KnownEvents,
  planBackfill,
  planHead,
  planReread,
  reachesPresent,
  rereadDue,
} from './plan-slices.ts';

const NOW = Date.UTC(2026, 10, 23, 12);
const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const settings = { everyMillis: 10_000, maxLatenessMillis: HOUR };

const cost = (events: number) => ({
  pages: Math.max(1, Math.ceil(events / 10_000)),
  fetched: events,
  kept: events,
});

/** Events at one density without end. */
const steady = (perSecond: number): KnownEvents => ({
  countBetween: (fromMillis, toMillis) => ((toMillis - fromMillis) / 1000) * perSecond,
  newestSince: (maxEvents) =>
    perSecond === 0 ? Number.NEGATIVE_INFINITY : NOW - (maxEvents / perSecond) * 1000,
});

/** Reads the head to the present as the collector does; gives the checkpoint and the slices that were read. */
function catchUp(start: Checkpoint, perSecond: number, nowMillis = NOW) {
  const read = [];
  let checkpoint = start;
  let fromMillis = headStart(start, steady(perSecond), nowMillis, settings);
  for (let turn = 0; turn < 10_000; turn++) {
    const [slice] = planHead(checkpoint, nowMillis, settings, fromMillis);
    if (slice === undefined) throw new Error('planHead gave nothing');
    read.push(slice);
    const seconds = (Math.min(slice.toMillis, nowMillis) - slice.fromMillis) / 1000;
    checkpoint = afterSlice(
      checkpoint,
      slice,
      cost(perSecond * seconds),
      { startedMillis: nowMillis, repliedMillis: nowMillis },
      settings,
    );
    if (reachesPresent(slice, nowMillis)) return { checkpoint, read };
    fromMillis = slice.toMillis + 1;
  }
  throw new Error('the head never came to the present');
}

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

  test('of a busy group looks back as far as events usually come late, within bounds', () => {
    const { checkpoint } = catchUp(firstCheckpoint(NOW, 2 * HOUR), 1000);
    const start = (histogram: number[]) =>
      headStart(
        { ...checkpoint, lateness: { histogram, horizonMillis: MINUTE } },
        steady(1000),
        NOW,
        settings,
      );
    expect(start([])).toBe(NOW - 15_000);
    expect(start([1000])).toBe(NOW - 5000);
    expect(start([500, 0, 0, 500])).toBe(NOW - 8000);
    expect(start([500, 0, 0, 0, 0, 0, 0, 500])).toBe(NOW - 30_000);
  });

  test('looks further back where that costs nothing', () => {
    const { checkpoint } = catchUp(firstCheckpoint(NOW, 2 * HOUR), 1);
    expect(headStart(checkpoint, steady(1), NOW + 10_000, settings)).toBe(NOW - 300 * SECOND);
  });

  test('goes back with a clock that was set back, but never before the watermark', () => {
    const { checkpoint } = catchUp(firstCheckpoint(NOW, 5 * MINUTE), 1000);
    const start = (nowMillis: number) => headStart(checkpoint, steady(1000), nowMillis, settings);
    expect(start(NOW - 2 * MINUTE)).toBe(NOW - 2 * MINUTE - 15_000);
    expect(start(NOW - HOUR)).toBe(checkpoint.watermarkMillis);
  });

  test('cuts finer after a slice that was too dense, down to one millisecond', () => {
    let checkpoint = firstCheckpoint(NOW, 15 * MINUTE);
    const spans = [];
    for (let turn = 0; turn < 40; turn++) {
      const [slice] = planHead(checkpoint, NOW, settings, checkpoint.headMillis);
      if (slice === undefined) break;
      spans.push(Math.min(slice.toMillis, NOW) - slice.fromMillis + 1);
      checkpoint = afterTooDense(checkpoint, slice, { pages: 50, fetched: 0, kept: 0 }, NOW);
    }
    expect(spans[1]).toBeLessThan(MINUTE);
    expect(spans.at(-1)).toBe(1);
  });
});

test('of a group that others fill, a quiet selection reads as little again as a busy group does', () => {
  const shared = {
    ...catchUp(firstCheckpoint(NOW, 2 * HOUR), 0.05).checkpoint,
    eventsPerSecond: 1000,
    keptShare: 0.0001,
    lateness: { histogram: [1000], horizonMillis: MINUTE },
  };
  expect(headStart(shared, steady(0.05), NOW, settings)).toBe(NOW - 5000);
  const later = { ...shared, headMillis: NOW + 6 * MINUTE };
  expect(rereadDue(later, steady(0.05), NOW + 6 * MINUTE, settings)?.isSweep).toBe(false);
});

test('after an outage reading begins at the mark that it is to move', () => {
  const { checkpoint } = catchUp(firstCheckpoint(NOW, 3 * HOUR), 1000);
  const start = (nowMillis: number) => headStart(checkpoint, steady(1000), nowMillis, settings);
  expect(start(NOW + 30 * MINUTE)).toBe(checkpoint.rereadMillis);
  expect(start(NOW + 2 * HOUR)).toBe(checkpoint.watermarkMillis);
});

describe('what is read again', () => {
  const at = (perSecond: number) => catchUp(firstCheckpoint(NOW, 3 * HOUR), perSecond).checkpoint;

  test('of a busy group is what the horizon has passed for, once it fills half a page', () => {
    const known = steady(1000);
    const later = { ...at(1000), headMillis: NOW + 10_000 };
    expect(rereadDue(later, known, NOW + 4000, settings)).toBeUndefined();
    expect(rereadDue(later, known, NOW + 10_000, settings)).toEqual({
      fromMillis: NOW - MINUTE,
      toMillis: NOW - 50_000,
      isSweep: false,
    });
  });

  test('of a group with few events waits for a quarter of the horizon', () => {
    const later = { ...at(20), headMillis: NOW + 30_000 };
    expect(rereadDue(later, steady(20), NOW + 12_000, settings)).toBeUndefined();
    expect(rereadDue(later, steady(20), NOW + 15_000, settings)?.fromMillis).toBe(NOW - MINUTE);
  });

  test('is all that is not sealed, now and then, where that costs little', () => {
    const checkpoint = { ...at(1), headMillis: NOW + 6 * MINUTE };
    expect(rereadDue(checkpoint, steady(1), NOW + 6 * MINUTE, settings)).toMatchObject({
      fromMillis: checkpoint.watermarkMillis,
      isSweep: true,
    });
    expect(rereadDue(at(1000), steady(1000), NOW + 6 * MINUTE, settings)?.isSweep).toBe(false);
  });

  test('is what can be sealed, before it is too much', () => {
    const checkpoint = { ...at(1000), rereadMillis: NOW + 5 * MINUTE, headMillis: NOW + 6 * MINUTE };
    expect(rereadDue(checkpoint, steady(1000), NOW + 6 * MINUTE, settings)).toEqual({
      fromMillis: NOW - HOUR,
      toMillis: NOW + 6 * MINUTE - HOUR,
      isSweep: false,
    });
  });

  test('is cut by what is known of it, and covered without a hole', () => {
    const checkpoint = { ...at(1), eventsPerSecond: 0.5 };
    let expectedFrom = NOW - HOUR;
    for (let slices = planReread(checkpoint, steady(100), expectedFrom, NOW); slices.length > 0; ) {
      const [slice] = slices;
      if (slice === undefined) break;
      expect(slice.fromMillis).toBe(expectedFrom);
      expect(slice.toMillis - slice.fromMillis).toBeLessThanOrEqual(450 * SECOND);
      expectedFrom = slice.toMillis + 1;
      slices = planReread(checkpoint, steady(100), expectedFrom, NOW);
    }
    expect(expectedFrom).toBe(NOW + 1);
  });
});

test('a backfill covers its range without a hole and then ends', () => {
  let checkpoint = firstCheckpoint(NOW, 48 * HOUR);
  let expectedFrom = checkpoint.headMillis;
  const toMillis = NOW - 24 * HOUR;
  const times = { startedMillis: NOW, repliedMillis: NOW };
  for (let slices = planBackfill(checkpoint, toMillis); slices.length > 0; ) {
    const slice = slices[0];
    if (slice === undefined) break;
    expect(slice.fromMillis).toBeLessThanOrEqual(expectedFrom);
    expectedFrom = slice.toMillis + 1;
    const headMillis = slice.toMillis + 1;
    checkpoint = { ...afterSlice(checkpoint, slice, cost(1000), times, settings), headMillis };
    slices = planBackfill(checkpoint, toMillis);
  }
  expect(expectedFrom).toBe(toMillis + 1);
});
