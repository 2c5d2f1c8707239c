import { describe, expect, test } from 'vitest';
import { seededRandom } from '../../foundation/random.ts';
import { withCompared, withNotComparable } from './audit-summary.ts';
import { auditableRange, isInGap, pickMinute } from './pick-minute.ts';

const NOW = Date.UTC(2026, 10, 23, 12);
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const read = { coveredFromMillis: NOW - 90 * DAY, watermarkMillis: NOW - HOUR };

describe('what is counted again', () => {
  test('is sealed, and was so for a day at most: longer it is not known which events were read', () => {
    expect(auditableRange(read, {}, NOW)).toEqual({
      fromMillis: NOW - HOUR - DAY,
      toMillis: NOW - HOUR - 1,
    });
  });

  test.each([
    ['reading began', { ...read, coveredFromMillis: NOW - 5 * HOUR - 1 }, {}],
    ['the log group was made', read, { createdMillis: NOW - 5 * HOUR - 1 }],
    ['the selection is what it is', read, { selectedSinceMillis: NOW - 5 * HOUR - 1 }],
    ['it is safe from expiring', read, { retentionMillis: 6 * HOUR + 1 }],
  ])('begins with the first whole minute since %s', (_name, checkpoint, partition) => {
    expect(auditableRange(checkpoint, partition, NOW)?.fromMillis).toBe(NOW - 5 * HOUR);
  });

  test('is nothing while nothing is sealed, or counts are no longer kept', () => {
    expect(auditableRange({ ...read, coveredFromMillis: NOW - HOUR }, {}, NOW)).toBeUndefined();
    expect(auditableRange({ ...read, watermarkMillis: NOW - 14 * DAY }, {}, NOW)).toBeUndefined();
  });

  test('is any minute of it', () => {
    const random = seededRandom(3);
    const range = { fromMillis: NOW, toMillis: NOW + 4 * MINUTE - 1 };
    const drawn = new Set(Array.from({ length: 100 }, () => (pickMinute(range, random) - NOW) / MINUTE));
    expect([...drawn].toSorted((a, b) => a - b)).toEqual([0, 1, 2, 3]);
  });

  test('is no minute that a gap touches', () => {
    const gap = {
      fromMillis: NOW,
      toMillis: NOW + MINUTE,
      reason: 'expired',
      recordedAtMillis: NOW,
    } as const;
    const touched = [-1, 0, 1, 2].map((minute) => isInGap({ gaps: [gap] }, NOW + minute * MINUTE));
    expect(touched).toEqual([false, true, true, false]);
  });
});

describe('what audits have shown', () => {
  const finding = {
    minuteMillis: NOW,
    foundAtMillis: NOW,
    way: 'read_again',
    missing: 3,
    repaired: 0,
  } as const;

  test('counts minutes and reasons, and keeps the newest findings', () => {
    let audits = withNotComparable(undefined, NOW, 'denied');
    audits = withNotComparable(audits, NOW, 'denied');
    for (let n = 0; n < 30; n++) audits = withCompared(audits, NOW + n, n, { ...finding, minuteMillis: n });
    expect(audits).toMatchObject({ compared: 30, notComparable: { denied: 2 }, lastAtMillis: NOW + 29 });
    expect(audits.findings.map(({ minuteMillis }) => minuteMillis)).toEqual(
      Array.from({ length: 20 }, (_, n) => n + 10),
    );
  });

  test('replaces what was not repaired of a minute by what was found of it later', () => {
    const open = withCompared(undefined, NOW, NOW, finding);
    const repaired = withCompared(open, NOW, NOW, { ...finding, repaired: 3 });
    expect(repaired.findings).toEqual([{ ...finding, repaired: 3 }]);
    expect(withCompared(repaired, NOW, NOW).findings).toHaveLength(1);
    expect(withCompared(open, NOW, NOW).findings).toEqual([]);
  });
});
