import type { AccountOptions } from '../account-options.ts';
import { type BudgetName, MOST_OF_ANY_REGION, quotaOf } from './request-quotas.ts';
import type { BucketLimits } from './token-bucket.ts';

/** Share of the ceiling that may go at once where AWS states no burst: a fifth of a second's worth. */
const BURST_SECONDS = 0.2;
/** However often AWS throttles, the collector goes on trying, once in five seconds. */
const FLOOR_PER_SECOND = 0.2;

/**
 * The limits of a budget: what the configuration says exactly, or the quota less the headroom for people. Where AWS
 * publishes no quota, the start is a low one, and what is allowed is learned.
 */
export function bucketLimits(
  name: BudgetName,
  region: string,
  options: Pick<AccountOptions, 'headroom' | 'requests_per_second'>,
): BucketLimits {
  const exact = options.requests_per_second?.[name];
  const quota = quotaOf(name, region);
  const ours = 1 - options.headroom;
  const startPerSecond = exact ?? quota.requestsPerSecond * ours;
  const isLearned = exact === undefined && quota.isUnlisted === true;
  const statedBurst = exact === undefined && quota.burst !== undefined ? quota.burst * ours : 0;
  return {
    startPerSecond,
    ceilingPerSecond: isLearned ? Math.max(startPerSecond, MOST_OF_ANY_REGION * ours) : startPerSecond,
    floorPerSecond: Math.min(FLOOR_PER_SECOND, startPerSecond),
    burst: Math.max(1, statedBurst, startPerSecond * BURST_SECONDS),
  };
}
