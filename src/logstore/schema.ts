/**
 * The table of log records, the same for ClickHouse in a child process and on a server.
 *
 * Order: what people look at is a range of time, the newest first; read in this order, which is that of every page, a search
 * for the newest ends as soon as it has them. Partitions are days of event time (UTC), so that retention drops files instead of rewriting them.
 * `origin` holds the tags as one text (origin-text.ts): it is the same for all records of a stream, so that it costs nearly
 * nothing on disk, and a condition on a tag is evaluated once for each different text. Values of `fields` are JSON texts, so that
 * their types survive. fsync: what was acknowledged is on stable storage, also when the machine loses power.
 *
 * No index on messages: a search for something rare reads all messages of its range, at about ten million a second and core.
 * That is why they are compressed with LZ4: ZSTD takes 40 % less of the disk and twice the time to read. Measured for each
 * million records (0.18 GB of messages): a bloom filter of tokens adds 3 CPU seconds to the 8 of inserting, 3 MB to 47, and helps with
 * whole words only; one of n-grams adds 12 seconds; a text index 7 seconds and 38 MB; a column of JSON values 5 seconds
 * and 20 MB where a quarter of the messages is JSON.
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
  message String CODEC(LZ4),
  fields Map(String, String) CODEC(ZSTD(1)),
  id String CODEC(ZSTD(1))
)
ENGINE = MergeTree
PARTITION BY toYYYYMMDD(time)
PRIMARY KEY (time, id)
ORDER BY (time, id, source, stored)
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1, non_replicated_deduplication_window = 0`;
