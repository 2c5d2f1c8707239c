/**
 * The decisions of a request budget: how many requests may go now, and how the rate answers to what AWS says.
 * Pure; the time is the monotonic clock's, milliseconds.
 *
 * A token is one request. Tokens grow at `ratePerSecond` up to the burst. Throttling halves the rate and empties
 * the bucket; success raises it again, by RAISE_SHARE of the ceiling at most once a second: from half to full in
 * about 25 s of work. A rest raises nothing, since nothing was learned by it.
 */
export interface BucketLimits {
  /** The most that is ever allowed, requests a second. */
  readonly ceilingPerSecond: number;
  /** The least that throttling leaves, requests a second. */
  readonly floorPerSecond: number;
  /** Tokens that a rest can gather; at least 1. */
  readonly burst: number;
}

export interface TokenBucket {
  readonly limits: BucketLimits;
  readonly ratePerSecond: number;
  readonly tokens: number;
  readonly refilledMillis: number;
  /** When the rate last changed. */
  readonly changedMillis: number;
  /** When the rate was last halved. */
  readonly halvedMillis: number;
}

const RAISE_SHARE = 0.02;
const RAISE_EVERY_MILLIS = 1000;
/** Sums of floating-point refills fall short of a whole token by less than this. */
const ROUNDING = 1e-6;

export function fullBucket(limits: BucketLimits, nowMillis: number): TokenBucket {
  return {
    limits,
    ratePerSecond: limits.ceilingPerSecond,
    tokens: limits.burst,
    refilledMillis: nowMillis,
    changedMillis: nowMillis,
    halvedMillis: -Infinity,
  };
}

export type Taken =
  | { readonly granted: true; readonly bucket: TokenBucket }
  | { readonly granted: false; readonly bucket: TokenBucket; readonly waitMillis: number };

/** Takes one token, or tells how long to wait until there is one. */
export function takeToken(bucket: TokenBucket, nowMillis: number): Taken {
  const refilled = refill(bucket, nowMillis);
  if (refilled.tokens >= 1 - ROUNDING) {
    return { granted: true, bucket: { ...refilled, tokens: Math.max(0, refilled.tokens - 1) } };
  }
  const waitMillis = Math.ceil(((1 - refilled.tokens) / refilled.ratePerSecond) * 1000);
  return { granted: false, bucket: refilled, waitMillis };
}

/**
 * A request sent at `sentMillis` was refused because of its rate. Requests that were in flight together are
 * refused together: only the first of them halves the rate.
 */
export function afterThrottling(bucket: TokenBucket, sentMillis: number, nowMillis: number): TokenBucket {
  const refilled = refill(bucket, nowMillis);
  if (sentMillis <= refilled.halvedMillis) return { ...refilled, tokens: 0 };
  return {
    ...refilled,
    ratePerSecond: Math.max(refilled.limits.floorPerSecond, refilled.ratePerSecond / 2),
    tokens: 0,
    changedMillis: nowMillis,
    halvedMillis: nowMillis,
  };
}

export function afterSuccess(bucket: TokenBucket, nowMillis: number): TokenBucket {
  const { ceilingPerSecond } = bucket.limits;
  if (bucket.ratePerSecond >= ceilingPerSecond) return bucket;
  if (nowMillis - bucket.changedMillis < RAISE_EVERY_MILLIS) return bucket;
  const raised = bucket.ratePerSecond + RAISE_SHARE * ceilingPerSecond;
  return {
    ...refill(bucket, nowMillis),
    ratePerSecond: Math.min(ceilingPerSecond, raised),
    changedMillis: nowMillis,
  };
}

/** Another account that shares the bucket asks for less: the lower ceiling holds for both. */
export function tightened(bucket: TokenBucket, limits: BucketLimits): TokenBucket {
  const ceilingPerSecond = Math.min(bucket.limits.ceilingPerSecond, limits.ceilingPerSecond);
  const burst = Math.min(bucket.limits.burst, limits.burst);
  const floorPerSecond = Math.min(bucket.limits.floorPerSecond, limits.floorPerSecond);
  return {
    ...bucket,
    limits: { ceilingPerSecond, burst, floorPerSecond },
    ratePerSecond: Math.min(bucket.ratePerSecond, ceilingPerSecond),
    tokens: Math.min(bucket.tokens, burst),
  };
}

function refill(bucket: TokenBucket, nowMillis: number): TokenBucket {
  const gainedMillis = Math.max(0, nowMillis - bucket.refilledMillis);
  const tokens = Math.min(bucket.limits.burst, bucket.tokens + (gainedMillis / 1000) * bucket.ratePerSecond);
  return { ...bucket, tokens, refilledMillis: nowMillis };
}
