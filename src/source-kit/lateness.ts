/**
 * How late events come, learned from each event that is read for the first time: from `ingestion time − timestamp`, and
 * from what an earlier poll has read and it was not shown to.
 *
 * Counts stand in buckets by lateness: bucket 0 up to 1 s, bucket n over 2^(n−1) s and up to 2^n s. They fade, so that what
 * was learned once is not believed for ever.
 */
import type { Lateness } from '../contracts/checkpoint.ts';

/**
 * What is ingested is not shown at once: where one log stream was seen growing, it did so over about 90 s, and most of it
 * within 60 s (shared facts on AWS, Lateness). It is also what is believed until enough was learned.
 */
export const VISIBILITY_MILLIS = 60_000;

/** 2^21 s are 24 days, more than AWS accepts. */
const BUCKETS = 22;
const ENOUGH_EVENTS = 100;
const FADE_AT_EVENTS = 100_000;
/** Of a thousand events one may come later than the horizon: that one is found by a sweep. */
const LATER_THAN_HORIZON = 0.001;
/** Of sixteen events one may come later than is usual: that one is found when the horizon has passed. */
const LATER_THAN_USUAL = 1 / 16;
/** What is taken for usual until it was learned. The awslogs driver sends every 5 s. */
const FIRST_USUAL_MILLIS = 15_000;

export const nothingLearned: Lateness = { horizonMillis: VISIBILITY_MILLIS, histogram: [] };

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

/** How late events usually are: what every poll looks for again. */
export function usualLateness({ histogram }: Lateness): number {
  const total = totalOf(histogram);
  return total < ENOUGH_EVENTS ? FIRST_USUAL_MILLIS : latenessOf(histogram, total, LATER_THAN_USUAL);
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
    isLearned: totalOf(lateness.histogram) >= ENOUGH_EVENTS,
  };
}

const totalOf = (histogram: readonly number[]) => histogram.reduce((a, b) => a + b, 0);

/** What is known after these counts; the horizon lies between VISIBILITY_MILLIS and the longest lateness. */
export function learnLateness(
  known: Lateness,
  { counts }: LatenessCounts,
  maxLatenessMillis: number,
): Lateness {
  const summed = Array.from(counts, (count, index) => count + (known.histogram[index] ?? 0));
  const total = totalOf(summed);
  const histogram = total > FADE_AT_EVENTS ? summed.map((count) => count / 2) : summed;
  if (total < ENOUGH_EVENTS) return { ...known, histogram };
  const horizonMillis = latenessOf(summed, total, LATER_THAN_HORIZON) + VISIBILITY_MILLIS;
  return {
    horizonMillis: Math.min(horizonMillis, Math.max(VISIBILITY_MILLIS, maxLatenessMillis)),
    histogram,
  };
}

/** The upper end of the bucket that all but this share of the events lie in or below. */
function latenessOf(histogram: readonly number[], total: number, laterShare: number): number {
  let later = total;
  const index = histogram.findIndex((count) => {
    later -= count;
    return later <= total * laterShare;
  });
  // What is in the first bucket was not late at all.
  return index <= 0 ? 0 : 2 ** index * 1000;
}

function bucketOf(lateMillis: number): number {
  if (!(lateMillis > 1000)) return 0;
  return Math.min(BUCKETS - 1, 32 - Math.clz32(Math.ceil(lateMillis / 1000) - 1));
}
