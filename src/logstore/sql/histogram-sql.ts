import type { SqlQuery } from '../engine.ts';
import { LOGS_TABLE } from '../schema.ts';
import { BoundValues } from './bound-values.ts';
import { filterSql, type PlannedFilter } from './filter-sql.ts';

export interface HistogramRow {
  /** Number of the bucket: its begin is this many widths after the epoch of the zone. */
  readonly bucket: number;
  readonly level: string;
  readonly records: number;
}

export function histogramSql(
  filter: PlannedFilter,
  bucketMillis: number,
  zoneOffsetMillis: number,
): SqlQuery {
  const values = new BoundValues();
  const where = filterSql(filter, values);
  const local = `toUnixTimestamp64Milli(time) + ${values.integer(zoneOffsetMillis)}`;
  return {
    sql: `SELECT toInt64(floor((${local}) / ${values.number(bucketMillis)})) AS bucket, level, count() AS records
      FROM ${LOGS_TABLE} WHERE ${where} GROUP BY bucket, level`,
    parameters: values.parameters,
  };
}
