import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Checkpoint } from '../contracts/checkpoint.ts';
import type { Slice } from '../contracts/pull-source.ts';
import {
  afterSlice,
  afterTooDense,
  firstCheckpoint,
  noteExpiredPast,
  noteRemade,
  rereadOf,
  skipExpired,
} from './checkpoint-progress.ts';

const NOW = Date.UTC(2026, 10, 23, 12);
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const settings = { everyMillis: 10_000, maxLatenessMillis: HOUR };

const slice = (fromMillis: number, toMillis: number, priority: Slice['priority'] = 'live') => ({
  fromMillis,
  toMillis,
  priority,
});
const after = (checkpoint: Checkpoint, read: Slice, nowMillis = NOW, events = 0) =>
  afterSlice(checkpoint, read, { pages: 1, fetched: events, kept: events }, nowMillis, HOUR);
const marks = ({ watermarkMillis, rereadMillis, headMillis }: Checkpoint) =>
  [watermarkMillis, rereadMillis ?? Number.NaN, headMillis].map((millis) => (millis - NOW) / MINUTE);

describe('after a slice', () => {
  test('each mark moves to its end, but no further than what was old enough', () => {
    const read = after(firstCheckpoint(NOW, 3 * HOUR), slice(NOW - 3 * HOUR, NOW + 2 * HOUR));
    expect(marks(read)).toEqual([-60, -1, 0]);
    const behind = after(firstCheckpoint(NOW, 3 * HOUR), slice(NOW - 3 * HOUR, NOW - 2 * HOUR));
    expect(marks(behind)).toEqual([-120, -120, -120]);
  });

  test('a mark that the slice begins behind stays: what lies between was not read', () => {
    const before = after(firstCheckpoint(NOW, 3 * HOUR), slice(NOW - 3 * HOUR, NOW));
    const later = NOW + 10 * MINUTE;
    expect(marks(after(before, slice(NOW - 2500, later + 2 * HOUR), later))).toEqual([-60, -1, 10]);
    expect(marks(after(before, slice(NOW - MINUTE, NOW, 'sweep'), later))).toEqual([-60, 0, 0]);
    expect(marks(after(before, slice(NOW - HOUR, NOW, 'sweep'), later))).toEqual([-50, 0, 0]);
  });

  test('a slice that goes on where another ended moves what that one moved', () => {
    const first = after(firstCheckpoint(NOW, 3 * HOUR), slice(NOW - 3 * HOUR, NOW - 2 * HOUR));
    expect(marks(after(first, slice(NOW - 2 * HOUR + 1, NOW)))).toEqual([-60, -1, 0]);
  });

  test('whatever is read and when, the marks keep their order and never go back', () => {
    const minutes = fc.integer({ min: -200, max: 200 });
    const step = fc.record({ from: minutes, length: fc.nat(200), ahead: fc.nat(30), sweep: fc.boolean() });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 30 }), (steps) => {
        let nowMillis = NOW;
        let checkpoint = firstCheckpoint(NOW, HOUR);
        for (const { from, length, ahead, sweep } of steps) {
          nowMillis += ahead * MINUTE;
          const fromMillis = NOW + from * MINUTE;
          const read = slice(fromMillis, fromMillis + length * MINUTE, sweep ? 'sweep' : 'live');
          const next = after(checkpoint, read, nowMillis, length);
          expect(next.watermarkMillis).toBeLessThanOrEqual(rereadOf(next));
          expect(rereadOf(next)).toBeLessThanOrEqual(next.headMillis);
          expect(next.headMillis).toBeLessThanOrEqual(nowMillis);
          for (const [index, mark] of marks(next).entries())
            expect(mark).toBeGreaterThanOrEqual(marks(checkpoint)[index] as number);
          checkpoint = next;
        }
      }),
    );
  });

  test('one that reads all that is not sealed is a sweep', () => {
    const before = after(firstCheckpoint(NOW, HOUR), slice(NOW - HOUR, NOW));
    const later = NOW + 5 * MINUTE;
    expect(after(before, slice(NOW - HOUR, later), later).sweptAtMillis).toBe(later);
    expect(after(before, slice(NOW - MINUTE, later), later).sweptAtMillis).toBe(NOW);
  });
});

