import type { Migration } from '../migrate.ts';

/**
 * How many events a checkpoint has read, by minute of event time; the form of `counts` stands in ../minute-counts.ts.
 * `hour` counts from 1970. The index is what old hours are dropped by.
 */
export const minuteCounts: Migration = {
  version: 2,
  sql: `
    CREATE TABLE minute_count (
      checkpoint_id INTEGER NOT NULL REFERENCES checkpoint (id) ON DELETE CASCADE,
      hour INTEGER NOT NULL,
      counts BLOB NOT NULL,
      PRIMARY KEY (checkpoint_id, hour)
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX minute_count_hour ON minute_count (hour);
  `,
};
