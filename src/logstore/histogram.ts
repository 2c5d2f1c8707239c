import type { Histogram, HistogramBucket, HistogramRequest, LevelName } from '../contracts/log-search.ts';
import { bucketWidth } from './bucket-width.ts';
import type { HistogramRow } from './sql/histogram-sql.ts';

const MINUTE = 60_000;

export interface HistogramPlan {
  readonly bucketMillis: number;
  readonly zoneOffsetMillis: number;
}

export function planHistogram(request: HistogramRequest): HistogramPlan {
  const { fromMillis, toMillis, maxBuckets, zoneOffsetMinutes = 0 } = request;
  return {
    bucketMillis: bucketWidth(fromMillis, toMillis, maxBuckets),
    zoneOffsetMillis: zoneOffsetMinutes * MINUTE,
  };
}

/** All buckets of the range, those without records too. */
export function fillHistogram(
  rows: readonly HistogramRow[],
  { fromMillis, toMillis }: HistogramRequest,
  { bucketMillis, zoneOffsetMillis }: HistogramPlan,
): Histogram {
  const counts = new Map<number, Partial<Record<LevelName, number>>>();
  let total = 0;
  for (const { bucket, level, records } of rows) {
    const known = counts.get(bucket) ?? {};
    known[levelName(level)] = records;
    counts.set(bucket, known);
    total += records;
  }
  const numberOf = (millis: number) => Math.floor((millis + zoneOffsetMillis) / bucketMillis);
  const buckets: HistogramBucket[] = [];
  for (let bucket = numberOf(fromMillis); bucket <= numberOf(toMillis); bucket++) {
    buckets.push({
      fromMillis: bucket * bucketMillis - zoneOffsetMillis,
      counts: counts.get(bucket) ?? {},
    });
  }
  return { bucketMillis, buckets, total };
}

export function levelName(level: string): LevelName {
  return level === '' ? 'none' : (level as LevelName);
}
