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
import type { Checkpoint } from '../contracts/checkpoint.ts';
import type { Partition, Slice } from '../contracts/pull-source.ts';
import { withGap, withoutDeletion, withUnread } from './gaps.ts';
import { nothingLearned } from './lateness.ts';
import { loadOf, pageFillAfter, type SliceCost } from './page-load.ts';

/** "It typically takes up to 72 hours" from expiry to deletion (CloudWatch Logs, Working with log groups). */
const SHOWN_AFTER_EXPIRY_MILLIS = 72 * 3_600_000;
/** Less than a page in a quarter of a day is as good as none. */
const LEAST_PAGES_A_SECOND = 1e-7;
const NEARLY_AS_MUCH = 0.985;

export interface ProgressSettings {
  readonly everyMillis: number;
  readonly maxLatenessMillis: number;
  readonly retentionMillis?: number | undefined;
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
    doneAhead: [],
    gaps: [],
  };
}

/** Everything before was read again, or for the first time, when the horizon had passed. */
export function rereadOf({ rereadMillis, watermarkMillis, headMillis }: Checkpoint): number {
  return Math.min(headMillis, Math.max(rereadMillis ?? watermarkMillis, watermarkMillis));
}

/** When a slice was read, in the service's time. */
export interface SliceTimes {
  /** Its first request was sent no earlier. */
  readonly startedMillis: number;
  /** Its last reply was made no later. */
  readonly repliedMillis: number;
}

/** After a slice was read whole. */
export function afterSlice(
  checkpoint: Checkpoint,
  slice: Slice,
  cost: SliceCost,
  { startedMillis, repliedMillis }: SliceTimes,
  { maxLatenessMillis, retentionMillis }: Pick<ProgressSettings, 'maxLatenessMillis' | 'retentionMillis'>,
): Checkpoint {
  const headMillis = moved(checkpoint.headMillis, slice, startedMillis);
  const upToHead = { ...slice, toMillis: Math.min(slice.toMillis, headMillis) };
  const isWhole =
    slice.fromMillis <= checkpoint.watermarkMillis + 1 && slice.toMillis >= checkpoint.headMillis;
  const after = {
    ...checkpoint,
    headMillis,
    ...(headMillis > checkpoint.headMillis && { headAskedAtMillis: startedMillis }),
    rereadMillis: moved(rereadOf(checkpoint), upToHead, startedMillis - checkpoint.lateness.horizonMillis),
    watermarkMillis: moved(checkpoint.watermarkMillis, upToHead, startedMillis - maxLatenessMillis),
    ...pageFillAfter(checkpoint, cost),
    ...(isWhole && { sweptAtMillis: startedMillis }),
    lastReplyMillis: repliedMillis,
    ...(slice.priority !== 'sweep' && {
      pagesPerSecond: densityAfter(checkpoint, slice, cost, startedMillis),
    }),
  };
  return withExpired(checkpoint, after, repliedMillis, retentionMillis);
}

/**
 * Up at once, since a slice too large costs more than one too small; down by halves, but slowly where it is not much less:
 * the newest seconds are never complete.
 */
function densityAfter(checkpoint: Checkpoint, slice: Slice, cost: SliceCost, startedMillis: number): number {
  const { pagesPerSecond: before = 0 } = checkpoint;
  const load = loadOf(cost, { ...checkpoint, ...pageFillAfter(checkpoint, cost) });
  const seen = load / readSeconds(slice, startedMillis);
  if (seen >= before / 2) return Math.max(seen, before * NEARLY_AS_MUCH);
  return before / 2 < LEAST_PAGES_A_SECOND ? 0 : before / 2;
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
  const seen = cost.pageEvents.length / readSeconds(slice, startedMillis);
  return {
    ...checkpoint,
    ...pageFillAfter(checkpoint, cost),
    pagesPerSecond: 2 * Math.max(seen, checkpoint.pagesPerSecond ?? 0),
  };
}

function readSeconds(slice: Slice, nowMillis: number): number {
  return Math.max(1, Math.min(slice.toMillis, nowMillis) - slice.fromMillis + 1) / 1000;
}

/**
 * What the service has let go is not asked for any more: it is a gap, and reading goes on where there may be something, or
 * at `endMillis`. Of what has expired in the last three days it may still show some, so that is read, and becomes a gap by
 * that.
 */
