/**
 * Which slices of a partition to read next: pure decisions over a checkpoint and the service's time.
 *
 *            watermark            reread                 head        now           now + 2 h
 *   ─────────────┼───────────────────┼─────────────────────┼───────────┼────────────────┤
 *     sealed     │                   │   ┌─ overlap ─┐
 *                │                   │   └── head slices: read at every poll ──┘
 *     ← seal ──→ │← reread: once the horizon has passed →│
 *
 * Each event is so read when it is new (again while events usually come late), once more when the learned horizon has
 * passed (plan-rereads.ts), and once more before it is sealed; where a group has so few events that reading further back
 * costs nothing, by every poll.
 */
import type { Checkpoint, TimeRange } from '../contracts/checkpoint.ts';
import type { ReadPriority, Slice } from '../contracts/pull-source.ts';
import { type ProgressSettings, rereadOf } from './checkpoint-progress.ts';
import { overlapMillis } from './lateness.ts';
import {
  eventsAPage,
  FREE_EVENTS,
  FULL_PAGE,
  type KnownEvents,
  loadBetween,
  REREAD_LOAD,
  requestsFor,
  SLICE_LOAD,
} from './page-load.ts';
import { type Reread, rereadsDue } from './plan-rereads.ts';

/** PutLogEvents accepts timestamps this far ahead (shared facts on AWS, hazard 2). */
export const FUTURE_MILLIS = 2 * 3_600_000;
/** The newest events may wait for the next poll, where they would take a request more: their second is not complete yet. */
const NEWEST_MILLIS = 1000;
const FIRST_SPAN_MILLIS = 15 * 60_000;
const MAX_SPAN_MILLIS = 6 * 3_600_000;
/** Events that may lie between two ranges that are read as one, where that saves a request. */
const EVENTS_BETWEEN = 1000;
/** What is about to expire: the oldest tenth of what is kept. */
const EXPIRING_SHARE = 0.9;

/**
 * Where a poll begins to read. After an outage where the last mark is that everything from there on moves; otherwise as
 * far back as events usually come late, and further where that costs nothing: a few events more, or what is due to be read
 * again when one range takes no more requests than two.
 */
export function headStart(
  checkpoint: Checkpoint,
  known: KnownEvents,
  nowMillis: number,
  settings: ProgressSettings,
): number {
  const { headMillis, watermarkMillis, lateness, pagesPerSecond = 0, keptShare = 1 } = checkpoint;
  if (headMillis <= nowMillis - settings.maxLatenessMillis) return watermarkMillis;
  if (headMillis <= nowMillis - lateness.horizonMillis) return rereadOf(checkpoint);
  const baseMillis = Math.min(headMillis, nowMillis);
  const askedAtMillis = Math.min(checkpoint.headAskedAtMillis ?? headMillis, nowMillis);
  const overlapStart = Math.min(baseMillis, askedAtMillis - overlapMillis(lateness, settings.everyMillis));
  // What is fetched beside the new events in the same page.
  const load = loadBetween(checkpoint, known, overlapStart, nowMillis);
  const freeEvents = Math.min(FREE_EVENTS, (requestsFor(load) - load) * eventsAPage(checkpoint));
  const eventsPerMilli = (pagesPerSecond * eventsAPage(checkpoint)) / 1000;
  const freeSince = Math.max(
    known.newestSince(freeEvents * keptShare),
    baseMillis - Math.floor(freeEvents / eventsPerMilli),
  );
  const startMillis = Math.max(watermarkMillis, Math.min(overlapStart, freeSince));
  return rereadsDue(checkpoint, known, nowMillis, settings)
    .filter((due) => isReadAlong(checkpoint, known, due, startMillis, nowMillis))
    .reduce((earliest, { fromMillis }) => Math.min(earliest, fromMillis), startMillis);
}

/** Whether one range from what is due to the present takes no more requests than the two of them. */
function isReadAlong(
  checkpoint: Checkpoint,
  known: KnownEvents,
  due: Reread,
  startMillis: number,
  nowMillis: number,
): boolean {
  if (due.kind === 'sample' || known.countBetween(due.toMillis, startMillis) > EVENTS_BETWEEN) return false;
  const requests = (fromMillis: number, toMillis: number) =>
    requestsFor(loadBetween(checkpoint, known, fromMillis, toMillis));
  return (
    requests(due.fromMillis, nowMillis) <=
    requests(due.fromMillis, due.toMillis) + requests(startMillis, nowMillis)
  );
}

/**
 * Whether a poll may leave the newest events to the next one: not twice in a row, so that what is ahead of the present is
 * read by every other poll at least; and not where it catches up.
 */
