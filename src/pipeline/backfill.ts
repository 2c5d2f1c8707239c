import {
  backfillKey,
  backfillKeyPrefix,
  type Checkpoint,
  type SeenChunk,
  type TimeRange,
} from '../contracts/checkpoint.ts';
import type { Partition, PullSource, Slice } from '../contracts/pull-source.ts';
import type { StateStore } from '../contracts/state-store.ts';
import type { Logger } from '../foundation/logger.ts';
import {
  afterSlice,
  firstCheckpoint,
  noteExpiredPast,
  skipExpired,
} from '../source-kit/checkpoint-progress.ts';
import { nextBackfillSlice } from '../source-kit/plan-slices.ts';
import type { BackfillTurns } from './backfill-turns.ts';
import { knowTime } from './know-time.ts';
import { liveReach, readRange, seenBetween } from './live-border.ts';
import { readAhead } from './read-ahead.ts';
import { requireFound } from './require-found.ts';
import type { Semaphore } from './semaphore.ts';
import {
  noCounts,
  type ReadCounts,
  type ReaderState,
  type SliceRead,
  SliceReader,
  type SliceReaderContext,
} from './slice-reader.ts';
import { uncoveredRanges } from './uncovered-ranges.ts';

const TELL_MILLIS = 250;

export interface BackfillRequest extends TimeRange {
  /** Names the checkpoints: the same name again goes on where it was interrupted. */
  readonly name: string;
  /** Reads again what is known to have been read; destinations then get those records a second time. */
  readonly again: boolean;
}

export interface BackfillContext extends SliceReaderContext {
  readonly store: Pick<StateStore, 'load' | 'list' | 'commit' | 'spool'>;
  readonly aheadSlots: Semaphore;
  readonly logger: Logger;
  readonly live: LiveReading;
  /** Of the source's backfills. */
  readonly turns: BackfillTurns;
}

/** Live reading of the same source. */
export interface LiveReading {
  /** Brings these partitions up to the present. */
  read(partitionKeys: ReadonlySet<string>, counts: ReadCounts, signal: AbortSignal): Promise<void>;
  /** Up to where a partition was read; undefined before the first read. */
  headMillis(partitionKey: string): number | undefined;
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
  /** Of the partition, ids that were read under other checkpoints. */
  readonly seen: readonly SeenChunk[];
}

interface PartitionPlan {
  readonly partition: Partition;
  readonly pieces: readonly Piece[];
  /** What of the range is live reading's, and it has not read yet. */
  readonly unread: TimeRange | undefined;
}

/**
 * Reads a bounded range of the past of everything that a source finds; when it resolves all of it is in the spool. Live
 * reading is not disturbed: its checkpoints are others, and its requests come first. What it covers is left to it, what
 * another backfill has read is left out, and one under way whose range overlaps is waited for.
 */
export async function backfill(
  source: PullSource,
  request: BackfillRequest,
  context: BackfillContext,
  onProgress: (progress: BackfillProgress) => void,
  signal: AbortSignal,
): Promise<ReadCounts> {
  const work = () => backfillInTurn(source, request, context, onProgress, signal);
  return await context.turns.run(request, work, signal);
}

async function backfillInTurn(
  source: PullSource,
  request: BackfillRequest,
  context: BackfillContext,
  onProgress: (progress: BackfillProgress) => void,
  signal: AbortSignal,
): Promise<ReadCounts> {
  const discovery = await source.discover(signal);
  requireFound(discovery);
  const { partitions } = discovery;
  const [first] = partitions;
  // Where it cannot be asked, reading will fail too, and say why.
  if (first !== undefined) await knowTime(first, context.serviceClock, signal).catch(() => {});
  const plans = await Promise.all(partitions.map((one) => planPartition(one, request, source, context)));
  const counts = noCounts();
  const pieces = plans.flatMap((plan) => plan.pieces);
  const behind = plans.flatMap(({ partition, unread }) =>
    unread === undefined ? [] : [{ key: partition.key, unread }],
  );
  const totalMillis = sumOf([...pieces, ...behind.map(({ unread }) => unread)], lengthOf);
  let ofPiecesMillis = sumOf(pieces, ({ doneMillis }) => doneMillis);
  const tell = () => {
    const coveredMillis = ofPiecesMillis + sumOf(behind, (one) => readOf(one, context.live));
    onProgress({ counts, coveredMillis, totalMillis, partitions: partitions.length });
  };
  const onCovered = (millis: number) => {
    ofPiecesMillis += millis;
    tell();
  };
  tell();
  const { maxLatenessMillis } = source.collect;
  const results = await Promise.allSettled([
    ...pieces.map((piece) =>
      readPiece(piece, maxLatenessMillis, request.name, context, counts, signal, onCovered),
    ),
    readLive(behind, context, counts, tell, signal),
  ]);
  const failed = results.find((result) => result.status === 'rejected');
  if (failed !== undefined) throw failed.reason;
  return counts;
}

interface Behind {
  readonly key: string;
  readonly unread: TimeRange;
}

function readOf({ key, unread }: Behind, live: LiveReading): number {
  const headMillis = live.headMillis(key) ?? unread.fromMillis;
  return Math.min(lengthOf(unread), Math.max(0, headMillis - unread.fromMillis));
}

