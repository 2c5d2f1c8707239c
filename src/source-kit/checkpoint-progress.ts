/**
 * What a checkpoint becomes: pure functions of what was read, and when.
 *
 *            coveredFrom        watermark             reread             head         now
 *   ─────────────┼──────────────────┼───────────────────┼──────────────────┼───────────┤
 *                 sealed: read when  read again when the  read once, or again
 *                 max_lateness had   horizon had passed   by the overlap
 *                 passed
 *
 * Each of the three moves by the same rule: a slice that begins at or before it, and was read whole, moves it to the
 * slice's end, but no further than what was old enough when reading began.
 */
import type { Checkpoint, Gap } from '../contracts/checkpoint.ts';
import type { Slice } from '../contracts/pull-source.ts';
import { nothingLearned } from './lateness.ts';

/** What FilterLogEvents puts into a page at most. */
export const EVENTS_A_PAGE = 10_000;
const SMALLEST_SHARE = 1e-4;
const MAX_GAPS_KEPT = 100;

export interface ProgressSettings {
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
    rereadMillis: fromMillis,
    headMillis: fromMillis,
    sweptAtMillis: nowMillis,
    lateness: nothingLearned,
    eventsPerSecond: 0,
    doneAhead: [],
    gaps: [],
  };
}

/** Everything before was read again, or for the first time, when the horizon had passed. */
export function rereadOf({ rereadMillis, watermarkMillis, headMillis }: Checkpoint): number {
  return Math.min(headMillis, Math.max(rereadMillis ?? watermarkMillis, watermarkMillis));
}

/** What reading a slice took. */
export interface SliceCost {
  readonly pages: number;
  /** Events that were fetched, those that are left out included. */
  readonly fetched: number;
  /** Events that are read, known ones included. */
  readonly kept: number;
}

/** After a slice was read whole; `startedMillis` is the service's time when its first request was sent. */
export function afterSlice(
  checkpoint: Checkpoint,
  slice: Slice,
  cost: SliceCost,
  startedMillis: number,
  maxLatenessMillis: number,
): Checkpoint {
  const headMillis = moved(checkpoint.headMillis, slice, startedMillis);
  const upToHead = { ...slice, toMillis: Math.min(slice.toMillis, headMillis) };
  const isWhole =
    slice.fromMillis <= checkpoint.watermarkMillis + 1 && slice.toMillis >= checkpoint.headMillis;
  return {
    ...checkpoint,
    headMillis,
    rereadMillis: moved(rereadOf(checkpoint), upToHead, startedMillis - checkpoint.lateness.horizonMillis),
    watermarkMillis: moved(checkpoint.watermarkMillis, upToHead, startedMillis - maxLatenessMillis),
    keptShare: keptShareAfter(checkpoint, cost),
    ...(isWhole && { sweptAtMillis: startedMillis }),
    ...(slice.priority !== 'sweep' && {
      eventsPerSecond: densityAfter(checkpoint, slice, cost, startedMillis),
    }),
  };
}

/** Up at once, down by halves: a slice too large costs more than one too small. */
function densityAfter(checkpoint: Checkpoint, slice: Slice, cost: SliceCost, startedMillis: number): number {
  const faded = checkpoint.eventsPerSecond / 2;
  return Math.max(loadOf(cost) / readSeconds(slice, startedMillis), faded < 0.001 ? 0 : faded);
}

/** A page ends at 10,000 events or 1 MB, and may be empty where the service filters; a request each of them takes. */
function loadOf({ pages, fetched }: SliceCost): number {
  return Math.max(fetched, (pages - 1) * EVENTS_A_PAGE);
}

/** Over about the last ten pages. */
function keptShareAfter({ keptShare = 1 }: Checkpoint, cost: SliceCost): number {
  const load = loadOf(cost);
  const weight = 10 * EVENTS_A_PAGE;
  return Math.max(SMALLEST_SHARE, (keptShare * weight + Math.min(cost.kept, load)) / (weight + load));
}

function moved(millis: number, slice: Slice, oldEnoughMillis: number): number {
  // Both ends of a slice belong to it, so the next one begins a millisecond later.
  if (slice.fromMillis > millis + 1) return millis;
  return Math.max(millis, Math.min(slice.toMillis, oldEnoughMillis));
}

/**
 * After a slice was given up because it holds too much to be one: the next plan cuts finer. What was read of it stays,
 * known by its ids.
 */
export function afterTooDense(
  checkpoint: Checkpoint,
  slice: Slice,
  cost: SliceCost,
  startedMillis: number,
): Checkpoint {
  const seen = loadOf(cost) / readSeconds(slice, startedMillis);
  return {
    ...checkpoint,
    keptShare: keptShareAfter(checkpoint, cost),
    eventsPerSecond: 2 * Math.max(seen, checkpoint.eventsPerSecond),
  };
}

function readSeconds(slice: Slice, nowMillis: number): number {
  return Math.max(1, Math.min(slice.toMillis, nowMillis) - slice.fromMillis + 1) / 1000;
}

/** What the service has let go before it was read becomes a gap, and reading goes on where there is something. */
export function skipExpired(
  checkpoint: Checkpoint,
  nowMillis: number,
  { retentionMillis }: ProgressSettings,
): Checkpoint {
  if (retentionMillis === undefined) return checkpoint;
  const earliestMillis = nowMillis - retentionMillis;
  if (checkpoint.headMillis >= earliestMillis) return checkpoint;
  return withGap(
    {
      ...checkpoint,
      headMillis: earliestMillis,
      rereadMillis: Math.max(rereadOf(checkpoint), earliestMillis),
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
 * What of a range of the past the service has let go already, as a gap. It is read all the same: the service may still show
 * some of it.
 */
export function noteExpiredPast(
  checkpoint: Checkpoint,
  toMillis: number,
  nowMillis: number,
  retentionMillis: number | undefined,
): Checkpoint {
  if (retentionMillis === undefined) return checkpoint;
  const { headMillis: fromMillis } = checkpoint;
  const endMillis = Math.min(toMillis, nowMillis - retentionMillis - 1);
  if (endMillis < fromMillis) return checkpoint;
  return withGap(checkpoint, {
    fromMillis,
    toMillis: endMillis,
    reason: 'expired',
    recordedAtMillis: nowMillis,
  });
}

/**
 * A log group that was deleted and made again is read on under the same checkpoint: what is new has ids of its own, and
 * what comes late is swept for as ever. What the old one held after the last read of it is lost, which is a gap.
 */
export function noteRemade(
  checkpoint: Checkpoint,
  createdMillis: number | undefined,
  nowMillis: number,
  { everyMillis }: ProgressSettings,
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

/** What expires bit by bit, while nothing can be read, is one gap that grows. */
export function withGap(checkpoint: Checkpoint, gap: Gap): Checkpoint {
  const last = checkpoint.gaps.at(-1);
  const grows =
    gap.reason === 'expired' && last?.reason === 'expired' && gap.fromMillis === last.toMillis + 1;
  const others = grows ? checkpoint.gaps.slice(0, -1) : checkpoint.gaps;
  const whole = grows ? { ...gap, fromMillis: last.fromMillis } : gap;
  return { ...checkpoint, gaps: [...others, whole].slice(-MAX_GAPS_KEPT) };
}
