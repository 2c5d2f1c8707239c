import fc from 'fast-check';
import { expect, test } from 'vitest';
import { SEEN_BUCKET_MILLIS, SeenIds } from './seen-ids.ts';

test('answers like a set of ids, over any number of commits and restarts', () => {
  const step = fc.oneof(
    fc.record({ kind: fc.constant('add' as const), id: fc.integer({ min: 0, max: 300 }) }),
    fc.record({ kind: fc.constant('restart' as const) }),
  );
  fc.assert(
    fc.property(fc.array(step, { maxLength: 600 }), (steps) => {
      const model = new Set<number>();
      const stored = [];
      let seen = new SeenIds();
      for (const taken of steps) {
        if (taken.kind === 'add') {
          // The timestamp belongs to the id: an event does not change its own.
          expect(seen.add(`event-${taken.id}`, taken.id * 1000)).toBe(!model.has(taken.id));
          model.add(taken.id);
        } else {
          stored.push(...seen.takeAdded());
          seen = new SeenIds(stored);
        }
        expect(seen.size).toBe(model.size);
      }
    }),
  );
});

test('tells a hundred thousand ids as CloudWatch makes them apart', () => {
  const seen = new SeenIds();
  const prefix = '3721893458927348923412345678901234567890123456789';
  for (let index = 0; index < 100_000; index++) {
    expect(seen.add(prefix + String(index).padStart(7, '0'), 0)).toBe(true);
  }
  expect(seen.add(`${prefix}0000042`, 0)).toBe(false);
});

test('forgets sealed buckets as a whole and no others', () => {
  const seen = new SeenIds();
  seen.add('sealed', 0);
  seen.add('at the end of the sealed', SEEN_BUCKET_MILLIS - 1);
  seen.add('open', SEEN_BUCKET_MILLIS);
  seen.sealBefore(SEEN_BUCKET_MILLIS);
  expect(seen.size).toBe(1);
  expect(seen.add('open', SEEN_BUCKET_MILLIS)).toBe(false);
  seen.sealBefore(2 * SEEN_BUCKET_MILLIS - 1);
  expect(seen.size).toBe(1);
});

test('gives what was added to the next commit once', () => {
  const seen = new SeenIds();
  seen.add('a', 0);
  seen.add('b', 0);
  seen.add('c', -1);
  expect(seen.addedCount).toBe(3);
  expect(seen.takeAdded().map((chunk) => [chunk.bucketStartMillis, chunk.hashes.length])).toEqual([
    [0, 16],
    [-SEEN_BUCKET_MILLIS, 8],
  ]);
  expect(seen.takeAdded()).toEqual([]);
});
