/**
 * Which slices of a partition to read next: pure decisions over a checkpoint and the service's time.
 *
 *            watermark            reread                 head        now           now + 2 h
 *   ─────────────┼───────────────────┼─────────────────────┼───────────┼────────────────┤
 *     sealed     │  full sweep, where│   ┌─ overlap ─┐
 *                │  it costs little  │   └── head slices: read at every poll ──┘
 *     ← seal ──→ │← reread: once the horizon has passed →│
 *
 * Each event is so read when it is new (again while events usually come late), once more when the learned horizon has
 * passed, and once more before it is sealed; where a group has so few events that reading further back costs nothing, by every poll.
 */
import type { Checkpoint, TimeRange } from '../contracts/checkpoint.ts';
import type { ReadPriority, Slice } from '../contracts/pull-source.ts';
import { EVENTS_A_PAGE, type ProgressSettings, rereadOf } from './checkpoint-progress.ts';
import { usualLateness } from './lateness.ts';

/** PutLogEvents accepts timestamps this far ahead (shared facts on AWS, hazard 2). */
export const FUTURE_MILLIS = 2 * 3_600_000;
/** A slice of about three pages: large enough to be cheap, small enough to be read again whole, and several at once. */
const TARGET_EVENTS = 30_000;
const FIRST_SPAN_MILLIS = 15 * 60_000;
const MAX_SPAN_MILLIS = 6 * 3_600_000;
const SLICES_PLANNED = 8;
/** Events that a poll may read again beside the new ones: they are in the same page, and cost less than asking does. */
const FREE_EVENTS = 300;
const SWEEP_MIN_MILLIS = 60_000;
/** Of the requests that reading the head takes, what sweeping in between may take on top. */
const SWEEP_SHARE = 0.25;

/** How many events were read, by their own time: from the seen ids, to a minute. */
export interface KnownEvents {
  countBetween(fromMillis: number, toMillis: number): number;
  /** The earliest time from which on at most so many are known. */
  newestSince(maxEvents: number): number;
}

/**
 * How many events would have to be fetched to read a range again: what is known of it, by the share that is kept, and at
 * least as many as come now.
 */
function loadBetween(
  checkpoint: Checkpoint,
  known: KnownEvents,
  fromMillis: number,
  toMillis: number,
): number {
  const { keptShare = 1, eventsPerSecond } = checkpoint;
  const seconds = Math.max(0, toMillis - fromMillis) / 1000;
  return Math.max(known.countBetween(fromMillis, toMillis) / keptShare, eventsPerSecond * seconds);
}

/**
 * Where a poll begins to read. After an outage where the last mark is that everything from there on moves; otherwise as
 * far back as events usually come late, and further where that costs nothing. Bounded by three intervals, so that
 * reading stays cheap where most come late; those are found when the horizon has passed.
 */
export function headStart(
  checkpoint: Checkpoint,
  known: KnownEvents,
  nowMillis: number,
  { everyMillis, maxLatenessMillis }: ProgressSettings,
): number {
  const { headMillis, watermarkMillis, lateness, eventsPerSecond, keptShare = 1 } = checkpoint;
  if (headMillis <= nowMillis - maxLatenessMillis) return watermarkMillis;
  if (headMillis <= nowMillis - lateness.horizonMillis) return rereadOf(checkpoint);
  const usualMillis = Math.min(3 * everyMillis, usualLateness(lateness));
  const overlapMillis = Math.floor(Math.max(everyMillis / 2, usualMillis));
  const baseMillis = Math.min(headMillis, nowMillis);
  const freeSince = Math.max(
    known.newestSince(FREE_EVENTS * keptShare),
    baseMillis - Math.floor((FREE_EVENTS / eventsPerSecond) * 1000),
  );
  return Math.max(watermarkMillis, Math.min(baseMillis - overlapMillis, freeSince));
}

/**
 * The next slices of a poll that has come to `fromMillis`, ascending, up to two hours ahead. Never empty; plan again
 * after them. A poll goes on from where its last slice ended, never from the head: it would not get on where a slice
 * is shorter than the overlap.
 */
