/**
 * Which slices of a partition to read next: pure decisions over a checkpoint and the service's time.
 *
 *            coveredFrom        watermark              head        now           now + 2 h
 *   ─────────────┼──────────────────┼───────────────────┼───────────┼────────────────┤
 *                 sealed, never      swept rarely  ┌─ horizon ─┐
 *                 read again                       └── head slices: read at every poll ──┘
 */
import type { Checkpoint, Gap, TimeRange } from '../contracts/checkpoint.ts';
import type { ReadPriority, Slice } from '../contracts/pull-source.ts';

/** PutLogEvents accepts timestamps this far ahead (shared facts on AWS, hazard 2). */
export const FUTURE_MILLIS = 2 * 3_600_000;
/** Until it is learned: where one log stream was seen growing, it did so over about 90 s, and most of it within 60 s. */
export const FIRST_HORIZON_MILLIS = 60_000;
/** A slice of about five pages: large enough to be cheap, small enough to be read again whole. */
const TARGET_EVENTS = 50_000;
const FIRST_SPAN_MILLIS = 15 * 60_000;
const MAX_SPAN_MILLIS = 6 * 3_600_000;
const SLICES_PLANNED = 8;
const MAX_GAPS_KEPT = 100;
const EVENTS_A_PAGE = 10_000;

export interface PlanSettings {
  readonly everyMillis: number;
  readonly maxLatenessMillis: number;
  readonly retentionMillis?: number;
}

export function firstCheckpoint(nowMillis: number, startBeforeMillis: number): Checkpoint {
  const fromMillis = nowMillis - startBeforeMillis;
  return {
    version: 1,
    coveredFromMillis: fromMillis,
    watermarkMillis: fromMillis,
    headMillis: fromMillis,
    sweptAtMillis: nowMillis,
    lateness: { horizonMillis: FIRST_HORIZON_MILLIS, histogram: [] },
    eventsPerSecond: 0,
    doneAhead: [],
    gaps: [],
  };
}

/** Where a poll begins to read: the horizon before the head, which was read before and may have grown. */
export function headStart(checkpoint: Checkpoint, nowMillis: number): number {
  const behindMillis = Math.min(checkpoint.headMillis, nowMillis) - checkpoint.lateness.horizonMillis;
  return Math.max(checkpoint.watermarkMillis, behindMillis);
}

/**
 * The next slices of a poll that has come to `fromMillis`, ascending, up to two hours ahead. Never empty; plan again
 * after them. A poll goes on from where its last slice ended, never from the head: it would not get on where a slice
 * is shorter than the horizon.
 */
export function planHead(
  checkpoint: Checkpoint,
  nowMillis: number,
  settings: PlanSettings,
  fromMillis = headStart(checkpoint, nowMillis),
): Slice[] {
  const priorityOf = (range: TimeRange): ReadPriority =>
    settings.retentionMillis !== undefined && range.fromMillis < nowMillis - settings.retentionMillis * 0.9
      ? 'expiring'
      : 'live';
  const presentMillis = Math.max(fromMillis, nowMillis);
  return cutRange({ fromMillis, toMillis: presentMillis }, spanMillis(checkpoint)).map((range) => ({
    fromMillis: range.fromMillis,
    // What is ahead of the present belongs to the last slice: it is nearly always empty.
    toMillis: range.toMillis === presentMillis ? nowMillis + FUTURE_MILLIS : range.toMillis,
    priority: priorityOf(range),
  }));
}

/** Whether a slice is the one that reaches the present. */
export function reachesPresent(slice: Slice, nowMillis: number): boolean {
  return slice.toMillis >= nowMillis;
}

/**
 * Whether the part between watermark and head is due to be read again. Often enough that a late event is found in a
 * fraction of the longest lateness; rarely enough that sweeping costs no more requests than reading the head does.
 */
export function isSweepDue(checkpoint: Checkpoint, nowMillis: number, settings: PlanSettings): boolean {
  const sweptMillis = checkpoint.headMillis - checkpoint.watermarkMillis;
  if (sweptMillis <= checkpoint.lateness.horizonMillis) return false;
  const pages = (millis: number) => Math.max(1, (checkpoint.eventsPerSecond * millis) / 1000 / EVENTS_A_PAGE);
  const headPages = pages(checkpoint.lateness.horizonMillis + settings.everyMillis);
  const affordableMillis = (settings.everyMillis * pages(sweptMillis)) / headPages;
  const wantedMillis = Math.max(60_000, settings.maxLatenessMillis / 12);
  const intervalMillis = Math.min(settings.maxLatenessMillis, Math.max(wantedMillis, affordableMillis));
  return nowMillis - checkpoint.sweptAtMillis >= intervalMillis;
}

/** The next slices of a sweep that has come to `fromMillis`; none when it is through. */
export function planSweep(checkpoint: Checkpoint, fromMillis: number): Slice[] {
  const toMillis = checkpoint.headMillis - checkpoint.lateness.horizonMillis;
  if (toMillis <= fromMillis) return [];
  return cutRange({ fromMillis, toMillis }, spanMillis(checkpoint)).map((range) => ({
    ...range,
    priority: 'sweep',
  }));
}

/** Slices of a bounded range of the past, the next ones first. */
export function planBackfill(checkpoint: Checkpoint, toMillis: number): Slice[] {
  if (checkpoint.headMillis > toMillis) return [];
  return cutRange({ fromMillis: checkpoint.headMillis, toMillis }, spanMillis(checkpoint)).map((range) => ({
    ...range,
    priority: 'backfill',
  }));
}

