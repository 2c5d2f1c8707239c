import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import type { SpoolEntry, SpoolPosition } from '../../contracts/spool.ts';
import { someRecords } from '../testing/some-records.ts';
import { cutRun, endOf, halve, type RecordRun, runId } from './cut-batch.ts';

function entriesOf(sizes: readonly number[]): SpoolEntry[] {
  let total = 0;
  return sizes.map((size, index) => {
    const records = someRecords(total, size);
    total += size;
    const batch = { id: `e${index}`, records };
    return { offset: index + 1, topic: 't', batch, storedBytes: 1, committedAtMillis: 0 };
  });
}

const ids = (run: RecordRun) => run.records.map(({ id }) => id);
const sizes = fc.array(fc.integer({ min: 0, max: 9 }), { minLength: 1, maxLength: 10 });

test('runs cut one after the other are the whole sequence, each within its limits and named once', () => {
  fc.assert(
    fc.property(sizes, fc.integer({ min: 1, max: 7 }), (given, maxRecords) => {
      const entries = entriesOf(given);
      let start: SpoolPosition = { offset: 1, index: 0 };
      const seen: string[] = [];
      const names = new Set<string>();
      while (start.offset <= entries.length) {
        const left = entries.filter(({ offset }) => offset >= start.offset);
        const cut = cutRun(left, start, { maxRecords, maxBytes: 1_000_000 });
        if (cut === undefined) throw new Error('Nothing was cut.');
        expect(cut.run.records.length).toBeLessThanOrEqual(maxRecords);
        seen.push(...ids(cut.run));
        names.add(runId(cut.run));
        expect(endOf(cut.run)).not.toEqual(start);
        start = endOf(cut.run);
      }
      expect(seen).toEqual(entries.flatMap(({ batch }) => batch.records.map(({ id }) => id)));
      expect(names.size).toBeGreaterThan(0);
    }),
  );
});

test('halves are the run again, in order, and the second ends where it did', () => {
  fc.assert(
    fc.property(sizes, (given) => {
      const cut = cutRun(entriesOf(given), { offset: 1, index: 0 }, { maxRecords: 1000, maxBytes: 1e9 });
      if (cut === undefined || cut.run.records.length < 2) return;
      const [left, right] = halve(cut.run);
      expect([...ids(left), ...ids(right)]).toEqual(ids(cut.run));
      expect(Math.abs(left.records.length - right.records.length)).toBeLessThanOrEqual(1);
      expect(endOf(right)).toEqual(endOf(cut.run));
      expect(new Set([runId(left), runId(right), runId(cut.run)]).size).toBe(3);
      for (const half of [left, right]) {
        const inPieces = half.pieces.reduce((sum, piece) => sum + piece.to - piece.from, 0);
        expect(inPieces).toBe(half.records.length);
      }
    }),
  );
});
