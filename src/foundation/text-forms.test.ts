import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { formatByteSize, parseByteSize } from './byte-size.ts';
import { formatDuration, formatRoughDuration, parseDuration } from './duration.ts';

describe('durations', () => {
  test.each([
    ['250ms', 250],
    ['10s', 10_000],
    ['2h30m', 9_000_000],
    ['-15m', -900_000],
    ['1.5h', 5_400_000],
    ['7d', 604_800_000],
    ['0', 0],
  ])('%s is read as %d milliseconds', (text, millis) => expect(parseDuration(text)).toBe(millis));

  test.each(['', '5', 'm', '5 m', '5x', '1h-5m', 'h5', '5mm'])('%j is none', (text) => {
    expect(parseDuration(text)).toBeUndefined();
  });

  test('what is written is read back exactly', () => {
    fc.assert(
      fc.property(fc.integer({ min: -1e12, max: 1e12 }), (millis) => {
        expect(parseDuration(formatDuration(millis))).toBe(millis);
      }),
    );
  });

  test('people see at most two units', () => expect(formatRoughDuration(93_784_123)).toBe('1d2h'));
});

describe('byte sizes', () => {
  test.each([
    ['5GiB', 5 * 1024 ** 3],
    ['512 MB', 512e6],
    ['1048576', 1_048_576],
    ['1.5k', undefined],
    ['-1MB', undefined],
    ['', undefined],
  ])('%j is read as %s', (text, bytes) => expect(parseByteSize(text)).toBe(bytes));

  test.each([
    [0, '0 B'],
    [1536, '1.5 KiB'],
    [5 * 1024 ** 3, '5 GiB'],
  ])('%d is written as %s', (bytes, text) => expect(formatByteSize(bytes)).toBe(text));
});
