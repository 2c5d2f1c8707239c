import type { FieldValue, LogRecord } from '../../record/log-record.ts';
import { cutUtf8 } from './cut-utf8.ts';
import { escapeFieldText, escapeIdentifier, plainKey } from './escape.ts';
import { MAX_FIELDS, MAX_MESSAGE_BYTES, MAX_POINT_BYTES } from './limits.ts';
import { DROPPED_KEYS, freeKey, OWN_FIELDS, type PointPrefix } from './point-prefix.ts';

/** Kept free for event id, status, markers and the timestamp. */
const OWN_FIELDS_BYTES = 2_000;
const MAX_EVENT_ID_BYTES = 512;
/** What other fields may take beside a message that would fill the point alone. */
const OTHER_FIELDS_RESERVE_BYTES = 100_000;

export interface PointFields {
  readonly text: string;
  readonly truncated: boolean;
  /** Fields that did not fit or had no name. */
  readonly dropped: number;
}

/** `message="…",event_id="…",status="…",…` of one record; bounded so that prefix, fields and time are one legal point. */
export function pointFields(record: LogRecord, prefix: PointPrefix): PointFields {
  const roomBytes = MAX_POINT_BYTES - OWN_FIELDS_BYTES - prefix.bytes;
  const others = record.fields === undefined ? undefined : otherFields(record.fields, prefix);
  const reserve = Math.min(OTHER_FIELDS_RESERVE_BYTES, others?.bytes ?? 0);
  const message = boundedMessage(record.message, roomBytes - reserve);
  const own = `message="${message.text}",event_id="${escapeFieldText(cutUtf8(record.id, MAX_EVENT_ID_BYTES))}",status="${record.level ?? 'info'}"`;
  const marked = message.cut
    ? `${own},message_truncated=true,message_bytes=${Buffer.byteLength(record.message)}i`
    : own;
  if (others === undefined) return { text: marked, truncated: message.cut, dropped: 0 };
  const fitted = fit(others.written, roomBytes - message.bytes());
  return { text: marked + fitted.text, truncated: message.cut, dropped: others.dropped + fitted.dropped };
}

interface BoundedMessage {
  /** Escaped. */
  readonly text: string;
  readonly cut: boolean;
  bytes(): number;
}

function boundedMessage(message: string, maxEscapedBytes: number): BoundedMessage {
  const kept = cutUtf8(message, MAX_MESSAGE_BYTES);
  const escaped = escapeFieldText(kept);
  const cut = kept.length !== message.length;
  if (escaped.length * 3 <= maxEscapedBytes || Buffer.byteLength(escaped) <= maxEscapedBytes)
    return { text: escaped, cut, bytes: () => Buffer.byteLength(escaped) };
  const shorter = completeEscapes(cutUtf8(escaped, maxEscapedBytes));
  return { text: shorter, cut: true, bytes: () => Buffer.byteLength(shorter) };
}

/** Takes away a trailing backslash whose partner was cut off. */
function completeEscapes(escaped: string): string {
  const trailing = /\\+$/.exec(escaped)?.[0].length ?? 0;
  return trailing % 2 === 1 ? escaped.slice(0, -1) : escaped;
}

interface WrittenField {
  readonly key: string;
  readonly value: string;
  readonly isText: boolean;
}

function otherFields(
  fields: Readonly<Record<string, FieldValue>>,
  prefix: PointPrefix,
): { written: WrittenField[]; bytes: number; dropped: number } {
  const written: WrittenField[] = [];
  const taken = new Set<string>();
  let bytes = 0;
  let dropped = 0;
  for (const [rawKey, value] of Object.entries(fields)) {
    const key = fieldKey(rawKey, value, prefix, taken);
    if (key === 'same_as_tag') continue;
    // One more than the own fields of a truncated message would be one too many.
    if (key === undefined || written.length >= MAX_FIELDS - OWN_FIELDS.size) {
      dropped++;
      continue;
    }
    taken.add(key.plain);
    const text = fieldValueText(value);
    const escapedKey = escapeIdentifier(key.plain);
    written.push({ key: escapedKey, value: text, isText: text.startsWith('"') });
    bytes += Buffer.byteLength(escapedKey) + Buffer.byteLength(text) + 2;
  }
  return { written, bytes, dropped };
}

/** The tag of the same name would win: the field gets a name of its own, and is left out where it says the same. */
function fieldKey(
  rawKey: string,
  value: FieldValue,
  prefix: PointPrefix,
  taken: ReadonlySet<string>,
): { readonly plain: string } | 'same_as_tag' | undefined {
  const key = plainKey(rawKey);
  if (key === '') return undefined;
  if (prefix.tags.get(key) === String(value)) return 'same_as_tag';
  const occupied = (candidate: string) =>
    prefix.tags.has(candidate) ||
    taken.has(candidate) ||
    OWN_FIELDS.has(candidate) ||
    DROPPED_KEYS.has(candidate);
  if (!occupied(key)) return { plain: key };
  return { plain: freeKey(taken.has(key) ? key : `${key.slice(0, 200)}_field`, occupied) };
}

function fieldValueText(value: FieldValue): string {
  if (typeof value === 'string') return `"${escapeFieldText(value)}"`;
  if (typeof value === 'boolean') return value ? 'true' : 'false';
  // Not-a-number and the infinities have no form as numbers: one would cost the whole batch.
  if (!Number.isFinite(value)) return `"${value}"`;
  return Number.isSafeInteger(value) ? `${value}i` : String(value);
}

/** Takes fields in their order; a text that does not fit is cut, anything else left out. */
function fit(fields: readonly WrittenField[], roomBytes: number): { text: string; dropped: number } {
  let left = roomBytes;
  let text = '';
  let dropped = 0;
  for (const field of fields) {
    const keyBytes = Buffer.byteLength(field.key) + 2;
    const valueBytes = Buffer.byteLength(field.value);
    if (keyBytes + valueBytes <= left) {
      text += `,${field.key}=${field.value}`;
      left -= keyBytes + valueBytes;
    } else if (field.isText && keyBytes + 64 <= left) {
      const shorter = completeEscapes(cutUtf8(field.value.slice(0, -1), left - keyBytes - 1));
      text += `,${field.key}=${shorter}"`;
      left -= keyBytes + Buffer.byteLength(shorter) + 1;
    } else {
      dropped++;
    }
  }
  return { text, dropped };
}
