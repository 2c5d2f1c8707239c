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

/** After a slice was read whole; `startedMillis` is the service's time when its first request was sent. */
export function afterSlice(
  checkpoint: Checkpoint,
  slice: Slice,
  events: number,
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
    ...(isWhole && { sweptAtMillis: startedMillis }),
    ...(slice.priority !== 'sweep' && {
      eventsPerSecond: densityAfter(checkpoint, slice, events, startedMillis),
    }),
  };
}

/** Up at once, down by halves: a slice too large costs more than one too small. */
function densityAfter(checkpoint: Checkpoint, slice: Slice, events: number, startedMillis: number): number {
  const faded = checkpoint.eventsPerSecond / 2;
  return Math.max(events / readSeconds(slice, startedMillis), faded < 0.001 ? 0 : faded);
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
  events: number,
  startedMillis: number,
): Checkpoint {
  return {
    ...checkpoint,
    eventsPerSecond: 2 * Math.max(events / readSeconds(slice, startedMillis), checkpoint.eventsPerSecond),
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

export function withGap(checkpoint: Checkpoint, gap: Gap): Checkpoint {
  return { ...checkpoint, gaps: [...checkpoint.gaps, gap].slice(-MAX_GAPS_KEPT) };
}
