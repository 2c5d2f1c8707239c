import type { Partition } from '../../contracts/pull-source.ts';
import type { StateStore } from '../../contracts/state-store.ts';
import { idHash, SeenIds } from '../../source-kit/seen-ids.ts';
import { compareMinute } from '../audit/compare-minute.ts';
import { keptOfMinute } from '../audit/kept-minute.ts';
import { readAgain } from '../audit/read-again.ts';
import { MINUTE_MILLIS } from '../coverage/coverage.ts';

/** unknown: it lies in a minute of which it cannot be told any more which events were read. */
export type WasRead = 'yes' | 'no' | 'unknown';

/** Whether an event that a partition selects is in the spool, or was. */
export async function wasRead(
  store: Pick<StateStore, 'load' | 'list' | 'counts'>,
  partition: Partition,
  { id, timestampMillis }: { readonly id: string; readonly timestampMillis: number },
  signal: AbortSignal,
): Promise<WasRead> {
  const stored = await store.load(partition.key);
  const minuteMillis = Math.floor(timestampMillis / MINUTE_MILLIS) * MINUTE_MILLIS;
  // Ids are known until all of their minute is sealed.
  if (stored !== undefined && stored.checkpoint.watermarkMillis < minuteMillis + MINUTE_MILLIS)
    return new SeenIds(stored.seen).add(id, timestampMillis) ? 'no' : 'yes';
  const kept = await keptOfMinute(store, partition.key, minuteMillis);
  if (kept === undefined) return 'unknown';
  const minute = { fromMillis: minuteMillis, toMillis: minuteMillis + MINUTE_MILLIS - 1 };
  const found = await readAgain(partition, { ...minute, priority: 'live' }, signal);
  if (found === undefined) return 'unknown';
  const comparison = compareMinute(found, kept);
  if (comparison.kind === 'complete') return 'yes';
  if (comparison.kind !== 'missing' || comparison.indexes === undefined)
    return kept.all.events === 0 ? 'no' : 'unknown';
  const hash = idHash(id);
  return comparison.indexes.some((index) => found.hashAt(index) === hash) ? 'no' : 'yes';
}
