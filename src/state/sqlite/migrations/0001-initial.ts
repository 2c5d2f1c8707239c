import type { Migration } from '../migrate.ts';

/**
 * Invariants, beyond what the constraints say:
 *
 * - spool_total.used_bytes = Σ spool_entry.bytes + Σ dead_letter.bytes; dead_bytes is the second of the two.
 * - spool_total.newest_offset never goes back, so that an offset is never used twice.
 * - before_entries/records/bytes of an entry count what its topic had ever taken before it. What waits for a consumer
 *   is the topic's total less those of the first entry that it has not passed: one look-up, no counters to drift.
 * - subscription.from_offset: a topic that a consumer took up later begins there for it.
 * - seen_chunk.hashes is a multiple of 8 bytes long; a bucket's chunks are its rows in any order.
 *
 * Payloads stand last in their rows: SQLite then reads the other columns without touching overflow pages.
 */
export const initial: Migration = {
  version: 1,
  sql: `
    CREATE TABLE checkpoint (
      id INTEGER PRIMARY KEY,
      key TEXT NOT NULL UNIQUE,
      revision INTEGER NOT NULL,
      checkpoint TEXT NOT NULL,
      transform_states TEXT NOT NULL
    ) STRICT;

    CREATE TABLE seen_chunk (
      id INTEGER PRIMARY KEY,
      checkpoint_id INTEGER NOT NULL REFERENCES checkpoint (id) ON DELETE CASCADE,
      bucket_start_millis INTEGER NOT NULL,
      hashes BLOB NOT NULL
    ) STRICT;
    CREATE INDEX seen_chunk_bucket ON seen_chunk (checkpoint_id, bucket_start_millis);

    CREATE TABLE topic (
      id INTEGER PRIMARY KEY,
      name TEXT NOT NULL UNIQUE,
      total_entries INTEGER NOT NULL DEFAULT 0,
      total_records INTEGER NOT NULL DEFAULT 0,
      total_bytes INTEGER NOT NULL DEFAULT 0
    ) STRICT;

    CREATE TABLE consumer (
      id INTEGER PRIMARY KEY,
      name TEXT NOT NULL UNIQUE,
      cursor_offset INTEGER NOT NULL,
      cursor_index INTEGER NOT NULL,
      dead_letters INTEGER NOT NULL DEFAULT 0
    ) STRICT;

    CREATE TABLE subscription (
      consumer_id INTEGER NOT NULL REFERENCES consumer (id) ON DELETE CASCADE,
      topic_id INTEGER NOT NULL REFERENCES topic (id),
      from_offset INTEGER NOT NULL,
      PRIMARY KEY (consumer_id, topic_id)
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX subscription_topic ON subscription (topic_id);

    CREATE TABLE spool_entry (
      offset INTEGER PRIMARY KEY,
      topic_id INTEGER NOT NULL REFERENCES topic (id),
      records INTEGER NOT NULL,
      bytes INTEGER NOT NULL,
      committed_at_millis INTEGER NOT NULL,
      before_entries INTEGER NOT NULL,
      before_records INTEGER NOT NULL,
      before_bytes INTEGER NOT NULL,
      batch_id TEXT NOT NULL,
      payload BLOB NOT NULL
    ) STRICT;
    CREATE INDEX spool_entry_topic ON spool_entry (topic_id, offset);

    CREATE TABLE dead_letter (
      id INTEGER PRIMARY KEY AUTOINCREMENT,
      consumer_id INTEGER NOT NULL REFERENCES consumer (id) ON DELETE CASCADE,
      created_at_millis INTEGER NOT NULL,
      bytes INTEGER NOT NULL,
      reason TEXT NOT NULL,
      detail TEXT NOT NULL,
      payload BLOB NOT NULL
    ) STRICT;
    CREATE INDEX dead_letter_consumer ON dead_letter (consumer_id, id);

    CREATE TABLE spool_total (
      only_row INTEGER PRIMARY KEY CHECK (only_row = 1),
      newest_offset INTEGER NOT NULL,
      used_bytes INTEGER NOT NULL,
      dead_bytes INTEGER NOT NULL
    ) STRICT;
    INSERT INTO spool_total VALUES (1, 0, 0, 0);

    CREATE TABLE lease (
      name TEXT PRIMARY KEY,
      owner TEXT,
      fencing_token INTEGER NOT NULL,
      expires_at_millis INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE run (
      sequence INTEGER PRIMARY KEY,
      id TEXT NOT NULL UNIQUE,
      source TEXT NOT NULL,
      state TEXT NOT NULL,
      created_at_millis INTEGER NOT NULL,
      run TEXT NOT NULL
    ) STRICT;
    CREATE INDEX run_created ON run (created_at_millis);
  `,
};
