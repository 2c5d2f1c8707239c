/** What goes wrong in one run, and how much of it: all drawn from the seed. */
import { pickOne, type Random, randomInteger, seededRandom } from '../../../../src/foundation/random.ts';

export const SECOND = 1000;
export const MINUTE = 60 * SECOND;
export const HOUR = 60 * MINUTE;
export const START = Date.UTC(2026, 10, 23, 12);

export interface Weather {
  readonly seed: number;
  readonly groups: number;
  /** Of the source. */
  readonly everyMillis: number;
  readonly idleEveryMillis: number;
  readonly startBeforeMillis: number;
  readonly maxLatenessMillis: number;
  readonly discoverEveryMillis: number;
  /** How long things go wrong; then it is quiet, so that everything can be found. */
  readonly stormMillis: number;
  readonly retentionMillis: number | undefined;
  /** Events of a group. */
  readonly events: number;
  readonly lateShare: number;
  readonly latestMillis: number;
  readonly futureShare: number;
  /** Of the events, how many share their millisecond with those before. */
  readonly tiedShare: number;
  readonly pageSize: number;
  readonly scatters: boolean;
  readonly answerMillis: number;
  readonly slowShare: number;
  /** Chances of a request. */
  readonly emptyPage: number;
  readonly repeatedToken: number;
  readonly expiredToken: number;
  readonly failure: number;
  readonly wrongDate: number;
  /** Chances of a commit. */
  readonly killAtCommit: number;
  readonly failedCommit: number;
  readonly fullSpool: number;
  /** How often in the storm. */
  readonly kills: number;
  readonly outages: number;
  readonly longestOutageMillis: number;
  readonly denials: number;
  readonly remakes: number;
  readonly clockSets: number;
  readonly machineSleeps: number;
  readonly backfills: number;
}

/** Each hazard is there in some runs and missing in others, so that none hides what another does. */
export function weatherOf(seed: number): Weather {
  const random = seededRandom(seed);
  const between = (from: number, to: number) => randomInteger(random, from, to);
  const sometimes = <T>(share: number, there: () => T, missing: T): T =>
    random.next() < share ? there() : missing;
  const maxLatenessMillis = between(2, 16) * MINUTE;
  const everyMillis = between(6, 61) * SECOND;
  const stormMillis = between(15, 61) * MINUTE;
  const events = between(50, 600);
  const futureShare = pickOne(random, [0, 0, 0.02, 0.2]);
  return {
    seed,
    groups: pickOne(random, [1, 1, 2, 3]),
    everyMillis,
    idleEveryMillis: sometimes(0.5, () => between(30, 181) * SECOND, everyMillis),
    startBeforeMillis: sometimes(0.7, () => between(0, 60) * MINUTE, 0),
    maxLatenessMillis,
    discoverEveryMillis: between(10, 120) * SECOND,
    stormMillis,
    retentionMillis: sometimes(0.4, () => maxLatenessMillis + between(1, 40) * MINUTE, undefined),
    events,
    lateShare: pickOne(random, [0, 0.01, 0.1, 0.6]),
    latestMillis: between(SECOND, maxLatenessMillis),
    futureShare,
    tiedShare: pickOne(random, [0, 0.2, 0.8]),
    // With the smallest, slices of more than fifty pages are there: those are cut finer.
    pageSize: pickOne(random, [futureShare > 0 ? 100 : Math.ceil(events / 40), 20, 100, 10_000]),
    scatters: random.next() < 0.3,
    answerMillis: pickOne(random, [5, 50, 400]),
    slowShare: sometimes(0.2, () => 0.01, 0),
    emptyPage: sometimes(0.4, () => random.next() * 0.4, 0),
    repeatedToken: sometimes(0.4, () => random.next() * 0.3, 0),
    expiredToken: sometimes(0.4, () => random.next() * 0.3, 0),
    failure: sometimes(0.5, () => random.next() * 0.3, 0),
    wrongDate: sometimes(0.2, () => 0.01, 0),
    killAtCommit: sometimes(0.4, () => random.next() * 0.2, 0),
    failedCommit: sometimes(0.3, () => random.next() * 0.1, 0),
    fullSpool: sometimes(0.3, () => random.next() * 0.1, 0),
    kills: sometimes(0.4, () => between(1, 8), 0),
    outages: sometimes(0.4, () => between(1, 4), 0),
    longestOutageMillis: pickOne(random, [3 * MINUTE, 20 * MINUTE, 90 * MINUTE]),
    denials: sometimes(0.3, () => between(1, 4), 0),
    remakes: sometimes(0.4, () => between(1, 4), 0),
    clockSets: sometimes(0.3, () => between(1, 6), 0),
    machineSleeps: sometimes(0.2, () => between(1, 4), 0),
    backfills: sometimes(0.4, () => between(1, 4), 0),
  };
}

/** For what happens, apart from what weather there is. */
export function chanceOf({ seed }: Weather): Random {
  return seededRandom(seed ^ 0x5bd1e995);
}
