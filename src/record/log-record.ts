import type { Level } from './level.ts';

export type FieldValue = string | number | boolean;

/**
 * Where records came from. One object is shared by all records of a stream, so that an encoder may keep
 * what it made of it (in a WeakMap) and a batch stores it once. Frozen in meaning: never changed after creation.
 */
export interface Origin {
  /** The data source: `measurement` in DataKit, the first facet in the explorer. */
  readonly source: string;
  /** Identity of low cardinality: account, Region, log group, stream, cluster, service, task, container … */
  readonly tags: Readonly<Record<string, string>>;
}

/** One log event. Immutable: a change is a new record, made below. */
export interface LogRecord {
  /**
   * The same for the same event however often and by whatever way it is read: CloudWatch's eventId;
   * of joined lines, the id of the first.
   */
  readonly id: string;
  /** When the application wrote it, Unix milliseconds, as the service tells it. */
  readonly timestampMillis: number;
  /** When the service took it in, Unix milliseconds; equals timestampMillis where it is not known. */
  readonly ingestedMillis: number;
  /** The text as it came, bytes that were no UTF-8 aside: NUL, ANSI, lone surrogates and line breaks included. */
  readonly message: string;
  readonly level?: Level;
  readonly origin: Origin;
  /** What was learned of this very event, of any cardinality. */
  readonly fields?: Readonly<Record<string, FieldValue>>;
}

/**
 * What handles every record is fast as long as records have few shapes: so they are made here, their members in the
 * same order and those that are undefined left out, and are not copied by spreading, which also takes three times as long.
 */
export function makeRecord(
  id: string,
  timestampMillis: number,
  ingestedMillis: number,
  message: string,
  origin: Origin,
  level?: Level,
  fields?: LogRecord['fields'],
): LogRecord {
  if (fields !== undefined) {
    return level === undefined
      ? { id, timestampMillis, ingestedMillis, message, origin, fields }
      : { id, timestampMillis, ingestedMillis, message, origin, level, fields };
  }
  return level === undefined
    ? { id, timestampMillis, ingestedMillis, message, origin }
    : { id, timestampMillis, ingestedMillis, message, origin, level };
}

export function withLevel(record: LogRecord, level: Level): LogRecord {
  const { id, timestampMillis, ingestedMillis, message, origin, fields } = record;
  return makeRecord(id, timestampMillis, ingestedMillis, message, origin, level, fields);
}

export function withOrigin(record: LogRecord, origin: Origin): LogRecord {
  const { id, timestampMillis, ingestedMillis, message, level, fields } = record;
  return makeRecord(id, timestampMillis, ingestedMillis, message, origin, level, fields);
}

export function withMessage(record: LogRecord, message: string, fields: LogRecord['fields']): LogRecord {
  const { id, timestampMillis, ingestedMillis, origin, level } = record;
  return makeRecord(id, timestampMillis, ingestedMillis, message, origin, level, fields);
}

/** Records that move together: committed at once, and named by an id that stays the same on every retry. */
export interface RecordBatch {
  readonly id: string;
  readonly records: readonly LogRecord[];
}

/** About what a record weighs in memory and on the wire, in bytes; cheap, not exact. */
export function approximateBytes(record: LogRecord): number {
  return record.message.length + 120;
}
