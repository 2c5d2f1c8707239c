import type { Level } from '../../record/level.ts';
import {
  levelOfOtelNumber,
  levelOfPinoNumber,
  levelOfPythonNumber,
  levelOfSyslogSeverity,
  levelOfWord,
} from './level-words.ts';

type Reading = 'level' | 'status' | 'letter' | 'syslog' | 'python' | 'otel' | 'nested';

/** Keys that name a level, at the top of the object; the first that says something wins, `status` last of all. */
const KEYS: Readonly<Record<string, Reading>> = {
  level: 'level',
  '@level': 'level',
  '@l': 'level',
  lvl: 'level',
  loglevel: 'level',
  log_level: 'level',
  'log.level': 'level',
  levelname: 'level',
  level_name: 'level',
  severity: 'level',
  severity_text: 'level',
  severitytext: 'level',
  loglevelname: 'level',
  status: 'status',
  s: 'letter',
  syslog_severity: 'syslog',
  'syslog.severity': 'syslog',
  priority: 'syslog',
  levelno: 'python',
  severity_number: 'otel',
  severitynumber: 'otel',
  log: 'nested',
};

/** So much of the text is read (UTF-16 units): loggers write the level early. */
const READ_LENGTH = 16 * 1024;

/**
 * The level of a JSON object, read from its keys at the top without parsing the rest: a level in a nested object or in
 * the text of a message is somebody else's. Text that is no JSON gives undefined, or what its sound beginning says.
 */
export function levelOfJson(text: string, from = 0): Level | undefined {
  return readObject(text, from, Math.min(text.length, from + READ_LENGTH), true);
}

function readObject(text: string, from: number, end: number, isTop: boolean): Level | undefined {
  let status: Level | undefined;
  let at = skipBlank(text, from + 1, end);
  while (at < end && text.charCodeAt(at) === 34) {
    const keyEnd = stringEnd(text, at, end);
    if (keyEnd === -1) break;
    const valueAt = valueStart(text, keyEnd + 1, end);
    if (valueAt === -1) break;
    // Keys that may name a level are short.
    const reading = keyEnd - at < 20 ? readingOf(text.slice(at + 1, keyEnd)) : undefined;
    const valueEnd = skipValue(text, valueAt, end);
    if (reading !== undefined) {
      const level = levelOfValue(text, valueAt, valueEnd === -1 ? end : valueEnd, reading, isTop);
      if (level !== undefined && reading !== 'status') return level;
      status ??= level;
    }
    if (valueEnd === -1) break;
    at = skipBlank(text, valueEnd, end);
    if (text.charCodeAt(at) !== 44) break;
    at = skipBlank(text, at + 1, end);
  }
  return status;
}

function readingOf(key: string): Reading | undefined {
  if (Object.hasOwn(KEYS, key)) return KEYS[key];
  const lower = key.toLowerCase();
  return Object.hasOwn(KEYS, lower) ? KEYS[lower] : undefined;
}

function levelOfValue(
  text: string,
  from: number,
  to: number,
  reading: Reading,
  isTop: boolean,
): Level | undefined {
  const first = text.charCodeAt(from);
  if (reading === 'nested') {
    // {"log":{"level":"error"}}, as the Elastic Common Schema writes it.
    return isTop && first === 123 ? readObject(text, from, to, false) : undefined;
  }
  const isText = first === 34;
  const value = isText ? text.slice(from + 1, to - 1).trim() : text.slice(from, to).trim();
  if (value !== '' && value.length < 4 && Number.isInteger(Number(value)))
    return levelOfNumber(Number(value), reading, text);
  if (!isText) return undefined;
  switch (reading) {
    case 'level':
      return levelOfWord(value);
    case 'status': {
      // {"status":"ok"} is an answer, not a level; {"status":"error"} is what DataKit and others call one.
      const level = value.length > 1 ? levelOfWord(value) : undefined;
      return level === 'OK' ? undefined : level;
    }
    case 'letter':
      // MongoDB: {"t":{"$date":…},"s":"I", …
      return text.startsWith('{"t":{"$date"') && value.length <= 2 ? levelOfWord(value.charAt(0)) : undefined;
    case 'syslog':
    case 'python':
    case 'otel':
      return levelOfWord(value);
  }
}

function levelOfNumber(number: number, reading: Reading, text: string): Level | undefined {
  switch (reading) {
    case 'syslog':
      return levelOfSyslogSeverity(number);
    case 'python':
      return levelOfPythonNumber(number);
    case 'otel':
      return levelOfOtelNumber(number);
    case 'level':
      // GELF numbers its levels as syslog does.
      return number < 8 && text.includes('"short_message"')
        ? levelOfSyslogSeverity(number)
        : levelOfPinoNumber(number);
    case 'letter':
    case 'nested':
    case 'status':
      return undefined;
  }
}

function skipBlank(text: string, from: number, end: number): number {
  let at = from;
  while (at < end && text.charCodeAt(at) <= 32) at++;
  return at;
}

/** Where the value after the colon begins; -1 without a colon. */
function valueStart(text: string, from: number, end: number): number {
  const colon = skipBlank(text, from, end);
  if (text.charCodeAt(colon) !== 58) return -1;
  const at = skipBlank(text, colon + 1, end);
  return at < end ? at : -1;
}

/** Index of the closing quote of the string that opens at `from`; -1 when it does not close before `end`. */
function stringEnd(text: string, from: number, end: number): number {
  for (let at = from + 1; at < end; at++) {
    const unit = text.charCodeAt(at);
    if (unit === 92) at++;
    else if (unit === 34) return at;
  }
  return -1;
}

/** The index after the value; -1 when it does not end before `end`. */
function skipValue(text: string, from: number, end: number): number {
  const first = text.charCodeAt(from);
  if (first === 34) {
    const close = stringEnd(text, from, end);
    return close === -1 ? -1 : close + 1;
  }
  if (first !== 123 && first !== 91) {
    let at = from;
    while (at < end && !isDelimiter(text.charCodeAt(at))) at++;
    return at < end ? at : -1;
  }
  let depth = 0;
  for (let at = from; at < end; at++) {
    const unit = text.charCodeAt(at);
    if (unit === 34) {
      at = stringEnd(text, at, end);
      if (at === -1) return -1;
    } else if (unit === 123 || unit === 91) depth++;
    else if ((unit === 125 || unit === 93) && --depth === 0) return at + 1;
  }
  return -1;
}

function isDelimiter(unit: number): boolean {
  return unit === 44 || unit === 125 || unit === 93;
}
