/** What a poll of a partition reads: its head, and what is due of what was read before. */
import type { Checkpoint } from '../contracts/checkpoint.ts';
import type { CollectSettings, Partition, Slice } from '../contracts/pull-source.ts';
import { afterSlice, type ProgressSettings, rereadOf } from '../source-kit/checkpoint-progress.ts';
import { learnLateness } from '../source-kit/lateness.ts';
import { type Reread, rereadsDue, SAMPLE_EVERY } from '../source-kit/plan-rereads.ts';
import {
  headStart,
  mayLeaveNewest,
  nextHeadSlice,
  nextRereadSlice,
  reachesPresent,
} from '../source-kit/plan-slices.ts';
import { Patience } from './patience.ts';
import { readAhead } from './read-ahead.ts';
import type { Semaphore } from './semaphore.ts';
import type { ReadCounts, ReaderState, SliceRead, SliceReader, SliceReaderContext } from './slice-reader.ts';

const SLICES_AT_A_TIME = 4;

export interface ReadPartitionContext extends SliceReaderContext {
  readonly collect: CollectSettings;
  /** Slices that the process may read ahead at once. */
  readonly aheadSlots: Semaphore;
}

export interface PartitionReading {
  readonly partition: Partition;
  readonly reader: SliceReader;
  readonly loaded: ReaderState;
  readonly settings: ProgressSettings;
  readonly context: ReadPartitionContext;
  readonly counts: ReadCounts;
  readonly signal: AbortSignal;
  /** Called after each slice. */
  readonly tellGaps: (before: Checkpoint, after: Checkpoint) => void;
}

/** Everything up to the present. */
export async function readHead(reading: PartitionReading): Promise<void> {
  const { loaded, settings, context } = reading;
  const now = () => context.serviceClock.now();
  let fromMillis = headStart(loaded.checkpoint, loaded.seen, now(), settings);
  for (;;) {
    const last = await readSlices(reading, headSlices(reading, fromMillis), context.aheadSlots);
    if (last?.isWhole === true) return;
    fromMillis = last?.slice.fromMillis ?? fromMillis;
  }
}

function* headSlices({ loaded, settings, context }: PartitionReading, fromMillis: number): Iterable<Slice> {
  const leavesNewest = mayLeaveNewest(loaded.checkpoint);
  for (let nextMillis = fromMillis; ; ) {
    const nowMillis = context.serviceClock.now();
    const slice = nextHeadSlice(loaded.checkpoint, nowMillis, settings, nextMillis, leavesNewest);
    yield slice;
    if (reachesPresent(slice, nowMillis)) return;
    nextMillis = slice.toMillis + 1;
  }
}

/**
 * What is due to be read again. Ends before it is through when `patience` does: the head must not wait for it; what is
 * long since due is waited for all the same.
 */
export async function readAgain(reading: PartitionReading, patience: Patience): Promise<void> {
  const { loaded, settings, context } = reading;
  const startedMillis = context.serviceClock.now();
  const done = new Set<Reread['kind']>();
  for (;;) {
    // What was read may have been more than one that was due: looked for anew each time.
    const due = rereadsDue(loaded.checkpoint, loaded.seen, startedMillis, settings).find(
      ({ kind }) => !done.has(kind),
    );
    if (due === undefined) return;
    if (!(await readDue(reading, due, due.isOverdue ? Patience.endless : patience))) return;
    done.add(due.kind);
    loaded.checkpoint = afterReread(loaded.checkpoint, due, startedMillis);
  }
}

function afterReread(checkpoint: Checkpoint, { kind, toMillis }: Reread, startedMillis: number): Checkpoint {
  switch (kind) {
    case 'sweep':
      return { ...checkpoint, sweptAtMillis: startedMillis };
    case 'sample':
      // What lies before it is left to sealing.
      return { ...checkpoint, rereadMillis: Math.max(rereadOf(checkpoint), toMillis) };
    case 'horizon':
    case 'seal':
      return checkpoint;
  }
}

/** False when patience ended first. */
async function readDue(reading: PartitionReading, due: Reread, patience: Patience): Promise<boolean> {
  const { aheadSlots } = reading.context;
  for (let fromMillis = due.fromMillis; fromMillis <= due.toMillis; ) {
    const slices = rereadSlices(reading, due, fromMillis);
    const last = await patience.attempt(reading.partition, reading.signal, (partition, signal) =>
      readSlices(
        { ...reading, partition, signal },
        slices,
        aheadSlots,
        due.kind === 'sample' ? SAMPLE_EVERY : 1,
      ),
    );
    if (last === undefined) return false;
    fromMillis = last.isWhole ? last.slice.toMillis + 1 : last.slice.fromMillis;
  }
  return true;
}

/** A few: between them there is time for the head. */
function* rereadSlices({ loaded }: PartitionReading, due: Reread, fromMillis: number): Iterable<Slice> {
  let nextMillis = fromMillis;
  for (let count = 0; count < SLICES_AT_A_TIME; count++) {
    const slice = nextRereadSlice(loaded.checkpoint, loaded.seen, due, nextMillis);
    if (slice === undefined) return;
    yield slice;
    nextMillis = slice.toMillis + 1;
  }
}

interface LastSlice {
  readonly slice: Slice;
  readonly isWhole: boolean;
}

/** Ends after the last of them, or the first that was given up as too dense: the plan is then no longer good. */
async function readSlices(
  { partition, reader, loaded, settings, context, counts, signal, tellGaps }: PartitionReading,
  slices: Iterable<Slice>,
  slots: Semaphore,
  weight = 1,
): Promise<LastSlice | undefined> {
  const { serviceClock } = context;
  let last: LastSlice | undefined;
  for await (const open of readAhead(partition, slices, { serviceClock, slots }, signal)) {
    const before = loaded.checkpoint;
    const after = (checkpoint: Checkpoint, { cost, lateness }: SliceRead) => ({
      ...afterSlice(checkpoint, open.slice, cost, open, settings),
      lateness: learnLateness(checkpoint.lateness, lateness, settings.maxLatenessMillis, weight),
    });
    const isWhole = await reader.readSlice(loaded, open, after, counts, signal);
    tellGaps(before, loaded.checkpoint);
    last = { slice: open.slice, isWhole };
    if (!isWhole) break;
  }
  return last;
}
