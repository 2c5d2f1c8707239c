import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Checkpoint, Gap } from '../../contracts/checkpoint.ts';
import { firstCheckpoint } from '../../source-kit/checkpoint-progress.ts';
import {
  COVERAGE_STATES,
  type CoverageSpan,
  coverageByMinute,
  groupSpans,
  MINUTE_MILLIS,
  mergeSpans,
  minutesByState,
  wholeMinutes,
} from './coverage.ts';

const HOUR = Math.floor(Date.UTC(2026, 10, 23, 12) / 3_600_000) * 3_600_000;
const at = (minute: number, second = 0) => HOUR + minute * MINUTE_MILLIS + second * 1000;
const RANGE = { fromMillis: at(0), toMillis: at(20) - 1 };

function checkpoint(marks: Partial<Checkpoint>): Checkpoint {
  return { ...firstCheckpoint(at(0), 0), ...marks };
}

/** A letter a minute. */
function drawn(live: Checkpoint | undefined, backfills: readonly Checkpoint[] = []): string {
  const spans = coverageByMinute({ live, backfills, liveCounts: [], backfillCounts: [] }, RANGE);
  return spans.map(({ state }) => state.charAt(0)).join('');
}

const gap = (fromMillis: number, toMillis: number, reason: Gap['reason'] = 'expired'): Gap => ({
  fromMillis,
  toMillis,
  reason,
  recordedAtMillis: at(20),
});

describe('the state of a minute', () => {
  test('goes from unread to sealed, open and pending by the marks of the checkpoint', () => {
    const live = checkpoint({ coveredFromMillis: at(3), watermarkMillis: at(8), headMillis: at(14) });
    expect(drawn(live)).toBe('uuusssssoooooopppppp');
  });

  test('is the one that asks most for a look where several meet in it; but the head makes its minute open', () => {
    const live = checkpoint({
      coveredFromMillis: at(3, 30),
      watermarkMillis: at(8, 30),
      headMillis: at(14, 30),
    });
    expect(drawn(live)).toBe('uuuussssoooooooppppp');
    expect(drawn({ ...live, gaps: [gap(at(5, 59), at(6, 0))] })).toBe('uuuusggsoooooooppppp');
  });

  test('is open where slices were read ahead of the head', () => {
    const live = checkpoint({
      watermarkMillis: at(2),
      headMillis: at(4),
      doneAhead: [{ fromMillis: at(6), toMillis: at(8) - 1 }],
    });
    expect(drawn(live)).toBe('ssooppoopppppppppppp');
  });

  test('is backfilled where a backfill read and live reading did not', () => {
    const backfill = checkpoint({ coveredFromMillis: at(2), headMillis: at(9) });
    expect(drawn(undefined, [backfill])).toBe('uubbbbbbbuuuuuuuuuuu');
    const live = checkpoint({ coveredFromMillis: at(5), watermarkMillis: at(6), headMillis: at(20) });
    expect(drawn(live, [backfill])).toBe('uubbbsoooooooooooooo');
  });

  test('is a gap where a backfill came too late; but live reading decides on what it has read itself', () => {
    const backfill = checkpoint({ headMillis: at(9), gaps: [gap(at(0), at(3) - 1)] });
    expect(drawn(undefined, [backfill])).toBe('gggbbbbbbuuuuuuuuuuu');
    const live = checkpoint({ coveredFromMillis: at(2), watermarkMillis: at(6), headMillis: at(20) });
    expect(drawn(live, [backfill])).toBe('ggssssoooooooooooooo');
  });

  test('is unread after the log group was deleted, and pending again once it is read on', () => {
    const deleted = gap(at(10), at(12) - 1, 'deleted');
    const live = checkpoint({ watermarkMillis: at(6), headMillis: at(10), gaps: [deleted] });
    expect(drawn(live)).toBe('ssssssoooogguuuuuuuu');
    expect(drawn({ ...live, headMillis: at(15) })).toBe('ssssssooooggoooppppp');
  });

  test('is a gap where a backfill came too late, but for what another one had read', () => {
    const early = checkpoint({ coveredFromMillis: at(2), headMillis: at(6) });
    const late = checkpoint({ coveredFromMillis: at(1), headMillis: at(12), gaps: [gap(at(1), at(9) - 1)] });
    expect(drawn(undefined, [early, late])).toBe('ugbbbbgggbbbuuuuuuuu');
  });

  test('stays open where only what came late may be missing', () => {
    const lateOnly = { ...gap(at(4), at(7) - 1), lateOnly: true } as const;
    const live = checkpoint({
      watermarkMillis: at(18),
      headMillis: at(20),
      gaps: [lateOnly, gap(at(7), at(9) - 1)],
    });
    expect(drawn(live)).toBe('ssssooogg' + 'sssssssss' + 'oo');
  });

  test('of nothing known is unread', () => {
    expect(drawn(undefined)).toBe('u'.repeat(20));
  });

  test('carries the events that live reading and backfills counted in it', () => {
    const byMinute = (minute: number, count: number) =>
      Array.from({ length: 60 }, (_, n) => (n === minute ? count : 0));
    const spans = coverageByMinute(
      {
        live: undefined,
        backfills: [],
        liveCounts: [{ hourStartMillis: HOUR, byMinute: byMinute(4, 7) }],
        backfillCounts: [
          { hourStartMillis: HOUR, byMinute: byMinute(4, 2) },
          { hourStartMillis: HOUR, byMinute: byMinute(4, 3) },
          { hourStartMillis: HOUR - 3_600_000, byMinute: byMinute(4, 99) },
        ],
      },
      RANGE,
    );
    expect(spans[4]).toMatchObject({ liveEvents: 7, backfilledEvents: 5 });
    expect(spans.filter(({ liveEvents }) => liveEvents > 0)).toHaveLength(1);
  });
});

