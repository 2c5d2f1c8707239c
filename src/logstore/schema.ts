/**
 * The table of log records, the same for ClickHouse in a child process and on a server.
 *
 * Order: what people look at is a range of time, the newest first; read in this order, a search for the newest ends as
 * soon as it has them. Partitions are days of event time (UTC), so that retention drops files instead of rewriting them.
 * `origin` holds the tags as one text (origin-text.ts): it is the same for all records of a stream, so that it costs nearly
 * nothing on disk, and a condition on a tag is evaluated once for each different text. Values of `fields` are JSON texts, so that
 * their types survive. fsync: what was acknowledged is on stable storage, also when the machine loses power.
 *
 * No index on messages: a search for something rare reads all messages of its range, at about 7 million a second and core.
 * Measured per million records: a bloom filter of tokens adds 20 % of CPU to inserting and 12 % to the disk and helps
 * with whole words only; one of n-grams more than doubles the CPU; a text index doubles the disk (bench/logstore).
 */
export const LOGS_TABLE = 'records';

export const CREATE_LOGS_TABLE = `
CREATE TABLE IF NOT EXISTS ${LOGS_TABLE} (
  time DateTime64(3, 'UTC') CODEC(Delta, ZSTD(1)),
  ingested DateTime64(3, 'UTC') CODEC(Delta, ZSTD(1)),
  stored DateTime64(3, 'UTC') CODEC(Delta, ZSTD(1)),
  source LowCardinality(String),
  origin LowCardinality(String),
  level LowCardinality(String),
  message String CODEC(ZSTD(1)),
  fields Map(String, String) CODEC(ZSTD(1)),
  id String CODEC(ZSTD(1))
)
ENGINE = MergeTree
PARTITION BY toYYYYMMDD(time)
ORDER BY (time, id)
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1, non_replicated_deduplication_window = 0`;
