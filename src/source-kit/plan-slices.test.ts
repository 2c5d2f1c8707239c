import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Checkpoint } from '../contracts/checkpoint.ts';
import {
  afterSlice,
  afterSweep,
  afterTooDense,
  FIRST_HORIZON_MILLIS,
  FUTURE_MILLIS,
  firstCheckpoint,
  isSweepDue,
  planBackfill,
  planHead,
  planSweep,
  reachesPresent,
  skipExpired,
} from './plan-slices.ts';

const NOW = Date.UTC(2026, 10, 23, 12);
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const settings = { everyMillis: 10_000, maxLatenessMillis: HOUR };

/** Reads the head to the present as the collector does; gives the checkpoint and the slices that were read. */
function catchUp(start: Checkpoint, eventsPerSecond: number, nowMillis = NOW) {
  const read = [];
  let checkpoint = start;
  for (let turn = 0; turn < 10_000; turn++) {
    const [slice] = planHead(checkpoint, nowMillis, settings);
    if (slice === undefined) throw new Error('planHead gave nothing');
    read.push(slice);
    const seconds = (Math.min(slice.toMillis, nowMillis) - slice.fromMillis) / 1000;
    checkpoint = afterSlice(checkpoint, slice, eventsPerSecond * seconds, nowMillis);
    if (reachesPresent(slice, nowMillis)) return { checkpoint, read };
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

  test('reads the horizon before the head again at every poll', () => {
    const { checkpoint } = catchUp(firstCheckpoint(NOW, HOUR), 1);
    const [slice] = planHead(checkpoint, NOW + 10_000, settings);
    expect(slice).toEqual({
      fromMillis: NOW - FIRST_HORIZON_MILLIS,
      toMillis: NOW + 10_000 + FUTURE_MILLIS,
      priority: 'live',
    });
  });

  test('goes back with a clock that was set back, but never before the watermark', () => {
    const { checkpoint } = catchUp(firstCheckpoint(NOW, 5 * MINUTE), 1);
    expect(planHead(checkpoint, NOW - 2 * MINUTE, settings)[0]?.fromMillis).toBe(NOW - 3 * MINUTE);
    expect(planHead(checkpoint, NOW - HOUR, settings)[0]?.fromMillis).toBe(checkpoint.watermarkMillis);
  });

  test('cuts finer after a slice that was too dense, down to one millisecond', () => {
    let checkpoint = firstCheckpoint(NOW, 15 * MINUTE);
    const spans = [];
    for (let turn = 0; turn < 40; turn++) {
      const [slice] = planHead(checkpoint, NOW, settings);
      if (slice === undefined) break;
      spans.push(Math.min(slice.toMillis, NOW) - slice.fromMillis + 1);
      checkpoint = afterTooDense(checkpoint, slice, 500_000, NOW);
    }
    expect(spans[1]).toBeLessThan(MINUTE);
    expect(spans.at(-1)).toBe(1);
  });
});

describe('sweeping', () => {
  test('seals only what a sweep read after the longest lateness had passed', () => {
    const { checkpoint } = catchUp(firstCheckpoint(NOW, 3 * HOUR), 1);
    expect(planSweep(checkpoint, checkpoint.watermarkMillis)[0]).toMatchObject({
      fromMillis: NOW - 3 * HOUR,
      priority: 'sweep',
    });
    expect(afterSweep(checkpoint, NOW, settings).watermarkMillis).toBe(NOW - HOUR);
  });

  test('seals nothing of what was not read yet', () => {
    const behind = firstCheckpoint(NOW, 5 * HOUR);
    expect(afterSweep(behind, NOW, settings).watermarkMillis).toBe(behind.coveredFromMillis);
  });

  test('is not due while there is nothing before the horizon, and due after a twelfth of the lateness', () => {
    expect(isSweepDue(firstCheckpoint(NOW, HOUR), NOW + HOUR, settings)).toBe(false);
    const { checkpoint } = catchUp(firstCheckpoint(NOW, HOUR), 1);
    expect(isSweepDue(checkpoint, NOW + 4 * MINUTE, settings)).toBe(false);
    expect(isSweepDue(checkpoint, NOW + 6 * MINUTE, settings)).toBe(true);
  });

  test('does not move the head', () => {
    const { checkpoint } = catchUp(firstCheckpoint(NOW, HOUR), 1);
    const [slice] = planSweep(checkpoint, checkpoint.watermarkMillis);
    if (slice === undefined) throw new Error('no slice');
    expect(afterSlice(checkpoint, slice, 0, NOW + MINUTE).headMillis).toBe(checkpoint.headMillis);
  });
});

describe('a backfill', () => {
  test('covers its range without a hole and then ends', () => {
    let checkpoint = firstCheckpoint(NOW, 48 * HOUR);
    let expectedFrom = checkpoint.headMillis;
    const toMillis = NOW - 24 * HOUR;
    for (let slices = planBackfill(checkpoint, toMillis); slices.length > 0; ) {
      const slice = slices[0];
      if (slice === undefined) break;
      expect(slice.fromMillis).toBeLessThanOrEqual(expectedFrom);
      expectedFrom = slice.toMillis + 1;
      checkpoint = { ...afterSlice(checkpoint, slice, 1000, NOW), headMillis: slice.toMillis + 1 };
      slices = planBackfill(checkpoint, toMillis);
    }
    expect(expectedFrom).toBe(toMillis + 1);
  });
});

test('what expired before it was read becomes a gap, and reading goes on behind it', () => {
  const checkpoint = firstCheckpoint(NOW, 48 * HOUR);
  const after = skipExpired(checkpoint, NOW, { ...settings, retentionMillis: 24 * HOUR });
  expect(after.gaps).toEqual([
    {
      fromMillis: NOW - 48 * HOUR,
      toMillis: NOW - 24 * HOUR - 1,
      reason: 'expired',
      recordedAtMillis: NOW,
    },
  ]);
  expect(after.headMillis).toBe(NOW - 24 * HOUR);
  expect(skipExpired(after, NOW, { ...settings, retentionMillis: 24 * HOUR })).toBe(after);
});
