/**
 * How much reading a range costs: requests, since the quota counts those. A page ends at 10,000 events or 1 MB, and may be
 * empty where the service filters; how many events one holds is learned from slices of several pages.
 *
 * A load is counted in full pages: 2.5 are three requests, of which the last one could carry more.
 */
import type { Checkpoint } from '../contracts/checkpoint.ts';

/** What FilterLogEvents puts into a page at most; believed until a full one was seen. */
export const MOST_EVENTS_A_PAGE = 10_000;
/** Events that a poll may read again beside the new ones: they are in the same page, and cost less than asking does. */
export const FREE_EVENTS = 300;
/** What is learned is remembered for about so many pages. */
const PAGES_REMEMBERED = 10;
const SMALLEST_SHARE = 1e-4;

/** What reading a slice took. */
export interface SliceCost {
  /** Events of each page in turn, those that are left out included. */
  readonly pageEvents: readonly number[];
  /** Events that are read, known ones included. */
  readonly kept: number;
}

/** What was learned of a partition's pages, as its checkpoint keeps it. */
export type PageFill = Pick<Checkpoint, 'pagesPerSecond' | 'eventsPerPage' | 'keptShare'>;

export function eventsAPage({ eventsPerPage = MOST_EVENTS_A_PAGE }: PageFill): number {
  return eventsPerPage;
}

/** In full pages; each but the last counts as one, though it may be empty. */
export function loadOf({ pageEvents }: SliceCost, fill: PageFill): number {
  return Math.max(0, pageEvents.length - 1) + Math.min(1, (pageEvents.at(-1) ?? 0) / eventsAPage(fill));
}

/** After a slice, whole or given up. */
export function pageFillAfter(
  fill: PageFill,
  cost: SliceCost,
): Pick<PageFill, 'eventsPerPage' | 'keptShare'> {
  const eventsPerPage = eventsPerPageAfter(fill, cost);
  const remembered =
    PAGES_REMEMBERED * eventsAPage({ ...(eventsPerPage !== undefined && { eventsPerPage }) });
  const fetched = Math.max(sum(cost.pageEvents), cost.kept);
  const { keptShare = 1 } = fill;
  return {
    ...(eventsPerPage !== undefined && { eventsPerPage }),
    keptShare: Math.max(
      SMALLEST_SHARE,
      (keptShare * remembered + cost.kept) / (remembered + Math.max(1, fetched)),
    ),
  };
}

/** The last page is not full, and others may be nearly empty: what tells is those that hold about as much as the fullest. */
function eventsPerPageAfter(
  { eventsPerPage: before }: PageFill,
  { pageEvents }: SliceCost,
): number | undefined {
  const fullest = pageEvents.reduce((a, b) => Math.max(a, b), 0);
  const full = pageEvents.slice(0, -1).filter((events) => events > 0 && events >= fullest / 2);
  if (full.length === 0) return before;
  // The first full page tells more than what was believed without one.
  const weight = before === undefined ? 0 : PAGES_REMEMBERED;
  const learned = ((before ?? 0) * weight + sum(full)) / (weight + full.length);
  return Math.min(MOST_EVENTS_A_PAGE, learned);
}

const sum = (numbers: readonly number[]) => numbers.reduce((a, b) => a + b, 0);

/** How many events were read, by their own time: from the seen ids, to a minute. */
export interface KnownEvents {
  countBetween(fromMillis: number, toMillis: number): number;
  /** The earliest time from which on at most so many are known. */
  newestSince(maxEvents: number): number;
}

/** The load of reading a range: what is known of it, and at least as much as comes now. */
export function loadBetween(
  fill: PageFill,
  known: KnownEvents,
  fromMillis: number,
  toMillis: number,
): number {
  const { keptShare = 1, pagesPerSecond = 0 } = fill;
  const seconds = Math.max(0, toMillis - fromMillis) / 1000;
  const knownPages = known.countBetween(fromMillis, toMillis) / keptShare / eventsAPage(fill);
  return Math.max(knownPages, pagesPerSecond * seconds);
}

export function requestsFor(load: number): number {
  return Math.max(1, Math.ceil(load));
}

/**
 * A slice for so much: large enough to be cheap, small enough to be read again whole, and several at once. A little less
 * than whole pages, since a little more takes a request more.
 */
export const SLICE_LOAD = 2.91;
/** The same for what is read again: nobody waits for it, and what it holds is known well. */
export const REREAD_LOAD = 5.91;
export const FULL_PAGE = 0.97;

/** The end of a range that has come to a full page, before `toMillis`; undefined where it has less than one. */
export function endAtFullPage(fromMillis: number, toMillis: number, load: number): number | undefined {
  const pages = Math.floor(load / FULL_PAGE);
  if (pages < 1) return undefined;
  const rereads = Math.floor(load / REREAD_LOAD);
  const wanted = rereads < 1 ? pages * FULL_PAGE : rereads * REREAD_LOAD;
  return fromMillis + Math.floor(((toMillis - fromMillis) * wanted) / load);
}
