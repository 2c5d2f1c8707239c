import type { Migration } from '../migrate.ts';
import { initial } from './0001-initial.ts';
import { minuteCounts } from './0002-minute-counts.ts';
import { untilOffset } from './0003-until-offset.ts';
import { minuteFingerprints } from './0004-minute-fingerprints.ts';
import { deadLetterCounts } from './0005-dead-letter-counts.ts';

/** Every migration, in order. A released one is never changed: a change is a new one at the end. */
export const MIGRATIONS: readonly Migration[] = [
  initial,
  minuteCounts,
  untilOffset,
  minuteFingerprints,
  deadLetterCounts,
];
