import type { StoredRecord } from '../contracts/log-store.ts';
import type { Level } from '../record/level.ts';
import type { FieldValue, LogRecord } from '../record/log-record.ts';

/** A row as it comes back: times in Unix milliseconds. */
export interface LogRow {
  readonly time: number;
  readonly ingested: number;
  readonly stored: number;
  readonly source: string;
  readonly level: string;
  readonly message: string;
  readonly tags: Readonly<Record<string, string>>;
  readonly fields: Readonly<Record<string, string>>;
  readonly id: string;
}

export const LOG_ROW_COLUMNS = `toUnixTimestamp64Milli(time) AS time, toUnixTimestamp64Milli(ingested) AS ingested,
  toUnixTimestamp64Milli(stored) AS stored, source, level, message, tags, fields, id`;

/** DateTime64(3) holds 1900 … 2299; an event of another time is kept at the nearest end rather than refused. */
const MIN_MILLIS = Date.UTC(1900, 0, 1);
const MAX_MILLIS = Date.UTC(2299, 11, 31);

/**
 * Lines of JSON for an insert. A lone surrogate is no Unicode and becomes U+FFFD; everything else, NUL included, comes
 * back as it was.
 */
export function encodeRows(records: readonly LogRecord[], storedMillis: number): Buffer {
  const lines: string[] = [];
  for (const record of records) {
    const { id, timestampMillis, ingestedMillis, message, level, origin, fields } = record;
    lines.push(
      JSON.stringify({
        time: seconds(timestampMillis),
        ingested: seconds(ingestedMillis),
        stored: seconds(storedMillis),
        source: origin.source.toWellFormed(),
        level: level ?? '',
        message: message.toWellFormed(),
        tags: wellFormed(origin.tags),
        fields: fields === undefined ? {} : jsonValues(fields),
        id,
      }),
    );
  }
  return Buffer.from(lines.join('\n'));
}

export function decodeRow(row: LogRow): StoredRecord {
  const fields = Object.entries(row.fields).map(([key, text]) => [key, JSON.parse(text) as FieldValue]);
  return {
    storedAtMillis: row.stored,
    record: {
      id: row.id,
      timestampMillis: row.time,
      ingestedMillis: row.ingested,
      message: row.message,
      ...(row.level !== '' && { level: row.level as Level }),
      origin: { source: row.source, tags: row.tags },
      ...(fields.length > 0 && { fields: Object.fromEntries(fields) as Record<string, FieldValue> }),
    },
  };
}

/** ClickHouse reads a decimal number of seconds, exact to the millisecond. */
function seconds(millis: number): string {
  const bounded = Math.min(MAX_MILLIS, Math.max(MIN_MILLIS, Math.round(millis)));
  const whole = Math.floor(bounded / 1000);
  return `${whole}.${String(bounded - whole * 1000).padStart(3, '0')}`;
}

function wellFormed(tags: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(tags).map(([key, value]) => [key.toWellFormed(), value.toWellFormed()]),
  );
}

function jsonValues(fields: Readonly<Record<string, FieldValue>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(fields).map(([key, value]) => [
      key.toWellFormed(),
      JSON.stringify(typeof value === 'string' ? value.toWellFormed() : value),
    ]),
  );
}
