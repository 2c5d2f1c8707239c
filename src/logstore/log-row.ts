import type { StoredRecord } from '../contracts/log-search.ts';
import type { Level } from '../record/level.ts';
import type { FieldValue, LogRecord, Origin } from '../record/log-record.ts';
import { decodeTags, encodeTags } from './origin-text.ts';

/** A row as it comes back: times in Unix milliseconds. */
export interface LogRow {
  readonly at: number;
  readonly taken_in: number;
  readonly kept: number;
  readonly source: string;
  readonly level: string;
  readonly origin: string;
  readonly text: string;
  readonly bytes: number;
  readonly fields: Readonly<Record<string, string>>;
  readonly id: string;
}

/** Under names of their own, so that conditions mean the columns. `maxLength`: SQL of a number of characters. */
export function logRowColumns(maxLength?: string): string {
  const text =
    maxLength === undefined
      ? 'message'
      : `if(length(message) > ${maxLength}, substringUTF8(message, 1, ${maxLength}), message)`;
  return `toUnixTimestamp64Milli(time) AS at, toUnixTimestamp64Milli(ingested) AS taken_in,
  toUnixTimestamp64Milli(stored) AS kept, source, level, origin, ${text} AS text, length(message) AS bytes, fields, id`;
}

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

/** Rows of one answer share their origins, as batches do. */
export function rowDecoder(): (row: LogRow) => StoredRecord {
  const origins = new Map<string, Origin>();
  const originOf = (source: string, text: string): Origin => {
    const key = `${source}\n${text}`;
    const origin = origins.get(key) ?? { source, tags: decodeTags(text) };
    origins.set(key, origin);
    return origin;
  };
  return (row) => {
    const fields = Object.entries(row.fields).map(([key, text]) => [key, JSON.parse(text) as FieldValue]);
    return {
      storedAtMillis: row.kept,
      ...(Buffer.byteLength(row.text) < row.bytes && { messageBytes: row.bytes }),
      record: {
        id: row.id,
        timestampMillis: row.at,
        ingestedMillis: row.taken_in,
        message: row.text,
        ...(row.level !== '' && { level: row.level as Level }),
        origin: originOf(row.source, row.origin),
        ...(fields.length > 0 && { fields: Object.fromEntries(fields) as Record<string, FieldValue> }),
      },
    };
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
    text = `"source":${quoted(origin.source)},"origin":${JSON.stringify(encodeTags(origin.tags))}`;
    originTexts.set(origin, text);
  }
  return text;
}

function quoted(text: string): string {
  return JSON.stringify(text.isWellFormed() ? text : text.toWellFormed());
}

function jsonValues(fields: Readonly<Record<string, FieldValue>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(fields).map(([key, value]) => [
      key.toWellFormed(),
      JSON.stringify(typeof value === 'string' ? value.toWellFormed() : value),
    ]),
  );
}
