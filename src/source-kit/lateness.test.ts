import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  isInTime,
  LatenessCounts,
  laterShare,
  learnLateness,
  nothingLearned,
  overlapMillis,
  usualLateness,
  VISIBILITY_MILLIS,
} from './lateness.ts';

const HOUR = 3_600_000;

function learned(latenesses: readonly number[], known = nothingLearned, maxLatenessMillis = HOUR) {
  const counts = new LatenessCounts();
  for (const late of latenesses) counts.add(1_000_000, 1_000_000 + late, 0);
  return learnLateness(known, counts, maxLatenessMillis);
}
const times = (count: number, late: number) => Array.from({ length: count }, () => late);

test('what comes at once, or dated ahead, leaves the horizon at what the service itself needs', () => {
  expect(learned([...times(500, 300), ...times(500, -7_200_000)]).horizonMillis).toBe(VISIBILITY_MILLIS);
});

test('too few events teach nothing yet, but are kept', () => {
  const few = learned(times(60, 500_000));
  expect(few.horizonMillis).toBe(VISIBILITY_MILLIS);
  expect(learned(times(60, 500_000), few).horizonMillis).toBeGreaterThan(500_000);
});

test('the horizon covers all but one event of a thousand, with headroom', () => {
  const rare = learned([...times(9995, 500), ...times(5, 600_000)]);
  expect(rare.horizonMillis).toBe(VISIBILITY_MILLIS);
  const common = learned([...times(9500, 500), ...times(500, 600_000)]);
  expect(common.horizonMillis).toBe(608_874 + VISIBILITY_MILLIS);
});

test('the horizon never exceeds the longest lateness', () => {
  expect(learned(times(1000, 10 * HOUR)).horizonMillis).toBe(HOUR);
});

test('what was learned fades when the group behaves otherwise', () => {
  let lateness = learned(times(50_000, 600_000));
  for (let turn = 0; turn < 40; turn++) lateness = learned(times(50_000, 100), lateness);
  expect(lateness.horizonMillis).toBe(VISIBILITY_MILLIS);
});

test('for any events the horizon is at least their 99.9th percentile', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: -1000, max: 3_000_000 }), { minLength: 100 }), (latenesses) => {
      const { horizonMillis } = learned(latenesses, nothingLearned, 1e12);
      const later = latenesses.filter((late) => late > horizonMillis).length;
      expect(later).toBeLessThanOrEqual(latenesses.length * 0.001);
    }),
  );
});

test('usual is what fifteen of sixteen events keep to', () => {
  expect(usualLateness(nothingLearned)).toBe(15_000);
  expect(usualLateness(learned(times(500, 6000)))).toBe(6727);
  expect(usualLateness(learned([...times(950, 500), ...times(50, 600_000)]))).toBe(0);
});

test('an event that was in time but not shown counts as late by what had been read before, up to a minute', () => {
  const counts = new LatenessCounts();
  for (let n = 0; n < 200; n++) counts.add(1_000_000, 1_000_000, n < 190 ? 1_010_000 : 9_000_000);
  const lateness = learnLateness(nothingLearned, counts, HOUR);
  expect(usualLateness(lateness)).toBe(11_313);
  expect(lateness.horizonMillis).toBe(64_000 + VISIBILITY_MILLIS);
});

test('a poll looks back as far as events usually come late that come within three intervals at all', () => {
  const overlap = (latenesses: readonly number[]) => overlapMillis(learned(latenesses), 10_000);
  expect(overlapMillis(nothingLearned, 10_000)).toBe(15_000);
  expect(overlap(times(5000, 100))).toBe(1000);
  expect(overlap([...times(5000, 100), ...times(5000, 600_000)])).toBe(1000);
  expect(overlap([...times(500, 100), ...times(500, 20_000)])).toBe(22_627);
  expect(overlap(times(1000, 600_000))).toBe(15_000);
});

test('a poll looks back as far as nearly all come late, where that is little more', () => {
  const uniform = Array.from({ length: 10_000 }, (_, n) => n / 2);
  const lateness = learned(uniform);
  expect(usualLateness(lateness)).toBe(4756);
  expect(overlapMillis(lateness, 10_000)).toBe(5656);
  expect(isInTime(lateness, overlapMillis(lateness, 10_000))).toBe(true);
  // Where an interval is short it would be much more.
  expect(overlapMillis(lateness, 1000)).toBeLessThanOrEqual(3000);
});

test('in time is only what enough events were seen of, and nearly all of them', () => {
  expect(isInTime(learned(times(4000, 100)), 1000)).toBe(false);
  expect(isInTime(learned(times(6000, 100)), 1000)).toBe(true);
  expect(isInTime(learned([...times(6000, 100), ...times(20, 90_000)]), 1000)).toBe(false);
});

test('the share of what comes later is told', () => {
  const lateness = learned([...times(950, 500), ...times(50, 600_000)]);
  expect(laterShare(lateness, 30_000)).toBeCloseTo(0.05);
  expect(laterShare(lateness, 700_000)).toBe(0);
});

test('what a sample finds counts for what it stands for', () => {
  const counts = new LatenessCounts();
  counts.add(1_000_000, 1_600_000, 0);
  const known = learned(times(1000, 100));
  expect(laterShare(learnLateness(known, counts, HOUR), 60_000)).toBeCloseTo(1 / 1001);
  expect(laterShare(learnLateness(known, counts, HOUR, 8), 60_000)).toBeCloseTo(8 / 1008);
});

test('counts that an earlier version kept in other buckets are not taken for ours', () => {
  const earlier = { horizonMillis: 90_000, histogram: [0, 5000] } as typeof nothingLearned;
  expect(usualLateness(earlier)).toBe(15_000);
  expect(learned(times(200, 100), earlier).horizonMillis).toBe(VISIBILITY_MILLIS);
});
