import type { Migration } from '../migrate.ts';

/**
 * Invariant: dead_letter_count holds, for each consumer and reason, how many rows of dead_letter there are and the sum
 * of their bytes; no row where there are none. It answers what a scan of all dead letters would. The index is what pages
 * of one reason are read by.
 */
export const deadLetterCounts: Migration = {
  version: 5,
  sql: `
    CREATE TABLE dead_letter_count (
      consumer_id INTEGER NOT NULL REFERENCES consumer (id) ON DELETE CASCADE,
      reason TEXT NOT NULL,
      letters INTEGER NOT NULL,
      bytes INTEGER NOT NULL,
      PRIMARY KEY (consumer_id, reason)
    ) STRICT, WITHOUT ROWID;
    INSERT INTO dead_letter_count
      SELECT consumer_id, reason, count(*), sum(bytes) FROM dead_letter GROUP BY consumer_id, reason;
    CREATE INDEX dead_letter_reason ON dead_letter (consumer_id, reason, id);
    ALTER TABLE consumer DROP COLUMN dead_letters;
  `,
};
