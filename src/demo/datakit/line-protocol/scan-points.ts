import { LinePointError, PointSpans } from './point-spans.ts';
import { scanNumber, scanTimestamp } from './scan-number.ts';

/**
 * Line protocol as DataKit takes it, strictly: one bad line is an error for the whole body.
 *
 *   measurement[,tag=value]* field=value[,field=value]* [timestamp] \n
 *
 * A line break inside a field string belongs to it; anywhere else it ends the point. A carriage return outside of a
 * string, an empty or repeated tag, a tag value that ends in a backslash, and not-a-number are errors.
 * Blank lines and lines that begin with `#` are passed over.
 */
export function scanPoints(body: Buffer, onPoint: (spans: PointSpans) => void): number {
  const spans = new PointSpans();
  let count = 0;
  let at = 0;
  for (;;) {
    at = skipToPoint(body, at);
    if (at >= body.length) return count;
    at = scanPoint(body, at, spans);
    count++;
    onPoint(spans);
  }
}

const NEWLINE = 10;
const RETURN = 13;
const SPACE = 32;
const QUOTE = 34;
const HASH = 35;
const COMMA = 44;
const EQUALS = 61;
const BACKSLASH = 92;

function skipToPoint(body: Buffer, from: number): number {
  let at = from;
  while (at < body.length) {
    const byte = body[at];
    if (byte === HASH) {
      const end = body.indexOf(NEWLINE, at);
      if (end < 0) return body.length;
      at = end + 1;
    } else if (byte === SPACE || byte === NEWLINE || byte === 9 || byte === 0) {
      at++;
    } else {
      return at;
    }
  }
  return at;
}

function scanPoint(body: Buffer, from: number, spans: PointSpans): number {
  spans.clear(from);
  let at = scanMeasurement(body, from, spans);
  if (body[at] === COMMA) at = scanTags(body, at, spans);
  while (body[at] === SPACE) at++;
  at = scanFields(body, at, spans);
  while (body[at] === SPACE) at++;
  if (at < body.length && body[at] !== NEWLINE) {
    spans.timeStart = at;
    at = scanTimestamp(body, at);
    spans.timeEnd = at;
    while (body[at] === SPACE) at++;
    if (at < body.length && body[at] !== NEWLINE) throw problem(body, spans, at, 'bad timestamp');
  }
  spans.lineEnd = at;
  return at + 1;
}

function scanMeasurement(body: Buffer, from: number, spans: PointSpans): number {
  let at = from;
  for (; at < body.length; at++) {
    const byte = body[at];
    if (byte === BACKSLASH) at++;
    else if (byte === COMMA || byte === SPACE) break;
    else if (byte === NEWLINE || byte === RETURN) throw problem(body, spans, at, 'missing fields');
  }
  if (at >= body.length) throw problem(body, spans, at, 'missing fields');
  if (at === from) throw problem(body, spans, at, 'missing measurement');
  spans.measurementEnd = at;
  return at;
}

/** From the comma behind the measurement to the space in front of the fields. */
function scanTags(body: Buffer, comma: number, spans: PointSpans): number {
  let at = comma;
  while (body[at] === COMMA) {
    const keyStart = at + 1;
    const keyEnd = scanKey(body, keyStart, spans, 'tag');
    const valueStart = keyEnd + 1;
    at = scanTagValue(body, valueStart, spans);
    refuseRepeatedTag(body, spans, keyStart, keyEnd);
    spans.tags.push(keyStart, keyEnd, valueStart, at);
  }
  return at;
}

function scanKey(body: Buffer, from: number, spans: PointSpans, what: 'tag' | 'field'): number {
  let at = from;
  for (; at < body.length; at++) {
    const byte = body[at];
    if (byte === BACKSLASH) {
      at++;
    } else if (byte === EQUALS) {
      if (at === from) throw problem(body, spans, at, `missing ${what} key`);
      return at;
    } else if (byte === COMMA || byte === SPACE || byte === NEWLINE || byte === RETURN) {
      break;
    }
  }
  throw problem(body, spans, at, `missing ${what} value`);
}

function scanTagValue(body: Buffer, from: number, spans: PointSpans): number {
  let at = from;
  for (; at < body.length; at++) {
    const byte = body[at];
    if (byte === COMMA || byte === SPACE) {
      // As the real parser does: what stands behind a backslash never separates, be the backslash escaped or not.
      if (at > from && body[at - 1] === BACKSLASH) continue;
      if (at === from) throw problem(body, spans, at, 'missing tag value');
      return at;
    }
    if (byte === EQUALS && (at === from || body[at - 1] !== BACKSLASH)) {
      throw problem(body, spans, at, 'invalid tag format');
    }
    if (byte === NEWLINE || byte === RETURN) break;
  }
  throw problem(body, spans, at, 'missing fields');
}

function refuseRepeatedTag(body: Buffer, spans: PointSpans, start: number, end: number): void {
  for (let index = 0; index < spans.tags.length; index += 4) {
    const otherStart = spans.tags[index] ?? 0;
    const otherEnd = spans.tags[index + 1] ?? 0;
    if (otherEnd - otherStart !== end - start || body[otherStart] !== body[start]) continue;
    if (body.compare(body, start, end, otherStart, otherEnd) === 0) {
      throw problem(body, spans, start, 'duplicate tags');
    }
  }
}

function scanFields(body: Buffer, from: number, spans: PointSpans): number {
  let at = from - 1;
  do {
    const keyStart = at + 1;
    const keyEnd = scanKey(body, keyStart, spans, 'field');
    at = scanFieldValue(body, keyStart, keyEnd, spans);
  } while (body[at] === COMMA);
  const byte = body[at];
  if (at < body.length && byte !== SPACE && byte !== NEWLINE)
    throw problem(body, spans, at, 'invalid field format');
  return at;
}

function scanFieldValue(body: Buffer, keyStart: number, keyEnd: number, spans: PointSpans): number {
  const start = keyEnd + 1;
  if (body[start] === QUOTE) {
    const end = closingQuote(body, start + 1);
    if (end < 0) throw problem(body, spans, start, 'unbalanced quotes');
    spans.fields.push(keyStart, keyEnd, start + 1, end);
    spans.fieldKinds.push('string');
    return end + 1;
  }
  let end = start;
  while (end < body.length) {
    const byte = body[end];
    if (byte === COMMA || byte === SPACE || byte === NEWLINE) break;
    end++;
  }
  const kind = scanNumber(body, start, end);
  if (kind === undefined) throw problem(body, spans, start, 'invalid number');
  spans.fields.push(keyStart, keyEnd, start, end);
  spans.fieldKinds.push(kind);
  return end;
}

/** The next quote with an even number of backslashes before it; -1 when there is none. */
function closingQuote(body: Buffer, from: number): number {
  for (let at = body.indexOf(QUOTE, from); at >= 0; at = body.indexOf(QUOTE, at + 1)) {
    let backslashes = 0;
    while (at - 1 - backslashes >= from && body[at - 1 - backslashes] === BACKSLASH) backslashes++;
    if (backslashes % 2 === 0) return at;
  }
  return -1;
}

function problem(body: Buffer, spans: PointSpans, at: number, what: string): LinePointError {
  const near = body.toString('utf8', Math.max(spans.lineStart, at - 20), Math.min(body.length, at + 20));
  return new LinePointError(`${what} at byte ${at}, near ${JSON.stringify(near)}`);
}