export function skipExpired(
  checkpoint: Checkpoint,
  nowMillis: number,
  { retentionMillis }: Pick<ProgressSettings, 'retentionMillis'>,
  endMillis = Number.POSITIVE_INFINITY,
): Checkpoint {
  if (retentionMillis === undefined) return checkpoint;
  const earliestMillis = Math.min(endMillis, nowMillis - retentionMillis - SHOWN_AFTER_EXPIRY_MILLIS);
  if (checkpoint.headMillis >= earliestMillis) return checkpoint;
  const skipped = {
    ...checkpoint,
    headMillis: earliestMillis,
    rereadMillis: Math.max(rereadOf(checkpoint), earliestMillis),
    watermarkMillis: Math.max(checkpoint.watermarkMillis, earliestMillis),
  };
  return withExpired(checkpoint, skipped, nowMillis, retentionMillis);
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
 * The gaps that the marks of `after` have passed over: what had expired when it was read for the first time, and of what
 * had been read before, what had expired before it could be sealed.
 */
function withExpired(
  before: Checkpoint,
  after: Checkpoint,
  nowMillis: number,
  retentionMillis: number | undefined,
): Checkpoint {
  if (retentionMillis === undefined) return after;
  const expiredToMillis = nowMillis - retentionMillis - 1;
  const never = {
    fromMillis: before.headMillis,
    toMillis: Math.min(after.headMillis - 1, expiredToMillis),
  };
  const late = {
    fromMillis: before.watermarkMillis,
    toMillis: Math.min(after.watermarkMillis, before.headMillis - 1, expiredToMillis),
  };
  return withUnread(after, { never, late }, 'expired', nowMillis);
}

/**
 * The log group is gone. Whatever is there now under its name is read on under the same checkpoint when it is found: what
 * is new has ids of its own, and what comes late is swept for as ever.
 */
export function noteDeleted(checkpoint: Checkpoint, nowMillis: number): Checkpoint {
  const { headMillis, watermarkMillis, gaps } = checkpoint;
  const last = gaps.at(-1);
  if (last?.reason === 'deleted' && last.toMillis >= headMillis) return checkpoint;
  const never = { fromMillis: headMillis, toMillis: nowMillis };
  const late = { fromMillis: watermarkMillis, toMillis: headMillis - 1 };
  return withUnread(checkpoint, { never, late }, 'deleted', nowMillis);
}

type Found = Pick<Partition, 'createdMillis' | 'describedMillis'>;

/**
 * Tells a log group that was deleted and made again. What the old one held after the last read of it is lost, which is a
 * gap: from the head, when nothing was read since the new one is there; otherwise from where the head was when the old one
 * was last found.
 */
export function noteFound(
  checkpoint: Checkpoint,
  { createdMillis, describedMillis = Number.NEGATIVE_INFINITY }: Found,
  nowMillis: number,
): Checkpoint {
  if (createdMillis === undefined) return checkpoint;
  if (checkpoint.createdMillis === createdMillis)
    return confirmed(withoutDeletion(checkpoint, createdMillis, describedMillis), describedMillis);
  if (checkpoint.createdMillis === undefined)
    return confirmed({ ...checkpoint, createdMillis }, Number.POSITIVE_INFINITY);
  const { lastReplyMillis, coveredFromMillis, gaps } = checkpoint;
  const isUnread = lastReplyMillis === undefined || lastReplyMillis < createdMillis;
  const marks = isUnread ? checkpoint : (checkpoint.confirmed ?? checkpoint);
  const last = gaps.at(-1);
  const isKnown = last?.reason === 'deleted' && last.toMillis >= marks.headMillis;
  const toMillis = createdMillis - 1;
  const never = {
    fromMillis: Math.max(coveredFromMillis, isKnown ? last.toMillis + 1 : marks.headMillis),
    toMillis,
  };
  const late = {
    fromMillis: marks.watermarkMillis,
    toMillis: isKnown ? Number.NEGATIVE_INFINITY : Math.min(toMillis, marks.headMillis - 1),
  };
  const remade = {
    ...checkpoint,
    createdMillis,
    // Of the new one there is nothing from before it was made.
    confirmed: {
      headMillis: Math.min(checkpoint.headMillis, createdMillis),
      watermarkMillis: Math.min(checkpoint.watermarkMillis, createdMillis),
    },
  };
  return withUnread(remade, { never, late }, 'deleted', nowMillis);
}

function confirmed(checkpoint: Checkpoint, describedMillis: number): Checkpoint {
  const { headMillis, watermarkMillis, lastReplyMillis = Number.NEGATIVE_INFINITY } = checkpoint;
  if (lastReplyMillis >= describedMillis || checkpoint.confirmed?.headMillis === headMillis)
    return checkpoint;
  return { ...checkpoint, confirmed: { headMillis, watermarkMillis } };
}
