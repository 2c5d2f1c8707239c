import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  LatenessCounts,
  learnLateness,
  nothingLearned,
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
  expect(common.horizonMillis).toBe(1_024_000 + VISIBILITY_MILLIS);
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
  expect(usualLateness(learned(times(500, 6000)))).toBe(8000);
  expect(usualLateness(learned([...times(950, 500), ...times(50, 600_000)]))).toBe(0);
});

test('an event that was in time but not shown counts as late by what had been read before, up to a minute', () => {
  const counts = new LatenessCounts();
  for (let n = 0; n < 200; n++) counts.add(1_000_000, 1_000_000, n < 190 ? 1_010_000 : 9_000_000);
  const lateness = learnLateness(nothingLearned, counts, HOUR);
  expect(usualLateness(lateness)).toBe(16_000);
  expect(lateness.horizonMillis).toBe(64_000 + VISIBILITY_MILLIS);
});
