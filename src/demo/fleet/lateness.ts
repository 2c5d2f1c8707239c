import type { Random } from '../../foundation/random.ts';

const LATE_SHARE = 0.02;
const LEAST_LATE_MILLIS = 2_000;
const MOST_LATE_MILLIS = 120_000;

/**
 * How long the service took to show an entry: mostly what the driver gathers before it sends, and for a small share
 * seconds to two minutes, as when a task's network stalls.
 */
export function latenessMillis(random: Random): number {
  const share = random.next();
  const size = random.next();
  if (share < LATE_SHARE) {
    return Math.round(LEAST_LATE_MILLIS + size ** 2 * (MOST_LATE_MILLIS - LEAST_LATE_MILLIS));
  }
  return Math.round(60 + size * 900);
}
