import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Checkpoint } from '../contracts/checkpoint.ts';
import type { Slice } from '../contracts/pull-source.ts';
import {
  afterSlice,
  afterTooDense,
  firstCheckpoint,
  noteDeleted,
  noteExpiredPast,
  noteFound,
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
  afterSlice(
    checkpoint,
    read,
    { pageEvents: [events], kept: events },
    { startedMillis: nowMillis, repliedMillis: nowMillis },
    settings,
  );
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

describe('what has expired', () => {
  const limits = { ...settings, retentionMillis: 24 * HOUR };
  const read = (checkpoint: Checkpoint, given: Slice, nowMillis = NOW) =>
    afterSlice(
      checkpoint,
      given,
      { pageEvents: [0], kept: 0 },
      { startedMillis: nowMillis - MINUTE, repliedMillis: nowMillis },
      limits,
    );
  const gap = (from: number, to: number, more = {}) => ({
    fromMillis: NOW + from * HOUR,
    toMillis: NOW + to * HOUR - 1,
    reason: 'expired',
    ...more,
  });

  test('is a gap from where it was not read to what had not expired at the last reply', () => {
    const checkpoint = { ...firstCheckpoint(NOW, 25 * HOUR), headMillis: NOW - 25 * HOUR };
    expect(read(checkpoint, slice(NOW - 25 * HOUR, NOW - 20 * HOUR)).gaps).toMatchObject([gap(-25, -24)]);
    // What it still shows is read all the same, and reading goes on.
    expect(read(checkpoint, slice(NOW - 25 * HOUR, NOW - 20 * HOUR)).headMillis).toBe(NOW - 20 * HOUR);
  });

  test('is one gap, in however many slices it is read', () => {
    let checkpoint = firstCheckpoint(NOW, 48 * HOUR);
    for (let hour = 48; hour > 10; hour -= 2)
      checkpoint = read(checkpoint, slice(NOW - hour * HOUR, NOW - (hour - 2) * HOUR));
    expect(checkpoint.gaps).toMatchObject([gap(-48, -24)]);
  });

  test('but was read once may lack only what came late', () => {
    const before = {
      ...firstCheckpoint(NOW, 30 * HOUR),
      watermarkMillis: NOW - 26 * HOUR,
      headMillis: NOW - 25 * HOUR,
    };
    expect(read(before, slice(NOW - 26 * HOUR, NOW - 20 * HOUR)).gaps).toMatchObject([
      gap(-26, -25, { lateOnly: true }),
      gap(-25, -24),
    ]);
  });

  test('more than three days ago is passed over at once', () => {
    const checkpoint = firstCheckpoint(NOW, 240 * HOUR);
    const skipped = skipExpired(checkpoint, NOW, limits);
    expect(skipped.gaps).toMatchObject([gap(-240, -96)]);
    expect(skipped.headMillis).toBe(NOW - 96 * HOUR);
    expect(skipExpired(skipped, NOW, limits)).toBe(skipped);
    expect(skipExpired(checkpoint, NOW, limits, NOW - 200 * HOUR).gaps).toMatchObject([gap(-240, -200)]);
  });

  test('bit by bit while nothing can be read is one gap that grows, and another one after reading went on', () => {
    let checkpoint = firstCheckpoint(NOW, 97 * HOUR);
    for (let minute = 0; minute < 200; minute++)
      checkpoint = skipExpired(checkpoint, NOW + minute * MINUTE, limits);
    expect(checkpoint.gaps).toMatchObject([
      { fromMillis: NOW - 97 * HOUR, toMillis: NOW + 199 * MINUTE - 96 * HOUR - 1 },
    ]);
    const wentTo = checkpoint.headMillis + MINUTE;
    const went = { ...checkpoint, headMillis: wentTo, watermarkMillis: wentTo };
    expect(skipExpired(went, NOW + 300 * MINUTE, limits).gaps).toHaveLength(2);
  });
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

describe('a log group that is gone', () => {
  /** Sealed up to an hour ago, read up to a minute ago. */
  const read = {
    ...firstCheckpoint(NOW, 2 * HOUR),
    watermarkMillis: NOW - HOUR,
    headMillis: NOW - MINUTE,
    createdMillis: 1000,
  };
  const late = { fromMillis: NOW - HOUR, toMillis: NOW - MINUTE - 1, reason: 'deleted', lateOnly: true };
  const never = { fromMillis: NOW - MINUTE, reason: 'deleted' };

  test('leaves a gap from the head on; of what was not sealed only what came late may be missing', () => {
    expect(noteDeleted(read, NOW).gaps).toMatchObject([late, { ...never, toMillis: NOW }]);
    expect(noteDeleted(noteDeleted(read, NOW), NOW + HOUR).gaps).toHaveLength(2);
  });

  test('and is found to be there after all leaves none', () => {
    const found = (describedMillis: number) => ({ createdMillis: 1000, describedMillis });
    expect(noteFound(noteDeleted(read, NOW), found(NOW + 1), NOW).gaps).toEqual([]);
    // What discovery knew before tells nothing.
    expect(noteFound(noteDeleted(read, NOW), found(NOW), NOW).gaps).toHaveLength(2);
  });

  describe('and was made again', () => {
    const createdMillis = NOW + 5000;
    const note = (checkpoint: Checkpoint) => noteFound(checkpoint, { createdMillis }, NOW + MINUTE);

    test('leaves a gap from the last read to its making', () => {
      const noted = note({ ...read, lastReplyMillis: NOW - 30_000 });
      expect(noted.createdMillis).toBe(createdMillis);
      expect(noted.gaps).toMatchObject([late, { ...never, toMillis: createdMillis - 1 }]);
      expect(note(noted)).toBe(noted);
    });

    test('adds to a gap that is known only what is new of it', () => {
      const noted = note(noteDeleted(read, NOW + 1000));
      expect(noted.gaps[2]).toMatchObject({ fromMillis: NOW + 1001, toMillis: NOW + 4999 });
      expect(noted.gaps).toHaveLength(3);
    });

    test('leaves a gap from where it was last found to be the old one, if the new one was read unnoticed', () => {
      const found = { createdMillis: 1000, describedMillis: NOW };
      const confirmed = noteFound({ ...read, lastReplyMillis: NOW - 30_000 }, found, NOW);
      const later = {
        ...confirmed,
        watermarkMillis: NOW - 50 * MINUTE,
        headMillis: NOW + 40_000,
        lastReplyMillis: NOW + 41_000,
      };
      expect(note(later).gaps).toMatchObject([late, { ...never, toMillis: createdMillis - 1 }]);
    });

    test('is not confirmed by what was told before the last reply', () => {
      const found = { createdMillis: 1000, describedMillis: NOW };
      expect(noteFound({ ...read, lastReplyMillis: NOW + 1 }, found, NOW).confirmed).toBeUndefined();
    });
  });

  test('is not one when its time was not known, or is not told', () => {
    const unknown = firstCheckpoint(NOW, HOUR);
    expect(noteFound(unknown, {}, NOW)).toBe(unknown);
    expect(noteFound(unknown, { createdMillis: 5 }, NOW).gaps).toEqual([]);
  });
});

test('pages without a record of ours are a load all the same, and make slices shorter', () => {
  let checkpoint = firstCheckpoint(NOW, HOUR);
  const densities = [];
  for (let turn = 0; turn < 3; turn++) {
    const given = slice(NOW - HOUR, NOW);
    const cost = { pageEvents: Array<number>(50).fill(0), kept: 0 };
    checkpoint = afterTooDense(checkpoint, given, cost, NOW);
    densities.push(checkpoint.pagesPerSecond as number);
  }
  expect(densities[0]).toBeCloseTo(100 / 3600);
  expect(densities[2]).toBe((densities[0] as number) * 4);
});

test('density goes up at once, down by halves, and slowly where it is not much less', () => {
  const read = (checkpoint: Checkpoint, events: number, at: number) =>
    after(checkpoint, slice(at - 10_000, at - 1), at, events);
  const seen = [10_000, 9000, 0, 0, 2000].reduce<Checkpoint[]>(
    (all, events, index) => [
      ...all,
      read(all.at(-1) ?? firstCheckpoint(NOW, HOUR), events, NOW + index * 10_000),
    ],
    [],
  );
  const pages = seen.map(({ pagesPerSecond = 0 }) => pagesPerSecond * 10);
  [1, 0.985, 0.4925, 0.24625, 0.24255625].forEach((expected, index) =>
    expect(pages[index]).toBeCloseTo(expected, 5),
  );
});
