import type { Migration } from '../migrate.ts';

/** Rows of minute_count may have form 2 (../minute-counts.ts), which an older program could not read. */
export const minuteFingerprints: Migration = { version: 4, sql: '-- No table changes.' };
