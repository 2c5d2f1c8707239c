import type { Checkpoint, TimeRange } from '../../contracts/checkpoint.ts';
import type { Partition } from '../../contracts/pull-source.ts';
import { COUNTS_KEPT_MILLIS, FINGERPRINTS_KEPT_MILLIS } from '../../contracts/state-store.ts';
import { type Random, randomInteger } from '../../foundation/random.ts';
import { MINUTE_MILLIS } from '../coverage/coverage.ts';

/** What is about to expire is not looked at: it may be gone when it is counted. */
const EXPIRY_MARGIN_MILLIS = 3_600_000;

/** The whole minutes of a partition that can be counted again; undefined when there are none. Pure. */
export function auditableRange(
  { coveredFromMillis, watermarkMillis }: Pick<Checkpoint, 'coveredFromMillis' | 'watermarkMillis'>,
  partition: Pick<Partition, 'retentionMillis' | 'createdMillis' | 'selectedSinceMillis'>,
  nowMillis: number,
): TimeRange | undefined {
  const { retentionMillis = Infinity, createdMillis = 0, selectedSinceMillis = 0 } = partition;
  const fromMillis = Math.max(
    coveredFromMillis,
    createdMillis,
    selectedSinceMillis,
    nowMillis - retentionMillis + EXPIRY_MARGIN_MILLIS,
    watermarkMillis - FINGERPRINTS_KEPT_MILLIS,
    nowMillis - COUNTS_KEPT_MILLIS + EXPIRY_MARGIN_MILLIS,
  );
  const range = {
    fromMillis: Math.ceil(fromMillis / MINUTE_MILLIS) * MINUTE_MILLIS,
    toMillis: Math.floor(watermarkMillis / MINUTE_MILLIS) * MINUTE_MILLIS - 1,
  };
  return range.fromMillis < range.toMillis ? range : undefined;
}

/** The start of any minute of a range, each with the same chance. */
export function pickMinute({ fromMillis, toMillis }: TimeRange, random: Random): number {
  const minutes = Math.floor((toMillis + 1 - fromMillis) / MINUTE_MILLIS);
  return fromMillis + randomInteger(random, 0, minutes) * MINUTE_MILLIS;
}

export function isInGap({ gaps }: Pick<Checkpoint, 'gaps'>, minuteMillis: number): boolean {
  return gaps.some(
    ({ fromMillis, toMillis }) => fromMillis < minuteMillis + MINUTE_MILLIS && toMillis >= minuteMillis,
  );
}
