/**
 * The table of log records, the same for ClickHouse in a child process and on a server.
 *
 * Order: what people look at is a data source over a range of time. Partitions are days of event time (UTC), so that
 * retention drops files instead of rewriting them. Tags of low cardinality are a map; those that are asked for most have
 * columns of their own, which cost nearly nothing compressed. Values of `fields` are JSON texts, so that their types
 * survive. fsync: what was acknowledged is on stable storage, also when the machine loses power.
 */
export const LOGS_TABLE = 'logs';

export const CREATE_LOGS_TABLE = `
CREATE TABLE IF NOT EXISTS ${LOGS_TABLE} (
  time DateTime64(3, 'UTC') CODEC(Delta, ZSTD(1)),
  ingested DateTime64(3, 'UTC') CODEC(Delta, ZSTD(1)),
  stored DateTime64(3, 'UTC') CODEC(Delta, ZSTD(1)),
  source LowCardinality(String),
  level LowCardinality(String),
  message String CODEC(ZSTD(1)),
  tags Map(LowCardinality(String), String) CODEC(ZSTD(1)),
  fields Map(String, String) CODEC(ZSTD(1)),
  id String CODEC(ZSTD(1)),
  log_group LowCardinality(String) MATERIALIZED tags['log_group'],
  service LowCardinality(String) MATERIALIZED tags['service'],
  container LowCardinality(String) MATERIALIZED tags['container']
)
ENGINE = MergeTree
PARTITION BY toYYYYMMDD(time)
ORDER BY (source, time, id)
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1, non_replicated_deduplication_window = 0`;

/** Columns of the table that a condition may name; everything else is a tag or a field. */
export const LOG_COLUMNS: ReadonlySet<string> = new Set([
  'source',
  'level',
  'message',
  'id',
  'log_group',
  'service',
  'container',
]);
