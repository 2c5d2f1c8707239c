import type { Histogram } from '../../../api-client/logs.ts';
import { type LevelTone, TONES, toneOf } from '../level-tone.ts';

export interface Bar {
  readonly fromMillis: number;
  readonly toMillis: number;
  readonly total: number;
  /** What asks most for a look stands at the bottom, where small numbers can be seen. */
  readonly parts: readonly { readonly tone: LevelTone; readonly count: number }[];
}

export function stackBars({
  bucketMillis,
  buckets,
}: Pick<Histogram, 'bucketMillis' | 'buckets'>): readonly Bar[] {
  return buckets.map(({ fromMillis, counts }) => {
    const byTone = new Map<LevelTone, number>();
    for (const [level, count] of Object.entries(counts)) {
      const tone = toneOf(level as keyof typeof counts);
      byTone.set(tone, (byTone.get(tone) ?? 0) + count);
    }
    const parts = TONES.map((tone) => ({ tone, count: byTone.get(tone) ?? 0 })).filter(
      ({ count }) => count > 0,
    );
    return {
      fromMillis,
      toMillis: fromMillis + bucketMillis - 1,
      total: parts.reduce((sum, { count }) => sum + count, 0),
      parts,
    };
  });
}

/** The times between which a brush was drawn, in whole bars; `first` and `last` are shares of the width, 0 … 1. */
export function brushed(
  bars: readonly Bar[],
  first: number,
  last: number,
): { readonly fromMillis: number; readonly toMillis: number } | undefined {
  const place = (share: number) => Math.min(bars.length - 1, Math.max(0, Math.floor(share * bars.length)));
  const from = bars[place(Math.min(first, last))];
  const to = bars[place(Math.max(first, last))];
  return from === undefined || to === undefined
    ? undefined
    : { fromMillis: from.fromMillis, toMillis: to.toMillis };
}
