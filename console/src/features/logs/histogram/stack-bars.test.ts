import { expect, test } from 'vitest';
import { brushed, stackBars } from './stack-bars.ts';

const bars = stackBars({
  bucketMillis: 1000,
  buckets: [
    { fromMillis: 0, counts: { info: 2, error: 1, critical: 1, none: 1 } },
    { fromMillis: 1000, counts: {} },
    { fromMillis: 2000, counts: { debug: 4 } },
  ],
});

test('levels become a few colours, the worst at the bottom, and none is lost', () => {
  expect(bars[0]).toEqual({
    fromMillis: 0,
    toMillis: 999,
    total: 5,
    parts: [
      { tone: 'error', count: 2 },
      { tone: 'info', count: 2 },
      { tone: 'none', count: 1 },
    ],
  });
  expect(bars.map(({ total }) => total)).toEqual([5, 0, 4]);
});

test('a brush takes whole bars, in whatever direction it is drawn, and not beyond the ends', () => {
  expect(brushed(bars, 0.4, 0.1)).toEqual({ fromMillis: 0, toMillis: 1999 });
  expect(brushed(bars, -1, 2)).toEqual({ fromMillis: 0, toMillis: 2999 });
  expect(brushed([], 0, 1)).toBeUndefined();
});
