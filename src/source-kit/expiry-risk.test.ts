import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { FakeClock } from '../foundation/fake-clock.ts';
import { expiryRisk, type HeadMark, headSpeed, longerRetentionDays, withMark } from './expiry-risk.ts';

const NOW = Date.UTC(2026, 10, 23, 12);
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** Watches a head that moves by `speed`, from a lag on, and answers each minute's warning. */
async function watch(
  lagMillis: number,
  retentionMillis: number,
  speedAt: (minute: number) => number,
  minutes: number,
) {
  const clock = new FakeClock(NOW);
  let headMillis = NOW - lagMillis;
  let marks: readonly HeadMark[] = [];
  const warned: ReturnType<typeof expiryRisk>[] = [];
  for (let minute = 0; minute < minutes; minute++) {
    const mark = { atMillis: clock.now(), headMillis };
    marks = withMark(marks, mark);
    const risk = expiryRisk(mark, retentionMillis, headSpeed(marks, mark), warned.at(-1) !== undefined);
    warned.push(risk);
    await clock.advance(MINUTE);
    headMillis = Math.min(clock.now(), headMillis + speedAt(minute) * MINUTE);
  }
  return warned;
}

const firstWarned = (warned: readonly unknown[]) => warned.findIndex((one) => one !== undefined);

describe('a head', () => {
  test('that keeps up is nothing to warn of, whatever its steps and the retention are', async () => {
    expect(firstWarned(await watch(10_000, DAY, () => 1, 300))).toBe(-1);
    expect(firstWarned(await watch(MINUTE, DAY, (minute) => (minute % 5 === 0 ? 5 : 0), 300))).toBe(-1);
  });

  test('that stands still is warned of half a retention before the first loss, and of a longer one a day before', async () => {
    const ofADay = await watch(0, DAY, () => 0, 13 * 60);
    expect(firstWarned(ofADay)).toBe(12 * 60 + 1);
    expect(ofADay.at(-1)).toEqual({ lossAtMillis: NOW + DAY, lagMillis: 13 * HOUR - MINUTE });
    const ofAWeek = await watch(5.5 * DAY, 7 * DAY, () => 0, 13 * 60);
    expect(firstWarned(ofAWeek)).toBe(12 * 60 + 1);
  });

  test('that catches up in time is nothing to warn of, be it ever so late', async () => {
    expect(firstWarned(await watch(23 * HOUR, DAY, () => 20, 120))).toBe(-1);
  });

  test('that moves, but not fast enough, is warned of with when that will be', async () => {
    const warned = await watch(20 * HOUR, DAY, () => 0.5, 10);
    expect(firstWarned(warned)).toBe(2);
    expect(warned[2]?.lossAtMillis).toBe(NOW + 8 * HOUR);
  });

  test('that runs along the edge, losing what expires, is warned of although it is as fast as time', async () => {
    const warned = await watch(DAY - MINUTE, DAY, () => 1, 10);
    expect(warned[5]).toMatchObject({ lossAtMillis: NOW + 6 * MINUTE });
  });

  test('is not warned of before it was watched for two minutes', async () => {
    expect(firstWarned(await watch(23 * HOUR, DAY, () => 0, 10))).toBe(2);
  });

  test('that recovers is warned of until the loss is well away, and then no more', async () => {
    const warned = await watch(16 * HOUR, DAY, (minute) => (minute < 60 ? 0 : 3), 400);
    const first = firstWarned(warned);
    const calm = warned.findIndex((one, at) => at > first && one === undefined);
    expect(first).toBe(2);
    expect(calm).toBeGreaterThan(60);
    expect(calm).toBeLessThan(90);
    expect(firstWarned(warned.slice(calm))).toBe(-1);
  });
});

test('a clock that was set back begins the watch anew', () => {
  const marks = withMark([{ atMillis: NOW, headMillis: 1 }], { atMillis: NOW - HOUR, headMillis: 1 });
  expect(marks).toEqual([{ atMillis: NOW - HOUR, headMillis: 1 }]);
});

test('whatever the head did, the loss is never said to come sooner than standing still would bring it', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 0, max: 3 * DAY }),
      fc.integer({ min: DAY, max: 30 * DAY }),
      fc.double({ min: -1, max: 5, noNaN: true }),
      fc.boolean(),
      (lag, retention, speed, isWarned) => {
        const risk = expiryRisk({ atMillis: NOW, headMillis: NOW - lag }, retention, speed, isWarned);
        if (risk === undefined) return;
        expect(risk.lossAtMillis).toBeGreaterThanOrEqual(NOW);
        const standing = Math.max(NOW, NOW - lag + retention);
        expect(risk.lossAtMillis).toBeGreaterThanOrEqual(standing - 1);
      },
    ),
  );
});

test('the next longer retention is one that the service knows', () => {
  expect([longerRetentionDays(DAY), longerRetentionDays(7 * DAY), longerRetentionDays(3653 * DAY)]).toEqual([
    3,
    14,
    undefined,
  ]);
});