async function readLive(
  behind: readonly Behind[],
  { live, clock }: BackfillContext,
  counts: ReadCounts,
  tell: () => void,
  signal: AbortSignal,
): Promise<void> {
  if (behind.length === 0) return;
  const over = new AbortController();
  const reading = live.read(new Set(behind.map(({ key }) => key)), counts, signal);
  const ended = reading.finally(() => over.abort());
  while (!over.signal.aborted) {
    await clock.sleep(TELL_MILLIS, over.signal).catch(() => {});
    tell();
  }
  await ended;
}

async function planPartition(
  partition: Partition,
  request: BackfillRequest,
  { collect }: PullSource,
  { store, serviceClock }: BackfillContext,
): Promise<PartitionPlan> {
  const live = await liveReach(partition, request, collect, serviceClock.now(), store);
  const others: TimeRange[] = [];
  const seen: SeenChunk[] = [];
  const own = new Map<string, number>();
  if (live !== undefined) {
    const fromMillis = request.again ? live.headMillis : live.coveredFromMillis;
    others.push({ fromMillis, toMillis: Number.POSITIVE_INFINITY });
  }
  const prefix = backfillKeyPrefix(partition.key);
  for (const { key, checkpoint } of await store.list(prefix)) {
    const range = readRange(checkpoint);
    if (key.startsWith(`${prefix}${request.name}/`)) own.set(key, range.toMillis);
    else if (!request.again) {
      others.push(range);
      seen.push(...((await store.load(key))?.seen ?? []));
    }
  }
  const pieces = uncoveredRanges(request, others).map((range) => {
    const readTo = own.get(backfillKey(partition.key, request.name, range.fromMillis));
    const doneMillis = readTo === undefined ? 0 : Math.min(readTo, range.toMillis) - range.fromMillis + 1;
    return { ...range, partition, doneMillis, seen: seenBetween(seen, range) };
  });
  const fromMillis = Math.max(live?.headMillis ?? Number.POSITIVE_INFINITY, request.fromMillis);
  const unread = fromMillis > request.toMillis ? undefined : { fromMillis, toMillis: request.toMillis };
  return { partition, pieces, unread };
}

function tellExpired(
  { title }: Partition,
  { gaps: [gap] }: Checkpoint,
  { logger, route }: BackfillContext,
): void {
  if (gap === undefined) return;
  const details = { source: route.sourceId, partition: title, gap };
  logger.warn(details, 'Part of the range has expired in CloudWatch Logs; it is a gap.');
}

const lengthOf = (range: TimeRange) => range.toMillis - range.fromMillis + 1;

function sumOf<T>(items: readonly T[], of: (item: T) => number): number {
  return items.reduce((sum, item) => sum + of(item), 0);
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
  const settings = { maxLatenessMillis, retentionMillis: partition.retentionMillis };
  const reader = new SliceReader(backfillKey(partition.key, name, fromMillis), context);
  const load = () =>
    reader.load(() => {
      const first = firstCheckpoint(fromMillis, 0);
      const checkpoint = noteExpiredPast(first, toMillis, serviceClock.now(), settings.retentionMillis);
      tellExpired(partition, checkpoint, context);
      return { checkpoint, seen: piece.seen };
    });
  /** What is long gone; once replies have told the service's time. */
  const skip = async (loaded: ReaderState) => {
    if (!serviceClock.isKnown) return;
    const before = loaded.checkpoint;
    const after = skipExpired(before, serviceClock.now(), settings, toMillis + 1);
    if (after === before) return;
    await reader.commit(loaded, [], after, counts, signal);
    onCovered(after.headMillis - before.headMillis);
  };
  for (;;) {
    signal.throwIfAborted();
    const loaded = await load();
    await skip(loaded);
    const slices = backfillSlices(loaded, toMillis);
    const ahead = { serviceClock, slots: context.aheadSlots };
    let isThrough = true;
    for await (const open of readAhead(partition, slices, ahead, signal)) {
      const { slice } = open;
      const headMillis = slice.toMillis + 1;
      const after = (checkpoint: Checkpoint, { cost }: SliceRead) => ({
        ...afterSlice(checkpoint, { ...slice, toMillis: headMillis }, cost, open, settings),
        headMillis,
      });
      isThrough = await reader.readSlice(loaded, open, after, counts, signal);
      // Too dense: from its start on, in smaller ones.
      if (!isThrough) break;
      await reader.commitCheckpoint(loaded, counts, signal);
      onCovered(slice.toMillis - slice.fromMillis + 1);
    }
    if (isThrough) break;
  }
  while (reader.wakeAtMillis !== undefined) {
    await clock.sleep(Math.max(1, reader.wakeAtMillis - serviceClock.now()), signal);
    const loaded = await load();
    await reader.commit(loaded, [], loaded.checkpoint, counts, signal);
  }
}

/** From where the checkpoint stands; by the density that was seen last when each is asked for. */
function* backfillSlices(loaded: ReaderState, toMillis: number): Iterable<Slice> {
  for (let fromMillis = loaded.checkpoint.headMillis; ; ) {
    const slice = nextBackfillSlice(loaded.checkpoint, toMillis, fromMillis);
    if (slice === undefined) return;
    yield slice;
    fromMillis = slice.toMillis + 1;
  }
}