/** After a slice of a backfill was read whole. What is older than the longest lateness will not be read again. */
export function afterBackfillSlice(
  checkpoint: Checkpoint,
  slice: Slice,
  events: number,
  nowMillis: number,
  maxLatenessMillis: number,
): Checkpoint {
  const headMillis = slice.toMillis + 1;
  return {
    ...afterSlice(checkpoint, slice, events, nowMillis),
    headMillis,
    watermarkMillis: Math.max(
      checkpoint.watermarkMillis,
      Math.min(headMillis, nowMillis - maxLatenessMillis),
    ),
  };
}

/** After a slice was read whole: what the next checkpoint knows. */
export function afterSlice(
  checkpoint: Checkpoint,
  slice: Slice,
  events: number,
  nowMillis: number,
): Checkpoint {
  const readToMillis = Math.min(slice.toMillis, nowMillis);
  // Up at once, down by halves: a slice too large costs more than one too small.
  const faded = checkpoint.eventsPerSecond / 2;
  return {
    ...checkpoint,
    headMillis:
      slice.priority === 'sweep' ? checkpoint.headMillis : Math.max(checkpoint.headMillis, readToMillis),
    eventsPerSecond: Math.max(events / readSeconds(slice, nowMillis), faded < 0.001 ? 0 : faded),
  };
}

/** After a sweep that began at `startedMillis` has read everything between watermark and head again. */
export function afterSweep(
  checkpoint: Checkpoint,
  startedMillis: number,
  settings: PlanSettings,
): Checkpoint {
  const sealedMillis = Math.min(
    startedMillis - settings.maxLatenessMillis,
    checkpoint.headMillis - checkpoint.lateness.horizonMillis,
  );
  return {
    ...checkpoint,
    sweptAtMillis: startedMillis,
    watermarkMillis: Math.max(checkpoint.watermarkMillis, sealedMillis),
  };
}

/** What the service has let go before it was read becomes a gap, and reading goes on where there is something. */
export function skipExpired(checkpoint: Checkpoint, nowMillis: number, settings: PlanSettings): Checkpoint {
  if (settings.retentionMillis === undefined) return checkpoint;
  const earliestMillis = nowMillis - settings.retentionMillis;
  if (checkpoint.headMillis >= earliestMillis) return checkpoint;
  return withGap(
    {
      ...checkpoint,
      headMillis: earliestMillis,
      watermarkMillis: Math.max(checkpoint.watermarkMillis, earliestMillis),
    },
    {
      fromMillis: checkpoint.headMillis,
      toMillis: earliestMillis - 1,
      reason: 'expired',
      recordedAtMillis: nowMillis,
    },
  );
}

/**
 * A log group that was deleted and made again is read on under the same checkpoint: what is new has ids of its own, and
 * what comes late is swept for as ever. What the old one held after the last read of it is lost, which is a gap.
 */
export function noteRemade(
  checkpoint: Checkpoint,
  createdMillis: number | undefined,
  nowMillis: number,
  { everyMillis }: PlanSettings,
): Checkpoint {
  if (createdMillis === undefined || createdMillis === checkpoint.createdMillis) return checkpoint;
  const noted = { ...checkpoint, createdMillis };
  if (checkpoint.createdMillis === undefined) return noted;
  const lastReadMillis = Math.min(checkpoint.headMillis, createdMillis - everyMillis);
  const last = checkpoint.gaps.at(-1);
  const knownMillis = last?.reason === 'deleted' ? last.toMillis + 1 : checkpoint.coveredFromMillis;
  const fromMillis = Math.max(checkpoint.coveredFromMillis, knownMillis, lastReadMillis);
  if (fromMillis >= createdMillis) return noted;
  return withGap(noted, {
    fromMillis,
    toMillis: createdMillis - 1,
    reason: 'deleted',
    recordedAtMillis: nowMillis,
  });
}

export function withGap(checkpoint: Checkpoint, gap: Gap): Checkpoint {
  return { ...checkpoint, gaps: [...checkpoint.gaps, gap].slice(-MAX_GAPS_KEPT) };
}

/**
 * After a slice was given up because it holds too much to be one: the next plan cuts finer. What was read of it stays,
 * known by its ids.
 */
export function afterTooDense(
  checkpoint: Checkpoint,
  slice: Slice,
  events: number,
  nowMillis: number,
): Checkpoint {
  return {
    ...checkpoint,
    eventsPerSecond: 2 * Math.max(events / readSeconds(slice, nowMillis), checkpoint.eventsPerSecond),
  };
}

function readSeconds(slice: Slice, nowMillis: number): number {
  return Math.max(1, Math.min(slice.toMillis, nowMillis) - slice.fromMillis + 1) / 1000;
}

function spanMillis(checkpoint: Checkpoint): number {
  const unknown = checkpoint.eventsPerSecond === 0 && checkpoint.headMillis === checkpoint.coveredFromMillis;
  if (unknown) return FIRST_SPAN_MILLIS;
  if (checkpoint.eventsPerSecond === 0) return MAX_SPAN_MILLIS;
  return Math.min(
    MAX_SPAN_MILLIS,
    Math.max(1, Math.floor((TARGET_EVENTS / checkpoint.eventsPerSecond) * 1000)),
  );
}

/** The first pieces of a range, both ends inclusive; the last piece may be half as long again, so that no sliver is left. */
function cutRange(range: TimeRange, spanMillis: number): TimeRange[] {
  const pieces: TimeRange[] = [];
  for (let fromMillis = range.fromMillis; pieces.length < SLICES_PLANNED; fromMillis += spanMillis) {
    const isLast = range.toMillis - fromMillis + 1 <= spanMillis * 1.5;
    pieces.push({ fromMillis, toMillis: isLast ? range.toMillis : fromMillis + spanMillis - 1 });
    if (isLast) break;
  }
  return pieces;
}
