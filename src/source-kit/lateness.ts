/**
 * How late events come, learned from each event that is read for the first time: from `ingestion time − timestamp`, and
 * from what an earlier poll has read and it was not shown to.
 *
 * Counts stand in buckets by lateness: bucket 0 up to 1 s, bucket n over 2^((n−1)/4) s and up to 2^(n/4) s. They fade, so
 * that what was learned once is not believed for ever.
 */
import type { Lateness } from '../contracts/checkpoint.ts';

/**
 * What is ingested is not shown at once: where one log stream was seen growing, it did so over about 90 s, and most of it
 * within 60 s (shared facts on AWS, Lateness). It is also what is believed until enough was learned.
 */
export const VISIBILITY_MILLIS = 60_000;

const BUCKETS_A_DOUBLING = 4;
/** 2^21 s are 24 days, more than AWS accepts. */
const BUCKETS = 21 * BUCKETS_A_DOUBLING + 1;
/** The newest second is never complete. */
const LEAST_OVERLAP_MILLIS = 1000;
/** Of an interval: less than what reading everything once more would take. */
const LITTLE_MORE_SHARE = 0.8;
const ENOUGH_EVENTS = 100;
/** Before anything is left unread for it, more must be known. */
const SURE_EVENTS = 5000;
const FADE_AT_EVENTS = 100_000;
/** Of a thousand events one may come later than the horizon: that one is found by a sweep. */
const LATER_THAN_HORIZON = 0.001;
/** Of sixteen events one may come later than is usual: that one is found when the horizon has passed. */
const LATER_THAN_USUAL = 1 / 16;
/** What is taken for usual until it was learned. The awslogs driver sends every 5 s. */
const FIRST_USUAL_MILLIS = 15_000;

export const nothingLearned: Lateness = { horizonMillis: VISIBILITY_MILLIS };

/** Counts of one slice. Cheap: called for each event. */
export class LatenessCounts {
  readonly counts = new Uint32Array(BUCKETS);

  /**
   * An event that is new, though everything up to `readToMillis` was read before. How long what was ingested in time was
   * not shown counts up to VISIBILITY_MILLIS: earlier polls may not have looked further back.
   */
  add(timestampMillis: number, ingestedMillis: number, readToMillis: number): void {
    const hiddenMillis = Math.min(VISIBILITY_MILLIS, readToMillis - timestampMillis);
    const index = bucketOf(Math.max(ingestedMillis - timestampMillis, hiddenMillis));
    this.counts[index] = (this.counts[index] as number) + 1;
  }
}

/** What fifteen of sixteen events keep to. */
export function usualLateness({ counts = [] }: Lateness): number {
  const total = totalOf(counts);
  return total < ENOUGH_EVENTS ? FIRST_USUAL_MILLIS : latenessOf(counts, total, LATER_THAN_USUAL);
}

/**
 * How far before its head a poll begins, three intervals at most: as far as events usually come late that come within
 * those at all (the others are found when the horizon has passed), or as all but one of a thousand do where that is little
 * more, since nothing need then be read again when the horizon has passed.
 */
export function overlapMillis(lateness: Lateness, everyMillis: number): number {
  const mostMillis = 3 * everyMillis;
  const within = { ...lateness, counts: lateness.counts?.slice(0, bucketOf(mostMillis) + 1) ?? [] };
  const usual = Math.min(mostMillis, usualLateness(within));
  const nearlyAll = nearlyAllLateness(lateness);
  const isLittleMore = nearlyAll <= mostMillis && nearlyAll - usual < LITTLE_MORE_SHARE * everyMillis;
  return Math.floor(Math.max(LEAST_OVERLAP_MILLIS, isLittleMore ? nearlyAll : usual));
}

/** Whether all but one event of a thousand are at most so late; false until enough were seen. */
export function isInTime(lateness: Lateness, lateMillis: number): boolean {
  return nearlyAllLateness(lateness) <= lateMillis;
}

/** What all but one event of a thousand keep to; without end until enough were seen. */
function nearlyAllLateness({ counts = [] }: Lateness): number {
  const total = totalOf(counts);
  return total < SURE_EVENTS ? Number.POSITIVE_INFINITY : latenessOf(counts, total, LATER_THAN_HORIZON);
}

/** Of all events, those that come later than so. */
export function laterShare({ counts = [] }: Lateness, lateMillis: number): number {
  const total = totalOf(counts);
  return total < ENOUGH_EVENTS ? 0 : totalOf(counts.slice(bucketOf(lateMillis) + 1)) / total;
}

/** What was learned of a partition, to be shown. */
export interface LatenessSummary {
  /** Fifteen of sixteen events are at most so late. */
  readonly usualMillis: number;
  /** All but one of a thousand events are at most so late; what is older is then read again. */
  readonly horizonMillis: number;
  /** Until enough events were seen, both are assumed. */
  readonly isLearned: boolean;
}

export function summarizeLateness(lateness: Lateness): LatenessSummary {
  return {
    usualMillis: usualLateness(lateness),
    horizonMillis: lateness.horizonMillis,
    isLearned: totalOf(lateness.counts ?? []) >= ENOUGH_EVENTS,
  };
}

const totalOf = (counts: readonly number[]) => counts.reduce((a, b) => a + b, 0);

/**
 * What is known after these counts; the horizon lies between VISIBILITY_MILLIS and the longest lateness. `weight`: of
 * how many ranges this one was taken as a sample.
 */
export function learnLateness(
  known: Lateness,
  { counts: added }: LatenessCounts,
  maxLatenessMillis: number,
  weight = 1,
): Lateness {
  const summed = Array.from(added, (count, index) => count * weight + (known.counts?.[index] ?? 0));
  const total = totalOf(summed);
  const counts = withoutEnd(total > FADE_AT_EVENTS ? summed.map((count) => count / 2) : summed);
  if (total < ENOUGH_EVENTS) return { ...known, counts };
  const horizonMillis = latenessOf(summed, total, LATER_THAN_HORIZON) + VISIBILITY_MILLIS;
  return {
    horizonMillis: Math.min(horizonMillis, Math.max(VISIBILITY_MILLIS, maxLatenessMillis)),
    counts,
  };
}

/** The upper end of the bucket that all but this share of the events lie in or below. */
function latenessOf(counts: readonly number[], total: number, laterShare: number): number {
  let later = total;
  const index = counts.findIndex((count) => {
    later -= count;
    return later <= total * laterShare;
  });
  // What is in the first bucket was not late at all.
  return index <= 0 ? 0 : Math.floor(2 ** (index / BUCKETS_A_DOUBLING) * 1000);
}

/** Most groups have nothing in the later buckets, and every checkpoint is written with its counts. */
function withoutEnd(counts: readonly number[]): readonly number[] {
  return counts.slice(0, counts.findLastIndex((count) => count > 0) + 1);
}

function bucketOf(lateMillis: number): number {
  if (!(lateMillis > 1000)) return 0;
  return Math.min(BUCKETS - 1, Math.ceil(Math.log2(lateMillis / 1000) * BUCKETS_A_DOUBLING));
}
