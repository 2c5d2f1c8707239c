import { type FieldKind, LinePointError } from './point-spans.ts';

const INTEGER_SUFFIX = 105;
const UNSIGNED_SUFFIX = 117;
const BOOLEANS = new Set(['t', 'T', 'true', 'True', 'TRUE', 'f', 'F', 'false', 'False', 'FALSE']);
const FLOAT = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/;
/** Of a number as it is written; an unsigned 64-bit one has 20 digits, the longest plain float some more. */
const MAX_NUMBER_BYTES = 400;

/** What a field value without quotes is; undefined for what is none. */
export function scanNumber(body: Buffer, start: number, end: number): FieldKind | undefined {
  if (end <= start || end - start > MAX_NUMBER_BYTES) return undefined;
  const last = body[end - 1];
  if (last === INTEGER_SUFFIX)
    return isDigits(body, start + sign(body, start), end - 1) ? 'integer' : undefined;
  if (last === UNSIGNED_SUFFIX) return isDigits(body, start, end - 1) ? 'unsigned' : undefined;
  const text = body.toString('latin1', start, end);
  if (BOOLEANS.has(text)) return 'boolean';
  return FLOAT.test(text) && Number.isFinite(Number(text)) ? 'float' : undefined;
}

/** The end of the whole number that begins there. */
export function scanTimestamp(body: Buffer, start: number): number {
  let at = start + sign(body, start);
  const digits = at;
  while (isDigit(body[at])) at++;
  if (at === digits || at - digits > 19) throw new LinePointError(`bad timestamp at byte ${start}`);
  return at;
}

const sign = (body: Buffer, at: number) => (body[at] === 45 ? 1 : 0);

const isDigit = (byte: number | undefined) => byte !== undefined && byte >= 48 && byte <= 57;

function isDigits(body: Buffer, start: number, end: number): boolean {
  if (end <= start || end - start > 20) return false;
  for (let at = start; at < end; at++) if (!isDigit(body[at])) return false;
  return true;
}
