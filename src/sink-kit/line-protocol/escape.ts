import { cutUtf8 } from './cut-utf8.ts';
import { MAX_KEY_BYTES, MAX_MEASUREMENT_BYTES, MAX_TAG_VALUE_BYTES } from './limits.ts';

/** Nothing to escape, to cut out or to count: one byte a character. What most names and values are. */
const SIMPLE = /^[\w:/@.+-]*$/;
const HAS_CONTROL = /[\u0000-\u001f]/;
const CONTROL = /[\u0000-\u001f\u007f]/g;
/**
 * A backslash that would escape what follows it: before a character that gets a backslash of its own, or at the end,
 * where it would swallow the separator. The format has no way to write it, and one such point costs the whole batch
 * its acceptance; it becomes a slash.
 */
const HAZARDOUS_BACKSLASH = /\\(?=[,= ]|$)/g;

/** The text of a measurement as it is written; `unknown` when nothing is left of it. */
export function measurementText(source: string): string {
  const plain = identifier(source, MAX_MEASUREMENT_BYTES);
  // A line that begins with # is a comment: the point would vanish after a 200.
  const safe = plain.startsWith('#') ? `_${plain.slice(1)}` : plain;
  return safe === '' ? 'unknown' : safe.replaceAll(/[, ]/g, String.raw`\$&`);
}

/** A key before escaping: `.` becomes `_` as DataKit would do; empty when nothing is left of it. */
export function plainKey(key: string): string {
  return identifier(key.replaceAll('.', '_'), MAX_KEY_BYTES);
}

/** A tag value before escaping: one line, no trailing backslash; empty when there is nothing to write. */
export function plainTagValue(value: string): string {
  return identifier(value, MAX_TAG_VALUE_BYTES);
}

/** Escapes a key or tag value that came out of plainKey or plainTagValue. */
export function escapeIdentifier(plain: string): string {
  return SIMPLE.test(plain) ? plain : plain.replaceAll(/[,= ]/g, String.raw`\$&`);
}

/**
 * A field string with its quotes. Line breaks and ANSI stay as they are. NUL becomes U+FFFD: parsers of this format
 * take it for white space in some places, and no viewer shows it. Lone surrogates become U+FFFD when they are written
 * as UTF-8.
 */
export function quoted(text: string): string {
  if (!text.includes('"') && !text.includes('\\')) {
    return `"${text.includes('\0') ? text.replaceAll('\0', '\uFFFD') : text}"`;
  }
  // Without control characters and lone surrogates a string of JSON is written the same way, five times as fast.
  if (!HAS_CONTROL.test(text) && text.isWellFormed()) return JSON.stringify(text);
  const escaped = text.split('\\').join('\\\\').split('"').join('\\"');
  return `"${escaped.replaceAll('\0', '\uFFFD')}"`;
}

function identifier(text: string, maxBytes: number): string {
  if (text.length <= maxBytes && SIMPLE.test(text)) return text;
  // Cut before the backslashes are looked at: cutting may bring one to the end.
  return cutUtf8(text.replaceAll(CONTROL, ' ').trim(), maxBytes)
    .trim()
    .toWellFormed()
    .replaceAll(HAZARDOUS_BACKSLASH, '/');
}
