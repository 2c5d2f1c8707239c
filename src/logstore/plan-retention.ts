import type { RetentionPolicy } from '../contracts/log-store.ts';

const DAY_MILLIS = 86_400_000;

/** A partition of the table: a day of event time, `20261123`. */
export interface StoredDay {
  readonly day: string;
  readonly records: number;
  readonly bytes: number;
}

export type RetentionStep =
  /** Removes a whole day: its files are dropped. */
  | {
      readonly kind: 'drop';
      readonly reason: 'age' | 'bytes';
      readonly day: string;
      readonly records: number;
    }
  /** Removes the older part of what is left: files are rewritten. */
  | { readonly kind: 'delete'; readonly reason: 'age'; readonly beforeMillis: number }
  /** Removes this share of the records of what is left, the oldest: files are rewritten. */
  | { readonly kind: 'thin'; readonly reason: 'bytes'; readonly share: number };

/** A day that is thinned gets this much below the bound, so that its files are not rewritten at every look. */
const THINNED_TO = 0.9;

/**
 * What to remove, oldest first, until the policy holds. Whole days are dropped. Of a day that is over the age only in
 * part the older hours are deleted once they are an hour, so that files are not rewritten at every look; of the last day,
 * when it alone is over the bytes, the older share of its records.
 */
export function planRetention(
  days: readonly StoredDay[],
  policy: RetentionPolicy,
  nowMillis: number,
): readonly RetentionStep[] {
  const steps: RetentionStep[] = [];
  let left = days.toSorted((a, b) => a.day.localeCompare(b.day));
  const dropOldest = (reason: 'age' | 'bytes') => {
    const [oldest, ...rest] = left;
    if (oldest !== undefined) steps.push({ kind: 'drop', reason, day: oldest.day, records: oldest.records });
    left = rest;
  };
  if (policy.maxAgeMillis !== undefined) {
    const cutoff = nowMillis - policy.maxAgeMillis;
    while (left[0] !== undefined && startOf(left[0].day) + DAY_MILLIS <= cutoff) dropOldest('age');
    const hour = Math.floor(cutoff / 3_600_000) * 3_600_000;
    if (left[0] !== undefined && startOf(left[0].day) < hour)
      steps.push({ kind: 'delete', reason: 'age', beforeMillis: hour });
  }
  const { maxBytes } = policy;
  if (maxBytes === undefined) return steps;
  const bytes = () => left.reduce((sum, day) => sum + day.bytes, 0);
  while (left.length > 1 && bytes() > maxBytes) dropOldest('bytes');
  const [last] = left;
  if (last !== undefined && bytes() > maxBytes)
    steps.push({ kind: 'thin', reason: 'bytes', share: 1 - (maxBytes * THINNED_TO) / last.bytes });
  return steps;
}

function startOf(day: string): number {
  return Date.UTC(Number(day.slice(0, 4)), Number(day.slice(4, 6)) - 1, Number(day.slice(6, 8)));
}
