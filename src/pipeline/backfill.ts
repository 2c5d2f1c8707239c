import { backfillKey, backfillKeyPrefix, type Checkpoint, type TimeRange } from '../contracts/checkpoint.ts';
import type { Partition, PullSource } from '../contracts/pull-source.ts';
import type { StateStore } from '../contracts/state-store.ts';
import { afterSlice, firstCheckpoint } from '../source-kit/checkpoint-progress.ts';
import { planBackfill } from '../source-kit/plan-slices.ts';
import { readAhead } from './read-ahead.ts';
import type { Semaphore } from './semaphore.ts';
import {
  noCounts,
  type ReadCounts,
  type SliceRead,
  SliceReader,
  type SliceReaderContext,
} from './slice-reader.ts';
import { uncoveredRanges } from './uncovered-ranges.ts';

export interface BackfillRequest extends TimeRange {
  /** Names the checkpoints: the same name again goes on where it was interrupted. */
  readonly name: string;
  /** Reads again what is known to have been read; destinations then get those records a second time. */
  readonly again: boolean;
}

export interface BackfillContext extends SliceReaderContext {
  readonly store: Pick<StateStore, 'load' | 'list' | 'commit' | 'spool'>;
  readonly aheadSlots: Semaphore;
}

export interface BackfillProgress {
  readonly counts: ReadCounts;
  /** Of all partitions together, milliseconds of event time. */
  readonly coveredMillis: number;
  readonly totalMillis: number;
  readonly partitions: number;
}

/** A range of one partition, under a checkpoint of its own. */
interface Piece extends TimeRange {
  readonly partition: Partition;
  /** Milliseconds of it that an earlier attempt of the run has read. */
  readonly doneMillis: number;
}

/**
 * Reads a bounded range of the past of everything that a source finds. Live reading is not disturbed: its checkpoints
 * are others, and its requests come first. Ranges that live reading or another backfill has covered are left out.
 */
export async function backfill(
  source: PullSource,
  request: BackfillRequest,
  context: BackfillContext,
  onProgress: (progress: BackfillProgress) => void,
  signal: AbortSignal,
): Promise<ReadCounts> {
  const { partitions } = await source.discover(signal);
  const pieces = (await Promise.all(partitions.map((p) => piecesOf(p, request, context.store)))).flat();
  const counts = noCounts();
  const lengthOf = (range: TimeRange) => range.toMillis - range.fromMillis + 1;
  const totalMillis = pieces.reduce((sum, piece) => sum + lengthOf(piece), 0);
  let coveredMillis = pieces.reduce((sum, piece) => sum + piece.doneMillis, 0);
  const tell = () => onProgress({ counts, coveredMillis, totalMillis, partitions: partitions.length });
  tell();
  const results = await Promise.allSettled(
    pieces.map((piece) =>
      readPiece(piece, source.collect.maxLatenessMillis, request.name, context, counts, signal, (millis) => {
        coveredMillis += millis;
        tell();
      }),
    ),
  );
  const failed = results.find((result) => result.status === 'rejected');
  if (failed !== undefined) throw failed.reason;
  return counts;
}

async function piecesOf(
  partition: Partition,
  request: BackfillRequest,
  store: BackfillContext['store'],
): Promise<Piece[]> {
  const others: TimeRange[] = [];
  const own = new Map<string, number>();
  const live = await store.load(partition.key);
  // Everything from there on has been read, or will be.
  if (live !== undefined)
    others.push({ fromMillis: live.checkpoint.coveredFromMillis, toMillis: Number.POSITIVE_INFINITY });
  const prefix = backfillKeyPrefix(partition.key);
  for (const { key, checkpoint } of await store.list(prefix)) {
    const range = { fromMillis: checkpoint.coveredFromMillis, toMillis: checkpoint.headMillis - 1 };
    if (key.startsWith(`${prefix}${request.name}/`)) own.set(key, range.toMillis);
    else others.push(range);
  }
  return uncoveredRanges(request, request.again ? [] : others).map((range) => {
    const readTo = own.get(backfillKey(partition.key, request.name, range.fromMillis));
    const doneMillis = readTo === undefined ? 0 : Math.min(readTo, range.toMillis) - range.fromMillis + 1;
    return { ...range, partition, doneMillis };
  });
}

async function readPiece(
  piece: Piece,
  maxLatenessMillis: number,
  name: string,
  context: BackfillContext,
  counts: ReadCounts,
  signal: AbortSignal,
  onCovered: (millis: number) => void,
): Promise<void> {
  const { clock, serviceClock } = context;
  const { partition, fromMillis, toMillis } = piece;
  const reader = new SliceReader(backfillKey(partition.key, name, fromMillis), context);
  const load = () =>
    reader.load(async () => ({
      checkpoint: firstCheckpoint(fromMillis, 0),
      // Live reading may have read what is ahead of its start (events of the future), and the same events are not due twice.
      seen: (await context.store.load(partition.key))?.seen ?? [],
    }));
  for (;;) {
    signal.throwIfAborted();
    const loaded = await load();
    const slices = planBackfill(loaded.checkpoint, toMillis);
    if (slices.length === 0) break;
    const ahead = { serviceClock, slots: context.aheadSlots };
    for await (const open of readAhead(partition, slices, ahead, signal)) {
      const { slice, startedMillis } = open;
      const after = (checkpoint: Checkpoint, { cost }: SliceRead) => ({
        ...afterSlice(checkpoint, slice, cost, startedMillis, maxLatenessMillis),
        headMillis: slice.toMillis + 1,
      });
      if (!(await reader.readSlice(loaded, open, after, counts, signal))) break;
      await reader.commit(loaded, [], loaded.checkpoint, counts, signal);
      onCovered(slice.toMillis - slice.fromMillis + 1);
    }
  }
  while (reader.wakeAtMillis !== undefined) {
    await clock.sleep(Math.max(1, reader.wakeAtMillis - serviceClock.now()), signal);
    const loaded = await load();
    await reader.commit(loaded, [], loaded.checkpoint, counts, signal);
  }
}
