import { expect, test } from 'vitest';
import { momentRange } from './moment-range.ts';

const NOW = Date.UTC(2026, 10, 23, 13, 30, 40, 500);
const rangeOf = (text: string) => {
  const { fromMillis, toMillis } = momentRange(text, NOW, true);
  return `${new Date(fromMillis).toISOString().slice(11)} + ${toMillis - fromMillis + 1}`;
};

test.each([
  ['13:10', '13:10:00.000Z + 60000'],
  ['2026-11-23T13:10', '13:10:00.000Z + 60000'],
  ['2026-11-23T21:10+08:00', '13:10:00.000Z + 60000'],
  ['13:10:02', '13:10:02.000Z + 1000'],
  ['2026-11-23 13:10:02Z', '13:10:02.000Z + 1000'],
  ['2026-11-23T13:10:02.123', '13:10:02.123Z + 1'],
  ['2026-11-23', '00:00:00.000Z + 86400000'],
  ['10m', '13:20:00.000Z + 60000'],
  ['now', '13:30:00.000Z + 60000'],
  [String(NOW), '13:30:40.500Z + 1'],
])('%s stands for as much as it says exactly', (text, expected) => {
  expect(rangeOf(text)).toBe(expected);
});

test('what is no time is refused', () => {
  expect(() => momentRange('yesterday', NOW, true)).toThrow('"yesterday" is no time.');
});
