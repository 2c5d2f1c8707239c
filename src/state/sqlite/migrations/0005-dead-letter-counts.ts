import type { Migration } from '../migrate.ts';

/**
 * A dead letter is a record that was refused, or a damaged entry that was set aside: then entry_offset names it, its
 * payload is the entry's, and it stands for `records`.
 *
 * Invariants: dead_letter_count holds, for each consumer and reason, the sums of records and bytes in dead_letter; no row
 * where there are none. It answers what a scan of all dead letters would. An entry is set aside once for a consumer. The
 * index dead_letter_reason is what pages of one reason are read by.
 */
export const deadLetterCounts: Migration = {
  version: 5,
  sql: `
    CREATE TABLE dead_letter_count (
      consumer_id INTEGER NOT NULL REFERENCES consumer (id) ON DELETE CASCADE,
      reason TEXT NOT NULL,
      records INTEGER NOT NULL,
      bytes INTEGER NOT NULL,
      PRIMARY KEY (consumer_id, reason)
    ) STRICT, WITHOUT ROWID;
    INSERT INTO dead_letter_count
      SELECT consumer_id, reason, count(*), sum(bytes) FROM dead_letter GROUP BY consumer_id, reason;
    CREATE INDEX dead_letter_reason ON dead_letter (consumer_id, reason, id);
    ALTER TABLE consumer DROP COLUMN dead_letters;
    ALTER TABLE dead_letter ADD COLUMN records INTEGER NOT NULL DEFAULT 1;
    ALTER TABLE dead_letter ADD COLUMN entry_offset INTEGER;
    CREATE UNIQUE INDEX dead_letter_entry ON dead_letter (consumer_id, entry_offset) WHERE entry_offset IS NOT NULL;
  `,
};
