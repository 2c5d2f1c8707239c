import { expect, test } from 'vitest';
import { sampleBatch } from '../../../contracts/testing/state-store-harness.ts';
import { RecentBatches } from './recent-batches.ts';

const UNIT = 32 * 1024;

test('the newest batches are at hand, within a bound', () => {
  const recent = new RecentBatches(3 * UNIT);
  for (let offset = 1; offset <= 5; offset++) recent.add(offset, sampleBatch(String(offset), 1, UNIT - 500));
  expect([1, 2, 3, 4, 5].map((offset) => recent.get(offset)?.id)).toEqual([
    undefined,
    undefined,
    '3',
    '4',
    '5',
  ]);
  recent.add(6, sampleBatch('larger than the bound', 1, 4 * UNIT));
  expect([5, 6].map((offset) => recent.get(offset))).toEqual([undefined, undefined]);
});

test('what was passed makes room', () => {
  const recent = new RecentBatches(3 * UNIT);
  for (let offset = 1; offset <= 5; offset++) {
    recent.add(offset, sampleBatch(String(offset), 1, UNIT - 500));
    if (offset === 2 || offset === 4) recent.forget(offset);
  }
  recent.forget(99);
  expect([1, 2, 3, 4, 5].map((offset) => recent.get(offset)?.id)).toEqual([
    '1',
    undefined,
    '3',
    undefined,
    '5',
  ]);
});
