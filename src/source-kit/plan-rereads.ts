/**
 * What of a partition is due to be read again: pure decisions over a checkpoint and the service's time. What is read twice
 * is why nothing is lost, and what reading costs more than it must: see docs/decisions/0010.
 */
import type { Checkpoint, TimeRange } from '../contracts/checkpoint.ts';
import { type ProgressSettings, rereadOf } from './checkpoint-progress.ts';
import { isInTime, laterShare, overlapMillis } from './lateness.ts';
import {
  endAtFullPage,
  eventsAPage,
  FREE_EVENTS,
  type KnownEvents,
  loadBetween,
  REREAD_LOAD,
  requestsFor,
} from './page-load.ts';

export interface Reread extends TimeRange {
  /**
   * horizon: what is older than nearly all events come late.
   * sample: of what is left to sealing because nothing comes late, a part that is read all the same, to notice when it does.
   * seal: what is older than any event comes late that is waited for.
   * sweep: all that is not sealed and whose horizon has passed.
   */
  readonly kind: 'horizon' | 'sample' | 'seal' | 'sweep';
  /** Long since due: it has to be done with, however much else there is to read. */
  readonly isOverdue: boolean;
}

/** A range waits for so many full pages, since the last page of any is not full; but not for long. */
const REREAD_PAGES = REREAD_LOAD;
const SEAL_PAGES = 2 * REREAD_LOAD;
/** Of a group whose events come in time one in so many ranges is read again before it is sealed. */
export const SAMPLE_EVERY = 8;
const SWEEP_MIN_MILLIS = 60_000;
/** Of the requests that reading the head takes, what sweeping in between may take on top. */
const SWEEP_SHARE = 0.1;

/** After the head was read, the most urgent first. */
export function rereadsDue(
  checkpoint: Checkpoint,
  known: KnownEvents,
  nowMillis: number,
  settings: ProgressSettings,
): readonly Reread[] {
  const { watermarkMillis, lateness, headMillis } = checkpoint;
  const closedMillis = Math.min(headMillis, nowMillis - lateness.horizonMillis);
  if (isSweepDue(checkpoint, known, closedMillis, nowMillis, settings))
    return [{ kind: 'sweep', fromMillis: watermarkMillis, toMillis: closedMillis, isOverdue: false }];
  const due = [
    horizonDue(checkpoint, known, closedMillis, settings),
    sealDue(checkpoint, known, Math.min(closedMillis, nowMillis - settings.maxLatenessMillis), settings),
  ];
  return due.filter((reread) => reread !== undefined);
}

function horizonDue(
  checkpoint: Checkpoint,
  known: KnownEvents,
  closedMillis: number,
  { everyMillis }: ProgressSettings,
): Reread | undefined {
  const { lateness, pagesPerSecond = 0 } = checkpoint;
  const fromMillis = rereadOf(checkpoint);
  const millis = closedMillis - fromMillis;
  const longestMillis = Math.max(everyMillis, lateness.horizonMillis / 4);
  if (isInTime(lateness, overlapMillis(lateness, everyMillis))) {
    const sampleMillis = Math.min(longestMillis, Math.ceil((REREAD_PAGES / pagesPerSecond) * 1000));
    if (millis < SAMPLE_EVERY * Math.max(everyMillis, sampleMillis)) return undefined;
    return {
      kind: 'sample',
      fromMillis: closedMillis - sampleMillis,
      toMillis: closedMillis,
      isOverdue: false,
    };
  }
  if (millis < everyMillis) return undefined;
  // What came later than the overlap is not known yet, and makes the pages more.
  const unknownShare = laterShare(lateness, overlapMillis(lateness, everyMillis));
  const load = loadBetween(checkpoint, known, fromMillis, closedMillis) / (1 - unknownShare);
  if (load < REREAD_PAGES && millis < longestMillis) return undefined;
  const toMillis = endAtFullPage(fromMillis, closedMillis, load) ?? closedMillis;
  return { kind: 'horizon', fromMillis, toMillis, isOverdue: false };
}

function sealDue(
  checkpoint: Checkpoint,
  known: KnownEvents,
  sealableMillis: number,
  { maxLatenessMillis }: ProgressSettings,
): Reread | undefined {
  const fromMillis = checkpoint.watermarkMillis;
  const millis = sealableMillis - fromMillis;
  if (millis < SWEEP_MIN_MILLIS) return undefined;
  const load = loadBetween(checkpoint, known, fromMillis, sealableMillis);
  if (load < SEAL_PAGES && millis < maxLatenessMillis / 4) return undefined;
  const toMillis = endAtFullPage(fromMillis, sealableMillis, load) ?? sealableMillis;
  return { kind: 'seal', fromMillis, toMillis, isOverdue: millis > maxLatenessMillis / 2 };
}

/** Whether everything between watermark and horizon is due to be read again, so that what is later than it comes sooner. */
function isSweepDue(
  checkpoint: Checkpoint,
  known: KnownEvents,
  closedMillis: number,
  nowMillis: number,
  { everyMillis, maxLatenessMillis }: ProgressSettings,
): boolean {
  const { watermarkMillis, sweptAtMillis, pagesPerSecond = 0 } = checkpoint;
  if (closedMillis <= watermarkMillis) return false;
  const load = loadBetween(checkpoint, known, watermarkMillis, closedMillis);
  const headRequests = Math.max(1, (pagesPerSecond * everyMillis) / 1000);
  // Neither more requests than a share of what the head takes, nor more events than are new, or free.
  const byRequests = (everyMillis * requestsFor(load)) / (SWEEP_SHARE * headRequests);
  const freePagesPerSecond = FREE_EVENTS / eventsAPage(checkpoint) / (everyMillis / 1000);
  const byEvents = (load / Math.max(pagesPerSecond, freePagesPerSecond)) * 1000;
  const intervalMillis = Math.max(SWEEP_MIN_MILLIS, maxLatenessMillis / 12, byRequests, byEvents);
  // What would come hardly more often than sealing does is left to it.
  return intervalMillis < maxLatenessMillis / 2 && nowMillis - sweptAtMillis >= intervalMillis;
}
