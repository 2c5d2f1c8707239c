import { expect, test } from 'vitest';
import type { LiveBatch, LogLine } from '../../../api-client/logs.ts';
import { MAX_LINES, NO_LINES, paused, resumed, withBatch } from './live-lines.ts';

let next = 0;
const record = (): LogLine => {
  const timestampMillis = ++next;
  return {
    id: String(timestampMillis),
    timestampMillis,
    ingestedMillis: timestampMillis,
    storedAtMillis: timestampMillis,
    message: 'm',
    source: 's',
    tags: {},
  };
};
const batch = (count: number, leftOut = { tooMany: 0, older: 0 }): LiveBatch => ({
  records: Array.from({ length: count }, record),
  leftOut,
});
const ids = (records: readonly LogLine[]) => records.map(({ id }) => Number(id));

test('the newest stand on top', () => {
  const lines = withBatch(withBatch(NO_LINES, batch(2)), batch(2));
  expect(ids(lines.shown)).toEqual([next, next - 1, next - 2, next - 3]);
});

test('paused, nothing moves, and what came is there when it goes on', () => {
  const before = withBatch(NO_LINES, batch(3));
  const still = withBatch(paused(before), batch(2));
  expect(still.shown).toBe(before.shown);
  expect(still.held).toHaveLength(2);
  expect(ids(resumed(still).shown)).toEqual([next, next - 1, next - 2, next - 3, next - 4]);
});

test('what comes once more after a lost connection is there once', () => {
  const first = batch(3);
  const again = { ...first, records: [...first.records.slice(1), record()] };
  expect(ids(withBatch(withBatch(NO_LINES, first), again).shown)).toEqual([
    next,
    next - 1,
    next - 2,
    next - 3,
  ]);
  const held = withBatch(withBatch(paused(NO_LINES), first), again);
  expect(held.held).toHaveLength(4);
});

test('what the server left out and what is too much to hold is counted', () => {
  const told = withBatch(NO_LINES, batch(1, { tooMany: 4, older: 1 }));
  expect(told.leftOut).toBe(5);
  const held = withBatch(paused(told), batch(MAX_LINES + 7));
  expect([held.held.length, held.leftOut]).toEqual([MAX_LINES, 12]);
  expect(resumed(held).shown).toHaveLength(MAX_LINES);
});