test('what expired before it was read becomes a gap, and reading goes on behind it', () => {
  const checkpoint = firstCheckpoint(NOW, 48 * HOUR);
  const skipped = skipExpired(checkpoint, NOW, { ...settings, retentionMillis: 24 * HOUR });
  expect(skipped.gaps).toEqual([
    { fromMillis: NOW - 48 * HOUR, toMillis: NOW - 24 * HOUR - 1, reason: 'expired', recordedAtMillis: NOW },
  ]);
  expect(skipped.headMillis).toBe(NOW - 24 * HOUR);
  expect(skipExpired(skipped, NOW, { ...settings, retentionMillis: 24 * HOUR })).toBe(skipped);
});

test('what expires bit by bit while nothing can be read is one gap that grows, and another one after reading went on', () => {
  const limits = { ...settings, retentionMillis: 24 * HOUR };
  let checkpoint = firstCheckpoint(NOW, 25 * HOUR);
  for (let minute = 0; minute < 200; minute++)
    checkpoint = skipExpired(checkpoint, NOW + minute * MINUTE, limits);
  expect(checkpoint.gaps).toMatchObject([
    { fromMillis: NOW - 25 * HOUR, toMillis: NOW + 199 * MINUTE - 24 * HOUR - 1 },
  ]);
  const read = { ...checkpoint, headMillis: checkpoint.headMillis + MINUTE };
  expect(skipExpired(read, NOW + 300 * MINUTE, limits).gaps).toHaveLength(2);
});

test('of a range of the past, what has expired is a gap as far as the range goes', () => {
  const past = firstCheckpoint(NOW, 48 * HOUR);
  const note = (toMillis: number, retention?: number) => noteExpiredPast(past, toMillis, NOW, retention).gaps;
  expect(note(NOW, 24 * HOUR)).toMatchObject([
    { fromMillis: NOW - 48 * HOUR, toMillis: NOW - 24 * HOUR - 1, reason: 'expired' },
  ]);
  expect(note(NOW - 30 * HOUR, 24 * HOUR)).toMatchObject([{ toMillis: NOW - 30 * HOUR }]);
  expect([note(NOW, 48 * HOUR), note(NOW)]).toEqual([[], []]);
});

describe('a group that was made again', () => {
  const read = { ...firstCheckpoint(NOW, HOUR), headMillis: NOW, createdMillis: 1000 };
  const note = (checkpoint: Checkpoint, createdMillis?: number) =>
    noteRemade(checkpoint, createdMillis, NOW + MINUTE, settings);

  test('leaves a gap from the last read to its making', () => {
    const noted = note(read, NOW + 5000);
    expect(noted.createdMillis).toBe(NOW + 5000);
    expect(noted.gaps).toMatchObject([{ fromMillis: NOW - 5000, toMillis: NOW + 4999, reason: 'deleted' }]);
    expect(note(noted, NOW + 5000)).toBe(noted);
  });

  test('adds to a gap that is known only what is new of it', () => {
    const gap = { fromMillis: NOW - 5000, toMillis: NOW + 1000, reason: 'deleted', recordedAtMillis: NOW };
    const noted = note({ ...read, gaps: [gap as Checkpoint['gaps'][number]] }, NOW + 5000);
    expect(noted.gaps[1]).toMatchObject({ fromMillis: NOW + 1001, toMillis: NOW + 4999 });
  });

  test('is not one when its time was not known, or is the same', () => {
    expect(note(read)).toBe(read);
    expect(note(read, 1000)).toBe(read);
    expect(note(firstCheckpoint(NOW, HOUR), 5).gaps).toEqual([]);
  });
});

test('pages without a record of ours are a load all the same, and make slices shorter', () => {
  let checkpoint = firstCheckpoint(NOW, HOUR);
  const densities = [];
  for (let turn = 0; turn < 3; turn++) {
    const given = slice(NOW - HOUR, NOW);
    checkpoint = afterTooDense(checkpoint, given, { pages: 50, fetched: 0, kept: 0 }, NOW);
    densities.push(checkpoint.eventsPerSecond);
  }
  expect(densities[0]).toBeGreaterThan(100);
  expect(densities[2]).toBe((densities[0] as number) * 4);
  expect(checkpoint.keptShare).toBeLessThan(0.1);
});