export function planHead(
  checkpoint: Checkpoint,
  nowMillis: number,
  settings: ProgressSettings,
  fromMillis: number,
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

export interface Reread extends TimeRange {
  /** Whether it is all that is not sealed and whose horizon has passed. */
  readonly isSweep: boolean;
}

/** What is due to be read again after the head was read, the most thorough first; undefined when nothing is. */
export function rereadDue(
  checkpoint: Checkpoint,
  known: KnownEvents,
  nowMillis: number,
  settings: ProgressSettings,
): Reread | undefined {
  const { watermarkMillis, lateness, headMillis } = checkpoint;
  const { everyMillis, maxLatenessMillis } = settings;
  const closedMillis = Math.min(headMillis, nowMillis - lateness.horizonMillis);
  if (isSweepDue(checkpoint, known, closedMillis, nowMillis, settings))
    return { fromMillis: watermarkMillis, toMillis: closedMillis, isSweep: true };
  // Waits until it fills a page, but not for long.
  const isDue = (fromMillis: number, toMillis: number, shortestMillis: number, longestMillis: number) =>
    toMillis - fromMillis >= shortestMillis &&
    (toMillis - fromMillis >= longestMillis ||
      loadBetween(checkpoint, known, fromMillis, toMillis) >= EVENTS_A_PAGE / 2);
  const sealableMillis = Math.min(closedMillis, nowMillis - maxLatenessMillis);
  if (isDue(watermarkMillis, sealableMillis, SWEEP_MIN_MILLIS, maxLatenessMillis / 4))
    return { fromMillis: watermarkMillis, toMillis: sealableMillis, isSweep: false };
  const rereadMillis = rereadOf(checkpoint);
  return isDue(rereadMillis, closedMillis, everyMillis, Math.max(everyMillis, lateness.horizonMillis / 4))
    ? { fromMillis: rereadMillis, toMillis: closedMillis, isSweep: false }
    : undefined;
}

/** Whether everything between watermark and horizon is due to be read again, so that what is later than it comes sooner. */
function isSweepDue(
  checkpoint: Checkpoint,
  known: KnownEvents,
  closedMillis: number,
  nowMillis: number,
  { everyMillis, maxLatenessMillis }: ProgressSettings,
): boolean {
  const { watermarkMillis, sweptAtMillis, eventsPerSecond } = checkpoint;
  if (closedMillis <= watermarkMillis) return false;
  const events = loadBetween(checkpoint, known, watermarkMillis, closedMillis);
  const pagesOf = (count: number) => Math.max(1, count / EVENTS_A_PAGE);
  const headPages = pagesOf((eventsPerSecond * everyMillis) / 1000);
  // Neither more requests than a share of what the head takes, nor more events than are new, or free.
  const byRequests = (everyMillis * pagesOf(events)) / (SWEEP_SHARE * headPages);
  const freePerSecond = FREE_EVENTS / (everyMillis / 1000);
  const byEvents = (events / Math.max(eventsPerSecond, freePerSecond)) * 1000;
  const intervalMillis = Math.max(SWEEP_MIN_MILLIS, maxLatenessMillis / 12, byRequests, byEvents);
  // What would come hardly more often than sealing does is left to it.
  return intervalMillis < maxLatenessMillis / 2 && nowMillis - sweptAtMillis >= intervalMillis;
}

/** The next slices of a range that is read again and has come to `fromMillis`; none when it is through. */
export function planReread(
  checkpoint: Checkpoint,
  known: KnownEvents,
  fromMillis: number,
  toMillis: number,
): Slice[] {
  const seconds = (toMillis - fromMillis + 1) / 1000;
  const density = loadBetween(checkpoint, known, fromMillis, toMillis) / seconds;
  return planRange(checkpoint, fromMillis, toMillis, 'sweep', density);
}

/** Slices of a bounded range of the past, the next ones first. */
export function planBackfill(checkpoint: Checkpoint, toMillis: number): Slice[] {
  return planRange(checkpoint, checkpoint.headMillis, toMillis, 'backfill');
}

function planRange(
  checkpoint: Checkpoint,
  fromMillis: number,
  toMillis: number,
  priority: ReadPriority,
  knownPerSecond = 0,
): Slice[] {
  if (fromMillis > toMillis) return [];
  const span = spanMillis(checkpoint, knownPerSecond);
  return cutRange({ fromMillis, toMillis }, span).map((range) => ({ ...range, priority }));
}

function spanMillis(
  { eventsPerSecond, headMillis, coveredFromMillis }: Checkpoint,
  knownPerSecond = 0,
): number {
  const isUnknown = eventsPerSecond === 0 && headMillis === coveredFromMillis;
  if (isUnknown) return FIRST_SPAN_MILLIS;
  const perSecond = Math.max(eventsPerSecond, knownPerSecond);
  if (perSecond === 0) return MAX_SPAN_MILLIS;
  return Math.min(MAX_SPAN_MILLIS, Math.max(1, Math.floor((TARGET_EVENTS / perSecond) * 1000)));
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
