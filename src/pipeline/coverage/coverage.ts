/**
 * What is known of each minute of a partition: pure, from its checkpoint, the checkpoints of its backfills, and counts.
 *
 *    start of range     coveredFrom          watermark              head           now
 *   ───────┼───────────────┼────────────────────┼─────────────────────┼──────────────┤
 *    unread, or backfilled        sealed                  open             pending
 *
 * A gap lies over all of that. A minute that is in several states is shown in the one that asks most for a look
 * (the last one of the list below), so that nothing is ever shown more complete than it is; but for the minute that
 * the head is in, which is open.
 */
import type { Checkpoint, Gap, TimeRange } from '../../contracts/checkpoint.ts';
import type { HourCounts } from '../../contracts/state-store.ts';
import { uncoveredRanges } from '../uncovered-ranges.ts';

export const MINUTE_MILLIS = 60_000;

/**
 * sealed: read, and read again when nothing later than max_lateness could come. backfilled: read by a backfill. open:
 * read, but not sealed: what comes late may be missing. pending: not read yet. unread: before reading began, and not backfilled;
 * or after the log group was deleted. gap: could not be read.
 */
export const COVERAGE_STATES = ['sealed', 'backfilled', 'open', 'pending', 'unread', 'gap'] as const;
export type CoverageState = (typeof COVERAGE_STATES)[number];
export type GapReason = Gap['reason'];

/** What the state store holds of a partition; there may be backfills of one that is not followed yet. */
export interface PartitionReading {
  readonly live: Checkpoint | undefined;
  readonly backfills: readonly Checkpoint[];
  readonly liveCounts: readonly HourCounts[];
  readonly backfillCounts: readonly HourCounts[];
}

/** A minute or several; both ends belong to it. Events are counted once, by what read them first. */
export interface CoverageSpan extends TimeRange {
  readonly state: CoverageState;
  /** Of a gap. */
  readonly reason?: GapReason;
  readonly liveEvents: number;
  readonly backfilledEvents: number;
}

type Standing = { readonly state: CoverageState; readonly reason?: GapReason };

/** By how much they ask for a look, least first. */
const STANDINGS: readonly Standing[] = [
  ...COVERAGE_STATES.slice(0, -1).map((state) => ({ state })),
  ...(['expired', 'deleted', 'denied', 'unreadable'] as const).map(
    (reason) => ({ state: 'gap', reason }) as const,
  ),
];
const rankOf = (state: CoverageState, reason?: GapReason) =>
  STANDINGS.findIndex((one) => one.state === state && one.reason === reason);

/** Whole minutes of the past that a range touches; undefined when it lies in the future. */
export function wholeMinutes(range: TimeRange, nowMillis: number): TimeRange | undefined {
  const toMillis = Math.min(range.toMillis, nowMillis);
  if (toMillis < range.fromMillis) return undefined;
  return { fromMillis: minuteOf(range.fromMillis), toMillis: minuteOf(toMillis) + MINUTE_MILLIS - 1 };
}

/** One span a minute, ascending. `range` is of whole minutes. */
export function coverageByMinute(reading: PartitionReading, range: TimeRange): CoverageSpan[] {
  const ranks = ranksOf(reading, range);
  const live = countsOf(reading.liveCounts, range);
  const backfilled = countsOf(reading.backfillCounts, range);
  return Array.from(ranks, (rank, index) => {
    const fromMillis = range.fromMillis + index * MINUTE_MILLIS;
    return {
      fromMillis,
      toMillis: fromMillis + MINUTE_MILLIS - 1,
      ...(STANDINGS[rank] as Standing),
      liveEvents: live[index] as number,
      backfilledEvents: backfilled[index] as number,
    };
  });
}

/** How many minutes of a range stand in each state. `range` is of whole minutes. */
export function minutesByState(
  reading: Pick<PartitionReading, 'live' | 'backfills'>,
  range: TimeRange,
): Record<CoverageState, number> {
  const minutes = { sealed: 0, backfilled: 0, open: 0, pending: 0, unread: 0, gap: 0 };
  const counts = new Uint32Array(STANDINGS.length);
  for (const rank of ranksOf(reading, range)) counts[rank] = (counts[rank] as number) + 1;
  STANDINGS.forEach(({ state }, rank) => {
    minutes[state] += counts[rank] as number;
  });
  return minutes;
}

/** Neighbours in one state become one span. */
export function mergeSpans(spans: readonly CoverageSpan[]): CoverageSpan[] {
  const merged: CoverageSpan[] = [];
  for (const span of spans) {
    const last = merged.at(-1);
    const isSame = last !== undefined && last.state === span.state && last.reason === span.reason;
    if (isSame) merged[merged.length - 1] = together(last, span);
    else merged.push(span);
  }
  return merged;
}

