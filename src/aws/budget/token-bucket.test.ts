import { describe, expect, test } from 'vitest';
import {
  afterSuccess,
  afterThrottling,
  type BucketLimits,
  fullBucket,
  type TokenBucket,
  takeToken,
} from './token-bucket.ts';

const LISTED: BucketLimits = { startPerSecond: 10, ceilingPerSecond: 10, floorPerSecond: 0.2, burst: 2 };
const UNLISTED: BucketLimits = { ...LISTED, startPerSecond: 4, ceilingPerSecond: 20 };

/** Asks for more than is allowed for so long; AWS takes `allowedPerSecond`, and refuses the rest. */
function work(start: TokenBucket, seconds: number, allowedPerSecond = 1e6) {
  let bucket = start;
  let nowMillis = bucket.refilledMillis;
  const endMillis = nowMillis + seconds * 1000;
  let theirs = 3;
  let theirsMillis = nowMillis;
  let sent = 0;
  let refused = 0;
  while (nowMillis < endMillis) {
    const taken = takeToken(bucket, nowMillis);
    bucket = taken.bucket;
    if (!taken.granted) {
      nowMillis += taken.waitMillis;
      continue;
    }
    sent++;
    theirs = Math.min(3, theirs + ((nowMillis - theirsMillis) / 1000) * allowedPerSecond);
    theirsMillis = nowMillis;
    if (theirs >= 1) {
      theirs--;
      bucket = afterSuccess(bucket, nowMillis);
    } else {
      refused++;
      bucket = afterThrottling(bucket, nowMillis, nowMillis);
    }
  }
  return { bucket, sent, refused, perSecond: sent / seconds };
}

describe('where the quota is known', () => {
  test('the rate begins there and stays there', () => {
    const { perSecond, refused } = work(fullBucket(LISTED, 0), 60);
    expect(perSecond).toBeCloseTo(10, 0);
    expect(refused).toBe(0);
  });

  test('after throttling it rises quickly to a little less than what was refused, and slowly from there', () => {
    const halved = afterThrottling(fullBucket(LISTED, 0), 0, 0);
    expect(halved.ratePerSecond).toBe(5);
    const quick = work(halved, 20).bucket;
    expect(quick.ratePerSecond).toBeGreaterThanOrEqual(8);
    expect(quick.ratePerSecond).toBeLessThan(8.3);
    const slow = work(quick, 60).bucket;
    expect(slow.ratePerSecond).toBeLessThan(8.9);
    // After some minutes whoever took the rest of the quota has gone, perhaps.
    expect(work(slow, 250).bucket.ratePerSecond).toBe(10);
  });

  test('while others take half of it, most of what is left is used, and few requests are refused', () => {
    const settled = work(fullBucket(LISTED, 0), 120, 5).bucket;
    const { perSecond, refused, sent } = work(settled, 1800, 5);
    expect(perSecond).toBeGreaterThan(3.5);
    expect(refused / sent).toBeLessThan(0.02);
  });
});

describe('where nobody knows the quota', () => {
  test('the rate begins low, and rises by work alone', () => {
    let bucket = fullBucket(UNLISTED, 0);
    for (let second = 1; second <= 3600; second++) {
      bucket = takeToken(bucket, second * 1000).bucket;
      bucket = afterSuccess(bucket, second * 1000);
    }
    expect(bucket.ratePerSecond).toBe(4);
    expect(work(bucket, 300).bucket.ratePerSecond).toBeGreaterThan(8);
    expect(work(bucket, 1200).bucket.ratePerSecond).toBe(20);
  });

  test('what is allowed is learned: most of it is used, and few requests are refused', () => {
    const learned = work(fullBucket(UNLISTED, 0), 1200, 12).bucket;
    const { perSecond, refused, sent } = work(learned, 3600, 12);
    expect(perSecond).toBeGreaterThan(9);
    expect(refused / sent).toBeLessThan(0.01);
  });
});
