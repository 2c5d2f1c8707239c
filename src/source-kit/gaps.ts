/** What could not be read: pure functions of checkpoints. */
import type { Checkpoint, Gap, TimeRange } from '../contracts/checkpoint.ts';

const MAX_GAPS_KEPT = 100;

/** One that goes on where another of its kind ended makes that one longer. */
export function withGap(checkpoint: Checkpoint, gap: Gap): Checkpoint {
  const { gaps } = checkpoint;
  const isSameKind = ({ reason, lateOnly }: Gap) => reason === gap.reason && lateOnly === gap.lateOnly;
  const index = gap.reason === 'expired' ? gaps.findLastIndex(isSameKind) : -1;
  const last = gaps[index];
  const grows =
    last !== undefined && last.fromMillis <= gap.fromMillis && gap.fromMillis <= last.toMillis + 1;
  if (!grows) return { ...checkpoint, gaps: [...gaps, gap].slice(-MAX_GAPS_KEPT) };
  const whole = { ...gap, fromMillis: last.fromMillis, toMillis: Math.max(last.toMillis, gap.toMillis) };
  return { ...checkpoint, gaps: gaps.with(index, whole) };
}

export interface Unread {
  /** Was never read. */
  readonly never: TimeRange;
  /** Was read, but may have got events since. */
  readonly late: TimeRange;
}

/** Ranges that are empty (an end before the start) are left out. */
export function withUnread(
  checkpoint: Checkpoint,
  { never, late }: Unread,
  reason: Gap['reason'],
  recordedAtMillis: number,
): Checkpoint {
  let next = checkpoint;
  if (late.fromMillis <= late.toMillis)
    next = withGap(next, { ...late, reason, recordedAtMillis, lateOnly: true });
  if (never.fromMillis <= never.toMillis) next = withGap(next, { ...never, reason, recordedAtMillis });
  return next;
}

/**
 * The group that was made then is there after all, as the service said later, and is read on from where it was: what was
 * taken for lost is not.
 */
export function withoutDeletion(
  checkpoint: Checkpoint,
  createdMillis: number,
  describedMillis: number,
): Checkpoint {
  const { headMillis, gaps } = checkpoint;
  const taken = gaps.find(
    ({ reason, lateOnly, fromMillis, toMillis, recordedAtMillis }) =>
      reason === 'deleted' &&
      lateOnly !== true &&
      fromMillis >= headMillis &&
      toMillis >= createdMillis &&
      recordedAtMillis < describedMillis,
  );
  if (taken === undefined) return checkpoint;
  const isOfIt = (gap: Gap) => gap.reason === 'deleted' && gap.recordedAtMillis === taken.recordedAtMillis;
  return { ...checkpoint, gaps: gaps.filter((gap) => !isOfIt(gap)) };
}

/** What is new of the gaps of `after`, or longer than it was. */
export function newGaps(before: Checkpoint, after: Checkpoint): readonly Gap[] {
  if (before.gaps === after.gaps) return [];
  return after.gaps.filter((gap) => !before.gaps.some(({ fromMillis }) => fromMillis === gap.fromMillis));
}
