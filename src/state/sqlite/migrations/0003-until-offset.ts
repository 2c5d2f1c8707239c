import type { Migration } from '../migrate.ts';

/**
 * A topic that a consumer no longer takes ends for it at `until_offset`: what was committed before is still its. NULL
 * while it takes it. A topic may be taken up again while some of it still waits, so that a consumer has ranges of it.
 *
 * Invariants: the ranges of a consumer and topic do not overlap, and the one without an end is the last.
 */
export const untilOffset: Migration = {
  version: 3,
  sql: `
    CREATE TABLE subscription_range (
      consumer_id INTEGER NOT NULL REFERENCES consumer (id) ON DELETE CASCADE,
      topic_id INTEGER NOT NULL REFERENCES topic (id),
      from_offset INTEGER NOT NULL,
      until_offset INTEGER,
      PRIMARY KEY (consumer_id, topic_id, from_offset)
    ) STRICT, WITHOUT ROWID;
    INSERT INTO subscription_range SELECT consumer_id, topic_id, from_offset, NULL FROM subscription;
    DROP TABLE subscription;
    ALTER TABLE subscription_range RENAME TO subscription;
    CREATE INDEX subscription_topic ON subscription (topic_id);
  `,
};
