import { describe, expect, test } from 'vitest';
import { parseTimeRange, resolveRange } from './time-range.ts';

const NOW = Date.UTC(2026, 10, 24, 13, 30);
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

function shown(typed: string): string | number | undefined {
  const range = parseTimeRange(typed, NOW, 'utc');
  if (range === undefined) return undefined;
  if (range.kind === 'relative') return range.lengthMillis;
  return `${new Date(range.fromMillis).toISOString()} ${new Date(range.toMillis).toISOString()}`;
}

describe('what is typed', () => {
  test.each([
    ['15m', 15 * MINUTE],
    ['last 2h', 2 * HOUR],
    ['2h30m', 2.5 * HOUR],
    ['最近 7d', 168 * HOUR],
  ])('%s is that long until now', (typed, millis) => {
    expect(shown(typed)).toBe(millis);
  });

  test.each([
    ['13:10', '2026-11-24T13:10:00.000Z 2026-11-24T13:30:00.000Z'],
    ['13：10', '2026-11-24T13:10:00.000Z 2026-11-24T13:30:00.000Z'],
    ['13:10-13:25', '2026-11-24T13:10:00.000Z 2026-11-24T13:25:00.000Z'],
    ['13:10 - now', '2026-11-24T13:10:00.000Z 2026-11-24T13:30:00.000Z'],
    ['23:50', '2026-11-23T23:50:00.000Z 2026-11-24T13:30:00.000Z'],
    ['yesterday', '2026-11-23T00:00:00.000Z 2026-11-23T23:59:59.999Z'],
    ['今天', '2026-11-24T00:00:00.000Z 2026-11-24T23:59:59.999Z'],
    ['2026-11-20', '2026-11-20T00:00:00.000Z 2026-11-20T23:59:59.999Z'],
    ['2026-11-20 08:00 to 2026-11-21', '2026-11-20T08:00:00.000Z 2026-11-21T23:59:59.999Z'],
    ['2026-11-20 08:00 - 09:15', '2026-11-20T08:00:00.000Z 2026-11-20T09:15:00.000Z'],
    ['2026-11-20 08:00至09:15', '2026-11-20T08:00:00.000Z 2026-11-20T09:15:00.000Z'],
    ['2026-11-20T08:00:00+08:00', '2026-11-20T00:00:00.000Z 2026-11-24T13:30:00.000Z'],
  ])('%s is between those', (typed, ends) => {
    expect(shown(typed)).toBe(ends);
  });

  test.each(['', 'soon', '25:00', '13:61', '2026-02-30', '13:20-13:10', '0m', '1 - 2 - 3'])(
    '%j is no range',
    (typed) => {
      expect(shown(typed)).toBeUndefined();
    },
  );
});

test('a relative range moves with the clock, an absolute one stays', () => {
  expect(resolveRange({ kind: 'relative', lengthMillis: HOUR }, NOW)).toEqual({
    fromMillis: NOW - HOUR,
    toMillis: NOW,
  });
  const fixed = { kind: 'absolute', fromMillis: 1, toMillis: 2 } as const;
  expect(resolveRange(fixed, NOW)).toEqual({ fromMillis: 1, toMillis: 2 });
});
