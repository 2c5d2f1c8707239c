import { expect, test } from 'vitest';
import { openOf, permalinkSearch, rangeOf, readLogsSearch, searchOfRange } from './logs-search.ts';

const RECORD = { timestampMillis: Date.UTC(2026, 10, 24, 12), id: '3,7/a' };

test('what an address does not say is the last quarter of an hour', () => {
  expect(rangeOf(readLogsSearch({}))).toEqual({ kind: 'relative', lengthMillis: 900_000 });
});

test.each([
  { kind: 'relative', lengthMillis: 9_000_000 } as const,
  { kind: 'absolute', fromMillis: 1000, toMillis: 61_000 } as const,
])('a range comes back from its address', (range) => {
  expect(rangeOf(readLogsSearch(searchOfRange(range)))).toEqual(range);
});

test('nonsense in an address is left out, and a query of digits stays a text', () => {
  expect(readLogsSearch({ q: 404, range: 'x', from: 'soon', wrap: 'yes', other: 1 })).toEqual({
    q: '404',
    range: 'x',
    from: 'soon',
  });
  expect(rangeOf({ range: 'x', from: 'soon' })).toEqual({ kind: 'relative', lengthMillis: 900_000 });
});

test('a permalink has absolute times around its record, whatever moved with the clock before', () => {
  const link = permalinkSearch({ q: 'level:error', range: '15m', live: true }, RECORD);
  expect(link).toEqual({
    q: 'level:error',
    from: '2026-11-24T11:55:00.000Z',
    to: '2026-11-24T12:05:00.000Z',
    open: `${RECORD.timestampMillis},3,7/a`,
  });
  expect(openOf(readLogsSearch({ ...link }))).toEqual(RECORD);
});

test('a range that stays is kept as it is', () => {
  const search = { from: '2026-11-24T00:00:00.000Z', to: '2026-11-25T00:00:00.000Z' };
  expect(permalinkSearch(search, RECORD)).toMatchObject(search);
});