test('whatever the marks are, no minute before the head and in no gap is shown more complete than it is', () => {
  const millis = fc.integer({ min: at(-5), max: at(25) });
  fc.assert(
    fc.property(
      fc.array(millis, { minLength: 3, maxLength: 3 }),
      fc.array(fc.tuple(millis, millis)),
      (marks, gaps) => {
        const [coveredFromMillis = 0, watermarkMillis = 0, headMillis = 0] = marks.toSorted((a, b) => a - b);
        const live = checkpoint({
          coveredFromMillis,
          watermarkMillis,
          headMillis,
          gaps: gaps.map(([a, b]) => gap(Math.min(a, b), Math.max(a, b))),
        });
        const spans = coverageByMinute({ live, backfills: [], liveCounts: [], backfillCounts: [] }, RANGE);
        for (const { fromMillis, toMillis, state } of spans) {
          const touchesGap = live.gaps.some(
            (one) => one.fromMillis <= toMillis && one.toMillis >= fromMillis,
          );
          expect(state === 'gap').toBe(touchesGap);
          if (state === 'sealed')
            expect([fromMillis >= coveredFromMillis, toMillis < watermarkMillis]).toEqual([true, true]);
          if (state === 'open') expect(fromMillis < headMillis).toBe(true);
        }
        const counted = minutesByState({ live, backfills: [] }, RANGE);
        for (const state of COVERAGE_STATES)
          expect(counted[state]).toBe(spans.filter((span) => span.state === state).length);
      },
    ),
  );
});

describe('spans', () => {
  const live = checkpoint({
    coveredFromMillis: at(3),
    watermarkMillis: at(8),
    headMillis: at(14),
    gaps: [gap(at(5), at(6) - 1), gap(at(6), at(7) - 1, 'deleted')],
  });
  const spans = coverageByMinute({ live, backfills: [], liveCounts: [], backfillCounts: [] }, RANGE);
  const shown = (list: readonly CoverageSpan[]) =>
    list.map(({ state, fromMillis, toMillis }) => [state, (toMillis + 1 - fromMillis) / MINUTE_MILLIS]);

  test('are merged where neighbours have one state, and for gaps one reason', () => {
    expect(shown(mergeSpans(spans))).toEqual([
      ['unread', 3],
      ['sealed', 2],
      ['gap', 1],
      ['gap', 1],
      ['sealed', 1],
      ['open', 6],
      ['pending', 6],
    ]);
  });

  test('are grouped under the state that asks most for a look, the last group as short as it is', () => {
    expect(shown(groupSpans(spans, 7))).toEqual([
      ['gap', 7],
      ['open', 7],
      ['pending', 6],
    ]);
  });
});

test('a range is taken in whole minutes, up to the present', () => {
  expect(wholeMinutes({ fromMillis: at(1, 5), toMillis: at(99) }, at(3, 7))).toEqual({
    fromMillis: at(1),
    toMillis: at(4) - 1,
  });
  expect(wholeMinutes({ fromMillis: at(5), toMillis: at(9) }, at(3))).toBeUndefined();
});
