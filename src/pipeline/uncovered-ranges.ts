import type { TimeRange } from '../contracts/checkpoint.ts';

/**
 * What of `wanted` none of `covered` holds: ascending, ends inclusive. A range that is covered without end has
 * `toMillis: Infinity`.
 */
export function uncoveredRanges(wanted: TimeRange, covered: readonly TimeRange[]): TimeRange[] {
  const rest: TimeRange[] = [];
  let fromMillis = wanted.fromMillis;
  for (const range of covered.toSorted((a, b) => a.fromMillis - b.fromMillis)) {
    if (range.fromMillis > wanted.toMillis) break;
    if (range.fromMillis > fromMillis) rest.push({ fromMillis, toMillis: range.fromMillis - 1 });
    fromMillis = Math.max(fromMillis, range.toMillis + 1);
  }
  if (fromMillis <= wanted.toMillis) rest.push({ fromMillis, toMillis: wanted.toMillis });
  return rest;
}
