import type { StoredRecord } from '../contracts/log-store.ts';
import type { Level } from '../record/level.ts';
import type { FieldValue, LogRecord, Origin } from '../record/log-record.ts';

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

const MIN_MILLIS = Date.UTC(1900, 0, 1);
const MAX_MILLIS = Date.UTC(2299, 11, 31);

/** DateTime64(3) holds 1900 … 2299; an event of another time is kept at the nearest end rather than refused. */
export function storedTime(millis: number): number {
  return Math.min(MAX_MILLIS, Math.max(MIN_MILLIS, Math.round(millis)));
}

/**
 * Lines of JSON for an insert. A lone surrogate is no Unicode and becomes U+FFFD; everything else, NUL included, comes
 * back as it was.
 */
export function encodeRows(records: readonly LogRecord[], storedMillis: number): Buffer {
  const stored = dateTime(storedMillis);
  const lines: string[] = [];
  // Put together by hand: what is the same for many records is made once, and only texts are escaped.
  for (const { id, timestampMillis, ingestedMillis, message, level, origin, fields } of records) {
    lines.push(
      `{"time":"${dateTime(timestampMillis)}","ingested":"${dateTime(ingestedMillis)}","stored":"${stored}",` +
        `${originText(origin)},"level":"${level ?? ''}","message":${quoted(message)},` +
        `"fields":${fields === undefined ? '{}' : JSON.stringify(jsonValues(fields))},"id":${quoted(id)}}`,
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

let second = Number.NaN;
let secondText = '';

/**
 * `2026-11-23 12:00:00.001`, in the time zone of the column (UTC). A number of seconds would do only between 2001 and
 * 2286: ClickHouse takes any other count of digits than ten for a date.
 */
function dateTime(millis: number): string {
  const at = storedTime(millis);
  const ofSecond = Math.floor(at / 1000);
  // Records of one second come one after the other.
  if (ofSecond !== second) {
    second = ofSecond;
    secondText = new Date(ofSecond * 1000).toISOString().slice(0, 19).replace('T', ' ');
  }
  return `${secondText}.${String(at - ofSecond * 1000).padStart(3, '0')}`;
}

const originTexts = new WeakMap<Origin, string>();

function originText(origin: Origin): string {
  let text = originTexts.get(origin);
  if (text === undefined) {
    text = `"source":${quoted(origin.source)},"tags":${JSON.stringify(wellFormed(origin.tags))}`;
    originTexts.set(origin, text);
  }
  return text;
}

function quoted(text: string): string {
  return JSON.stringify(text.isWellFormed() ? text : text.toWellFormed());
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
