const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** Each is a multiple of those that people count with. */
const WIDTHS: readonly number[] = [
  [1, 2, 5, 10, 20, 50, 100, 200, 500],
  [1, 2, 5, 10, 15, 30].map((seconds) => seconds * SECOND),
  [1, 2, 5, 10, 15, 30].map((minutes) => minutes * MINUTE),
  [1, 2, 3, 6, 12].map((hours) => hours * HOUR),
  [1, 2, 7, 14, 28].map((days) => days * DAY),
].flat();

/** The narrowest round width of which so many buckets hold the range. */
export function bucketWidth(fromMillis: number, toMillis: number, maxBuckets: number): number {
  const range = toMillis - fromMillis + 1;
  // A range that begins within a bucket takes one more.
  const fits = (width: number) => Math.ceil(range / width) + 1 <= Math.max(2, maxBuckets);
  const width = WIDTHS.find(fits);
  if (width !== undefined) return width;
  const widest = 28 * DAY;
  return Math.ceil(range / Math.max(1, maxBuckets - 1) / widest) * widest;
}