/** Each so many neighbours become one span, in the state that asks most for a look. */
export function groupSpans(spans: readonly CoverageSpan[], size: number): CoverageSpan[] {
  const groups: CoverageSpan[] = [];
  spans.forEach((span, index) => {
    const last = groups.at(-1);
    if (last === undefined || index % size === 0) groups.push(span);
    else groups[groups.length - 1] = together(last, span);
  });
  return groups;
}

function together(first: CoverageSpan, second: CoverageSpan): CoverageSpan {
  const isFirst = rankOf(first.state, first.reason) >= rankOf(second.state, second.reason);
  return {
    ...(isFirst ? first : second),
    fromMillis: first.fromMillis,
    toMillis: second.toMillis,
    liveEvents: first.liveEvents + second.liveEvents,
    backfilledEvents: first.backfilledEvents + second.backfilledEvents,
  };
}

/** Painted over each other, what asks least for a look first. */
function ranksOf(
  { live, backfills }: Pick<PartitionReading, 'live' | 'backfills'>,
  range: TimeRange,
): Uint8Array {
  const ranks = new Uint8Array((range.toMillis + 1 - range.fromMillis) / MINUTE_MILLIS).fill(
    rankOf('sealed'),
  );
  const paint = ({ fromMillis, toMillis }: TimeRange, rank: number) => {
    if (toMillis < fromMillis) return;
    const first = Math.floor((fromMillis - range.fromMillis) / MINUTE_MILLIS);
    const last = Math.floor((toMillis - range.fromMillis) / MINUTE_MILLIS);
    ranks.fill(rank, Math.max(0, first), Math.max(0, last + 1));
  };
  const beganMillis = live?.coveredFromMillis ?? Number.POSITIVE_INFINITY;
  const covered = backfills.map((one) => readBy(one, beganMillis));
  for (const one of covered) paint(one, rankOf('backfilled'));
  if (live !== undefined) {
    const { watermarkMillis, headMillis } = live;
    const pendingMillis = Math.ceil(headMillis / MINUTE_MILLIS) * MINUTE_MILLIS;
    paint({ fromMillis: watermarkMillis, toMillis: pendingMillis - 1 }, rankOf('open'));
    const ahead = isDeleted(live) ? 'unread' : 'pending';
    paint({ fromMillis: pendingMillis, toMillis: range.toMillis }, rankOf(ahead));
    for (const done of live.doneAhead)
      paint({ ...done, fromMillis: Math.max(done.fromMillis, headMillis) }, rankOf('open'));
    covered.push({ fromMillis: beganMillis, toMillis: Number.POSITIVE_INFINITY });
  }
  const known = covered.filter(({ fromMillis, toMillis }) => fromMillis <= toMillis);
  for (const rest of uncoveredRanges(range, known)) paint(rest, rankOf('unread'));
  for (const gap of live?.gaps ?? []) if (gap.lateOnly === true) paint(gap, rankOf('open'));
  for (const gap of gapsOf({ live, backfills })) paint(gap, rankOf('gap', gap.reason));
  return ranks;
}

/** What could not be read at all; of backfills, where nothing else has read. By their begin. */
export function gapsOf({ live, backfills }: Pick<PartitionReading, 'live' | 'backfills'>): readonly Gap[] {
  const beganMillis = live?.coveredFromMillis ?? Number.POSITIVE_INFINITY;
  const ofBackfills = backfills.flatMap((backfill) => {
    const others = backfills.filter((other) => other !== backfill).map((one) => readBy(one, beganMillis));
    const covered = [...others, { fromMillis: beganMillis, toMillis: Number.POSITIVE_INFINITY }];
    return backfill.gaps.flatMap((gap) => uncoveredRanges(gap, covered).map((rest) => ({ ...gap, ...rest })));
  });
  return [...ofBackfills, ...(live?.gaps ?? [])]
    .filter(({ lateOnly }) => lateOnly !== true)
    .toSorted((a, b) => a.fromMillis - b.fromMillis);
}

function readBy({ coveredFromMillis, headMillis }: Checkpoint, beganMillis: number): TimeRange {
  return { fromMillis: coveredFromMillis, toMillis: Math.min(headMillis, beganMillis) - 1 };
}

/** Nothing more is expected: the log group is gone, and was not made again since. */
function isDeleted({ gaps, headMillis }: Checkpoint): boolean {
  const last = gaps.at(-1);
  return last?.reason === 'deleted' && last.toMillis >= headMillis;
}

function countsOf(hours: readonly HourCounts[], range: TimeRange): Float64Array {
  const counts = new Float64Array((range.toMillis + 1 - range.fromMillis) / MINUTE_MILLIS);
  for (const { hourStartMillis, byMinute } of hours) {
    const first = (hourStartMillis - range.fromMillis) / MINUTE_MILLIS;
    byMinute.forEach((count, minute) => {
      const index = first + minute;
      if (index >= 0 && index < counts.length) counts[index] = (counts[index] as number) + count;
    });
  }
  return counts;
}

function minuteOf(millis: number): number {
  return Math.floor(millis / MINUTE_MILLIS) * MINUTE_MILLIS;
}
