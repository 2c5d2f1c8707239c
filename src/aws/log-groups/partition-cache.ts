import type { Partition } from '../../contracts/pull-source.ts';
import type { LogGroup } from './log-group.ts';
import {
  type LogGroupPartitionParts,
  logGroupPartition,
  partitionKey,
  type StreamFilter,
} from './log-group-partition.ts';
import type { StreamOrigins } from './stream-origins.ts';

type SharedParts = Pick<LogGroupPartitionParts, 'sourceId' | 'selectedSinceMillis' | 'logger' | 'metrics'>;

interface Entry<Origins> {
  readonly partition: Partition;
  readonly origins: Origins;
  newestGroup: LogGroup;
}

/**
 * Keeps the partitions of a source from one discovery to the next, so that what is known of a group's streams stays,
 * whichever of the objects a reader holds.
 */
export class PartitionCache<Origins extends StreamOrigins> {
  readonly #shared: SharedParts;
  #entries = new Map<string, Entry<Origins>>();

  constructor(shared: SharedParts) {
    this.#shared = shared;
  }

  /** The partition as it was made before, unless the group was changed, or made again. */
  entry(
    group: LogGroup,
    filter: StreamFilter,
    api: LogGroupPartitionParts['api'],
    makeOrigins: () => Origins,
  ): Entry<Origins> {
    const key = partitionKey(this.#shared.sourceId, group, filter);
    const known = this.#entries.get(key);
    if (known !== undefined && isAsKnown(known.partition, group)) {
      known.newestGroup = group;
      return known;
    }
    const origins = known?.origins ?? makeOrigins();
    const newestGroup = (): LogGroup => entry.newestGroup;
    const partition = logGroupPartition({ ...this.#shared, group, newestGroup, filter, api, origins });
    const entry: Entry<Origins> = { partition, origins, newestGroup: group };
    this.#entries.set(key, entry);
    return entry;
  }

  /** Forgets all but these. */
  retain(partitions: readonly Partition[]): void {
    const keys = new Set(partitions.map((partition) => partition.key));
    this.#entries = new Map([...this.#entries].filter(([key]) => keys.has(key)));
  }
}

function isAsKnown({ retentionMillis, createdMillis }: Partition, group: LogGroup): boolean {
  return retentionMillis === group.retentionMillis && createdMillis === group.creationMillis;
}
