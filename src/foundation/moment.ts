import { parseDuration } from './duration.ts';

const CLOCK_TIME = /^(\d{1,2}):(\d{2})(?::(\d{2}))?$/;
const DATE_TIME =
  /^(\d{4})-(\d{2})-(\d{2})(?:[T ](\d{2}):(\d{2})(?::(\d{2})(?:\.(\d{1,3}))?)?)?(Z|[+-]\d{2}:?\d{2})?$/;

/**
 * Reads a moment: `now`; `2h30m` or `-2h30m` (before now); `13:10` (the last one); `2026-11-23`, `2026-11-23T13:10`,
 * `2026-11-23 13:10:02Z`. Without a zone it is local time, or UTC with `utc`. Answers Unix milliseconds; undefined
 * when it is none of these.
 */
export function parseMoment(text: string, nowMillis: number, utc: boolean): number | undefined {
  const trimmed = text.trim();
  if (trimmed === 'now') return nowMillis;
  const duration = parseDuration(trimmed);
  if (duration !== undefined) return nowMillis - Math.abs(duration);
  const clock = CLOCK_TIME.exec(trimmed);
  if (clock !== null) return lastClockTime(clock, nowMillis, utc);
  return parseDateTime(trimmed, utc);
}

/** As above, for a date with or without a time of day only. */
export function parseDateTime(text: string, utc: boolean): number | undefined {
  const date = DATE_TIME.exec(text.trim());
  return date === null ? undefined : dateTime(date, utc);
}

function lastClockTime(match: RegExpExecArray, nowMillis: number, utc: boolean): number | undefined {
  const [hours, minutes, seconds] = [Number(match[1]), Number(match[2]), Number(match[3] ?? 0)];
  if (hours > 23 || minutes > 59 || seconds > 59) return undefined;
  const date = new Date(nowMillis);
  if (utc) date.setUTCHours(hours, minutes, seconds, 0);
  else date.setHours(hours, minutes, seconds, 0);
  if (date.getTime() > nowMillis) {
    if (utc) date.setUTCDate(date.getUTCDate() - 1);
    else date.setDate(date.getDate() - 1);
  }
  return date.getTime();
}

function dateTime(match: RegExpExecArray, utc: boolean): number | undefined {
  const [, year, month, day, hour = '00', minute = '00', second = '00', fraction = '0', zone] = match;
  const time = `${year}-${month}-${day}T${hour}:${minute}:${second}.${fraction.padEnd(3, '0')}`;
  const offset =
    zone === undefined ? (utc ? 'Z' : '') : zone.length === 5 ? `${zone.slice(0, 3)}:${zone.slice(3)}` : zone;
  const millis = Date.parse(`${time}${offset}`);
  // 31 February would roll over into March.
  const asUtc = Date.parse(`${time}Z`);
  if (Number.isNaN(millis) || Number.isNaN(asUtc)) return undefined;
  return new Date(asUtc).toISOString().startsWith(`${year}-${month}-${day}`) ? millis : undefined;
}
