/**
 * Where backfills end and live reading begins. Of a partition each moment of event time is read under one checkpoint only:
 *
 *   ─── backfills ───┬─── live reading ───>
 *                    coveredFrom
 *
 * What is sealed has no ids any more by which the other could know it. Where a slice was broken off, ids of what was
 * read of it are handed over.
 */
import { backfillKeyPrefix, type SeenChunk, type TimeRange } from '../contracts/checkpoint.ts';
import type { CollectSettings, Partition } from '../contracts/pull-source.ts';
import type { StateStore } from '../contracts/state-store.ts';
import { firstCheckpoint } from '../source-kit/checkpoint-progress.ts';
import { SEEN_BUCKET_MILLIS } from '../source-kit/seen-ids.ts';
import type { Beginning } from './slice-reader.ts';

type Store = Pick<StateStore, 'load' | 'list' | 'commit'>;

/** What live reading has, or will have: everything from `coveredFromMillis` on, of which it has read what is before `headMillis`. */
export interface LiveReach {
  readonly coveredFromMillis: number;
  readonly headMillis: number;
}

/** How live reading begins that wants to begin at `fromMillis`: after what backfills have read. */
export async function beginLive(
  partition: Partition,
  fromMillis: number,
  nowMillis: number,
  store: Store,
): Promise<Beginning> {
  const ranges: TimeRange[] = [];
  const seen: SeenChunk[] = [];
  for (const { key, checkpoint } of await store.list(backfillKeyPrefix(partition.key))) {
    ranges.push(readRange(checkpoint));
    seen.push(...((await store.load(key))?.seen ?? []));
  }
  const startMillis = ranges
    .filter((range) => range.toMillis >= range.fromMillis)
    .reduce((start, { toMillis }) => Math.max(start, toMillis + 1), fromMillis);
  return {
    checkpoint: firstCheckpoint(nowMillis, nowMillis - startMillis),
    seen: seenBetween(seen, { fromMillis: startMillis, toMillis: Number.POSITIVE_INFINITY }),
  };
}

/**
 * What live reading has of a partition that a backfill of `range` is about to begin with. Where it has not begun and
 * the range reaches into what it would begin with, or into what is younger than the longest lateness (and must be read
 * again, which backfills do not), its beginning is written down now: it takes what is young, and what is before the range where
 * it would begin there. Undefined when the two do not meet.
 */
export async function liveReach(
  partition: Partition,
  range: TimeRange,
  { startBeforeMillis, maxLatenessMillis }: CollectSettings,
  nowMillis: number,
  store: Store,
): Promise<LiveReach | undefined> {
  for (;;) {
    const known = (await store.list(partition.key)).find(({ key }) => key === partition.key);
    if (known !== undefined) return known.checkpoint;
    const wantedMillis = nowMillis - startBeforeMillis;
    const youngMillis = nowMillis - maxLatenessMillis;
    if (range.toMillis < Math.min(wantedMillis, youngMillis)) return undefined;
    const fromMillis =
      wantedMillis < range.fromMillis
        ? wantedMillis
        : Math.max(range.fromMillis, Math.min(range.toMillis + 1, youngMillis));
    const { checkpoint, seen } = await beginLive(partition, fromMillis, nowMillis, store);
    const outcome = await store.commit({
      key: partition.key,
      expectedRevision: 0,
      checkpoint,
      transformStates: {},
      seenAdded: [],
      seenAdopted: seen,
      batches: [],
    });
    if (outcome.kind === 'committed') return checkpoint;
  }
}

/** Both ends inclusive; empty (`toMillis` before `fromMillis`) when nothing was read whole. */
export function readRange(checkpoint: LiveReach): TimeRange {
  return { fromMillis: checkpoint.coveredFromMillis, toMillis: checkpoint.headMillis - 1 };
}

/** The buckets that touch the range. */
export function seenBetween(chunks: readonly SeenChunk[], { fromMillis, toMillis }: TimeRange): SeenChunk[] {
  return chunks.filter(
    ({ bucketStartMillis }) =>
      bucketStartMillis <= toMillis && bucketStartMillis + SEEN_BUCKET_MILLIS > fromMillis,
  );
}