export function mayLeaveNewest({ headMillis, headAskedAtMillis }: Checkpoint): boolean {
  return headAskedAtMillis === headMillis;
}

/**
 * The next slice of a poll that has come to `fromMillis`, up to two hours ahead. A poll goes on from where its last slice
 * ended, never from the head: it would not get on where a slice is shorter than the overlap.
 */
export function nextHeadSlice(
  checkpoint: Checkpoint,
  nowMillis: number,
  { retentionMillis }: ProgressSettings,
  fromMillis: number,
  leavesNewest = false,
): Slice {
  const presentMillis = Math.max(fromMillis, nowMillis);
  const { toMillis } = firstPiece({ fromMillis, toMillis: presentMillis }, spanMillis(checkpoint));
  const lastMillis = leavesNewest ? lastFullPage(checkpoint, fromMillis, nowMillis) : undefined;
  const isExpiring =
    retentionMillis !== undefined && fromMillis < nowMillis - retentionMillis * EXPIRING_SHARE;
  return {
    fromMillis,
    // What is ahead of the present belongs to the last slice: it is nearly always empty.
    toMillis: toMillis === presentMillis ? (lastMillis ?? presentMillis + FUTURE_MILLIS) : toMillis,
    priority: isExpiring ? 'expiring' : 'live',
  };
}

/** Where a slice ends that reaches the present but for the newest events, when these would take a page more. */
function lastFullPage(
  { pagesPerSecond = 0 }: Checkpoint,
  fromMillis: number,
  nowMillis: number,
): number | undefined {
  const pageMillis = (FULL_PAGE / pagesPerSecond) * 1000;
  const leastMillis = nowMillis - NEWEST_MILLIS - fromMillis;
  const endMillis = fromMillis + Math.floor(Math.ceil(leastMillis / pageMillis) * pageMillis);
  return leastMillis > 0 && endMillis < nowMillis ? endMillis : undefined;
}

/** Whether a slice is the last one of a poll. */
export function reachesPresent(slice: Slice, nowMillis: number): boolean {
  return slice.toMillis >= nowMillis - NEWEST_MILLIS;
}

/** The next slice of a range that is read again and has come to `fromMillis`; undefined when it is through. */
export function nextRereadSlice(
  checkpoint: Checkpoint,
  known: KnownEvents,
  { toMillis, isOverdue }: Pick<Reread, 'toMillis' | 'isOverdue'>,
  wantedFromMillis: number,
): Slice | undefined {
  // Of what is sealed no id is known: read again it would be taken for new.
  const fromMillis = Math.max(wantedFromMillis, checkpoint.watermarkMillis);
  if (fromMillis > toMillis) return undefined;
  const load = loadBetween(checkpoint, known, fromMillis, toMillis);
  const pieces = Math.max(1, Math.round(load / REREAD_LOAD));
  const span = Math.min(MAX_SPAN_MILLIS, Math.ceil((toMillis - fromMillis + 1) / pieces));
  return {
    ...firstPiece({ fromMillis, toMillis }, span),
    // Late it may be, but what is never sealed is kept in memory for ever.
    priority: isOverdue ? 'live' : 'sweep',
  };
}

/** The next slice of a bounded range of the past that has come to `fromMillis`; undefined when it is through. */
export function nextBackfillSlice(
  checkpoint: Checkpoint,
  toMillis: number,
  fromMillis: number,
): Slice | undefined {
  if (fromMillis > toMillis) return undefined;
  const priority: ReadPriority = 'backfill';
  return { ...firstPiece({ fromMillis, toMillis }, spanMillis(checkpoint)), priority };
}

function spanMillis({ pagesPerSecond = 0, headMillis, coveredFromMillis }: Checkpoint): number {
  const isUnknown = pagesPerSecond === 0 && headMillis === coveredFromMillis;
  if (isUnknown) return FIRST_SPAN_MILLIS;
  if (pagesPerSecond === 0) return MAX_SPAN_MILLIS;
  return Math.min(MAX_SPAN_MILLIS, Math.max(1, Math.floor((SLICE_LOAD / pagesPerSecond) * 1000)));
}

/** The first piece of a range, both ends inclusive; the last one may be half as long again, so that no sliver is left. */
function firstPiece({ fromMillis, toMillis }: TimeRange, spanMillis: number): TimeRange {
  const isLast = toMillis - fromMillis + 1 <= spanMillis * 1.5;
  return { fromMillis, toMillis: isLast ? toMillis : fromMillis + spanMillis - 1 };
}
