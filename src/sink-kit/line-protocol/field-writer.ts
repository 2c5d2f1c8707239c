import type { FieldValue, LogRecord } from '../../record/log-record.ts';
import { cutUtf8 } from './cut-utf8.ts';
import { escapeIdentifier, plainKey, quoted } from './escape.ts';
import { MAX_FIELDS, MAX_KEY_BYTES, MAX_MESSAGE_BYTES, MAX_POINT_BYTES } from './limits.ts';
import { DROPPED_KEYS, freeKey, OWN_FIELDS, type PointPrefix } from './point-prefix.ts';

/** Kept free for event id, status, markers and the timestamp. */
const OWN_FIELDS_BYTES = 2_000;
const MAX_EVENT_ID_BYTES = 512;
/** What other fields may take beside a message that would fill the point alone. */
const OTHER_FIELDS_RESERVE_BYTES = 100_000;
/** A text field is rather left out than cut to less than this. */
const SHORTEST_CUT_BYTES = 64;
/** Field names come from what applications write: they may be without end. */
const MAX_KNOWN_KEYS = 4096;
/** No UTF-16 unit becomes more bytes of UTF-8. */
const MAX_UNIT_BYTES = 3;

export interface PointFields {
  readonly text: string;
  readonly truncated: boolean;
  /** Fields that did not fit or had no name. */
  readonly dropped: number;
}

/** Plain and escaped. */
interface FieldKey {
  readonly plain: string;
  readonly written: string;
}

interface OtherFields {
  /** `key=value` each. */
  readonly written: readonly string[];
  readonly units: number;
  readonly dropped: number;
}

const NO_FIELDS: OtherFields = { written: [], units: 0, dropped: 0 };

/** Writes the fields of points; keeps the field names it has seen, which most records share. */
export class FieldWriter {
  readonly #keys = new Map<string, FieldKey>();

  /** `message="…",event_id="…",status="…",…`; bounded so that prefix, fields and time are one legal point. */
  write(record: LogRecord, prefix: PointPrefix): PointFields {
    const { message } = record;
    const others = record.fields === undefined ? NO_FIELDS : this.#others(record.fields, prefix);
    const written = quoted(message);
    const id = quoted(
      record.id.length <= MAX_EVENT_ID_BYTES / MAX_UNIT_BYTES ? record.id : shortId(record.id),
    );
    const marks = `event_id=${id},status="${record.level ?? 'info'}"`;
    const roomBytes = MAX_POINT_BYTES - OWN_FIELDS_BYTES - prefix.bytes;
    if (
      (written.length + others.units) * MAX_UNIT_BYTES <= roomBytes &&
      message.length * MAX_UNIT_BYTES <= MAX_MESSAGE_BYTES
    ) {
      const rest = others.written.length === 0 ? '' : `,${others.written.join(',')}`;
      return { text: `message=${written},${marks}${rest}`, truncated: false, dropped: others.dropped };
    }
    return fitted(message, marks, others, roomBytes);
  }

  #others(fields: Readonly<Record<string, FieldValue>>, prefix: PointPrefix): OtherFields {
    const written: string[] = [];
    const taken = new Set<string>();
    let units = 0;
    let dropped = 0;
    for (const rawKey in fields) {
      if (!Object.hasOwn(fields, rawKey)) continue;
      const value = fields[rawKey] as FieldValue;
      const key = this.#keyOf(rawKey);
      // The tag says the same already, and would win.
      if (prefix.tags.get(key.plain) === String(value)) continue;
      // The own fields of a message that is cut are five.
      if (key.plain === '' || written.length >= MAX_FIELDS - OWN_FIELDS.size) {
        dropped++;
        continue;
      }
      const free = freeFieldKey(key, prefix, taken);
      taken.add(free.plain);
      const field = `${free.written}=${valueText(value)}`;
      written.push(field);
      units += field.length + 1;
    }
    return { written, units, dropped };
  }

  #keyOf(rawKey: string): FieldKey {
    const known = this.#keys.get(rawKey);
    if (known !== undefined) return known;
    const plain = plainKey(rawKey);
    const key = { plain, written: escapeIdentifier(plain) };
    if (this.#keys.size >= MAX_KNOWN_KEYS) this.#keys.clear();
    this.#keys.set(rawKey, key);
    return key;
  }
}

