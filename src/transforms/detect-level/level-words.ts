import { type Level, levelFromName } from '../../record/level.ts';

/** Short forms that loggers write, beside the names that every part of Logferry knows. */
const SHORT_FORMS: Readonly<Record<string, Level>> = {
  inf: 'info',
  wrn: 'warning',
  err: 'error',
  eror: 'error',
  fail: 'error',
  ftl: 'critical',
  dbug: 'debug',
  vrb: 'debug',
  trc: 'debug',
  trce: 'debug',
  http: 'info',
};

const known = new Map<string, Level | undefined>();

/** As levelFromName, with short forms, and `ERROR+2` as slog writes it. Remembers what it was asked. */
export function levelOfWord(word: string): Level | undefined {
  if (word.length === 0 || word.length > 16) return undefined;
  if (known.has(word)) return known.get(word);
  const name = word.replace(/[+-]\d{1,2}$/, '').toLowerCase();
  const level = Object.hasOwn(SHORT_FORMS, name) ? SHORT_FORMS[name] : levelFromName(name);
  // A bound, since words come out of logs.
  if (known.size < 2000) known.set(word, level);
  return level;
}

const SYSLOG: readonly Level[] = [
  'emerg',
  'alert',
  'critical',
  'error',
  'warning',
  'notice',
  'info',
  'debug',
];

/** Severity 0 (emerg) to 7 (debug), RFC 5424. */
export function levelOfSyslogSeverity(severity: number): Level | undefined {
  return SYSLOG[severity];
}

/** pino and bunyan: 10 trace, 20 debug, 30 info, 40 warn, 50 error, 60 fatal; levels of one's own lie between. */
export function levelOfPinoNumber(number: number): Level | undefined {
  if (number < 10 || number >= 70) return undefined;
  if (number < 30) return 'debug';
  if (number < 40) return 'info';
  if (number < 50) return 'warning';
  return number < 60 ? 'error' : 'critical';
}

/** Python's logging: 10 debug, 20 info, 30 warning, 40 error, 50 critical. */
export function levelOfPythonNumber(number: number): Level | undefined {
  return number < 10 ? undefined : levelOfPinoNumber(number + 10);
}

/** OpenTelemetry: 1–4 trace, 5–8 debug, 9–12 info, 13–16 warn, 17–20 error, 21–24 fatal. */
export function levelOfOtelNumber(number: number): Level | undefined {
  if (number < 1 || number > 24) return undefined;
  if (number < 9) return 'debug';
  if (number < 13) return 'info';
  if (number < 17) return 'warning';
  return number < 21 ? 'error' : 'critical';
}
