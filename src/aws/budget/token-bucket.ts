/**
 * The decisions of a request budget: how many requests may go now, and how the rate answers to what AWS says.
 * Pure; the time is the monotonic clock's, milliseconds.
 *
 * A token is one request. Tokens grow at `ratePerSecond` up to the burst. Throttling halves the rate and empties
 * the bucket. Success raises it again, while it is the rate that requests wait for: what was not asked of AWS
 * teaches nothing.
 *
 *   rate
 *   ceiling ┤· · · · · · · · · · · · · · · ·
 *           │────────╮              ___----      slowly: where others ask too, or nobody knows
 *   known   ┤· · · · │· · · ·╭──----
 *           │        │     ╱                     quickly: so much was allowed shortly before
 *   halved  ┤· · · · ╰───╱
 *           └────────┴────────────────────> time
 *                throttled
 *
 * Known is the start at first: the quota less its headroom where AWS publishes one (then it is the ceiling, too), and a
 * low one where it does not: there the ceiling is the highest quota of any Region, and the way to it is the slow one.
 * After throttling known is a little less than what was refused. That is believed for some minutes: whoever used up
 * the quota has gone by then, perhaps.
 */
export interface BucketLimits {
  /** Allowed before anything was learned, requests a second. */
  readonly startPerSecond: number;
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
  /** What is believed to be allowed for some minutes after throttling. */
  readonly allowedPerSecond: number;
  /** Since the rate last changed a request had to wait for a token. */
  readonly isLimiting: boolean;
}

/** Of the ceiling, once a second: from half to full in 25 s of work. */
const QUICK_SHARE = 0.02;
/** Of the ceiling, once a second: from a fifth to full in a quarter of an hour of work. */
const SLOW_SHARE = 0.001;
const RAISE_EVERY_MILLIS = 1000;
/** Of the rate that was refused, what is known to be allowed. */
const ALLOWED_SHARE = 0.8;
const ALLOWED_MILLIS = 5 * 60_000;
/** Sums of floating-point refills fall short of a whole token by less than this. */
const ROUNDING = 1e-6;

export function fullBucket(limits: BucketLimits, nowMillis: number): TokenBucket {
  return {
    limits,
    ratePerSecond: limits.startPerSecond,
    tokens: limits.burst,
    refilledMillis: nowMillis,
    changedMillis: nowMillis,
    halvedMillis: -Infinity,
    allowedPerSecond: limits.startPerSecond,
    isLimiting: false,
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
  return { granted: false, bucket: { ...refilled, isLimiting: true }, waitMillis };
}

/**
 * A request sent at `sentMillis` was refused because of its rate. Requests that were in flight together are
 * refused together: only the first of them halves the rate.
 */
export function afterThrottling(bucket: TokenBucket, sentMillis: number, nowMillis: number): TokenBucket {
  const refilled = refill(bucket, nowMillis);
  if (sentMillis <= refilled.halvedMillis) return { ...refilled, tokens: 0 };
  const { ratePerSecond, limits } = refilled;
  return {
    ...refilled,
    ratePerSecond: Math.max(limits.floorPerSecond, ratePerSecond / 2),
    tokens: 0,
    changedMillis: nowMillis,
    halvedMillis: nowMillis,
    allowedPerSecond: ratePerSecond * ALLOWED_SHARE,
    isLimiting: false,
  };
}

export function afterSuccess(bucket: TokenBucket, nowMillis: number): TokenBucket {
  const { limits, ratePerSecond, isLimiting, changedMillis } = bucket;
  if (ratePerSecond >= limits.ceilingPerSecond || !isLimiting) return bucket;
  if (nowMillis - changedMillis < RAISE_EVERY_MILLIS) return bucket;
  const isKnown = ratePerSecond < knownPerSecond(bucket, nowMillis);
  const raised = ratePerSecond + (isKnown ? QUICK_SHARE : SLOW_SHARE) * limits.ceilingPerSecond;
  return {
    ...refill(bucket, nowMillis),
    ratePerSecond: Math.min(limits.ceilingPerSecond, raised),
    changedMillis: nowMillis,
    isLimiting: false,
  };
}

/** Another account that shares the bucket asks for less: the lower limits hold for both. */
export function tightened(bucket: TokenBucket, other: BucketLimits): TokenBucket {
  const { limits } = bucket;
  const ceilingPerSecond = Math.min(limits.ceilingPerSecond, other.ceilingPerSecond);
  const burst = Math.min(limits.burst, other.burst);
  return {
    ...bucket,
    limits: {
      startPerSecond: Math.min(limits.startPerSecond, other.startPerSecond),
      ceilingPerSecond,
      floorPerSecond: Math.min(limits.floorPerSecond, other.floorPerSecond),
      burst,
    },
    ratePerSecond: Math.min(bucket.ratePerSecond, ceilingPerSecond),
    tokens: Math.min(bucket.tokens, burst),
  };
}

function knownPerSecond({ limits, halvedMillis, allowedPerSecond }: TokenBucket, nowMillis: number): number {
  return nowMillis - halvedMillis > ALLOWED_MILLIS ? limits.startPerSecond : allowedPerSecond;
}

function refill(bucket: TokenBucket, nowMillis: number): TokenBucket {
  const gainedMillis = Math.max(0, nowMillis - bucket.refilledMillis);
  const tokens = Math.min(bucket.limits.burst, bucket.tokens + (gainedMillis / 1000) * bucket.ratePerSecond);
  return { ...bucket, tokens, refilledMillis: nowMillis };
}
