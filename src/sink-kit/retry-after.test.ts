import { expect, test } from 'vitest';
import { retryAfterMillis } from './retry-after.ts';

const NOW = Date.parse('2026-11-23T17:00:00Z');

test.each<[string | undefined, number | undefined]>([
  ['7', 7000],
  [' 0 ', 0],
  ['1.5', 1500],
  ['Mon, 23 Nov 2026 17:00:30 GMT', 30_000],
  ['Monday, 23-Nov-26 17:00:30 GMT', 30_000],
  ['Mon, 23 Nov 2026 16:00:00 GMT', 0],
  [undefined, undefined],
  ['', undefined],
  ['-3', undefined],
  ['soon', undefined],
  ['Some day', undefined],
  ['99999999999999999999', undefined],
])('%j is %s milliseconds', (header, millis) => expect(retryAfterMillis(header, NOW)).toBe(millis));