/** A name of its own for a field that a tag, an own field or another field would hide. */
function freeFieldKey(key: FieldKey, prefix: PointPrefix, taken: ReadonlySet<string>): FieldKey {
  const isOccupied = (candidate: string) =>
    prefix.tags.has(candidate) ||
    taken.has(candidate) ||
    OWN_FIELDS.has(candidate) ||
    DROPPED_KEYS.has(candidate);
  if (!isOccupied(key.plain)) return key;
  const wanted = taken.has(key.plain) ? key.plain : `${cutUtf8(key.plain, MAX_KEY_BYTES - 32)}_field`;
  const plain = freeKey(wanted, isOccupied);
  return { plain, written: escapeIdentifier(plain) };
}

function valueText(value: FieldValue): string {
  if (typeof value === 'string') return quoted(value);
  if (typeof value === 'boolean') return value ? 'true' : 'false';
  // Not-a-number and the infinities have no form as numbers: one would cost the whole batch.
  if (!Number.isFinite(value)) return `"${value}"`;
  return Number.isSafeInteger(value) ? `${value}i` : String(value);
}

function shortId(id: string): string {
  return cutUtf8(id, MAX_EVENT_ID_BYTES);
}

/** The careful way, for what may be too long: every byte is counted. */
function fitted(message: string, marks: string, others: OtherFields, roomBytes: number): PointFields {
  const otherBytes = others.written.reduce((sum, field) => sum + Buffer.byteLength(field) + 1, 0);
  const kept = cutUtf8(message, MAX_MESSAGE_BYTES);
  const reserve = Math.min(OTHER_FIELDS_RESERVE_BYTES, otherBytes);
  const written = cutQuoted(quoted(kept), roomBytes - reserve);
  const truncated = kept.length !== message.length || written.cut;
  const mark = truncated ? `,message_truncated=true,message_bytes=${Buffer.byteLength(message)}i` : '';
  let leftBytes = roomBytes - Buffer.byteLength(written.text);
  let text = `message=${written.text},${marks}${mark}`;
  let { dropped } = others;
  for (const field of others.written) {
    const shorter = cutField(field, leftBytes - 1);
    if (shorter === undefined) dropped++;
    else {
      text += `,${shorter}`;
      leftBytes -= Buffer.byteLength(shorter) + 1;
    }
  }
  return { text, truncated, dropped };
}

/** A text field is cut to what is left; undefined for what does not fit. */
function cutField(field: string, leftBytes: number): string | undefined {
  if (Buffer.byteLength(field) <= leftBytes) return field;
  const valueAt = field.search(/(?<!\\)=/) + 1;
  const keyBytes = Buffer.byteLength(field.slice(0, valueAt));
  if (field[valueAt] !== '"' || keyBytes + SHORTEST_CUT_BYTES > leftBytes) return undefined;
  return field.slice(0, valueAt) + cutQuoted(field.slice(valueAt), leftBytes - keyBytes).text;
}

/** A quoted text of at most so many bytes, quotes included, cut neither inside a character nor inside an escape. */
function cutQuoted(text: string, maxBytes: number): { readonly text: string; readonly cut: boolean } {
  if (Buffer.byteLength(text) <= maxBytes) return { text, cut: false };
  const beginning = cutUtf8(text.slice(0, -1), maxBytes - 1);
  const backslashes = /\\*$/.exec(beginning)?.[0].length ?? 0;
  return { text: `${backslashes % 2 === 1 ? beginning.slice(0, -1) : beginning}"`, cut: true };
}
