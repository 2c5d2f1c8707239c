/**
 * Which time the explorer shows. A relative range moves with the clock; an absolute one stays, and is what a permalink
 * holds. In an address: `range=15m`, or `from=…&to=…` as ISO times.
 */
import { parseDuration } from '../../../../../src/foundation/duration.ts';

export type TimeRange =
  | { readonly kind: 'relative'; readonly lengthMillis: number }
  /** Both ends inclusive, Unix milliseconds. */
  | { readonly kind: 'absolute'; readonly fromMillis: number; readonly toMillis: number };

export interface Instants {
  readonly fromMillis: number;
  readonly toMillis: number;
}

/** `utc`, or the zone of this machine. */
export type Zone = 'local' | 'utc';

export const DEFAULT_RANGE: TimeRange = { kind: 'relative', lengthMillis: 15 * 60_000 };
export const RELATIVE_CHOICES = ['5m', '15m', '1h', '4h', '12h', '1d', '2d', '7d'] as const;

const DAY_MILLIS = 86_400_000;

export function resolveRange(range: TimeRange, nowMillis: number): Instants {
  if (range.kind === 'absolute') return { fromMillis: range.fromMillis, toMillis: range.toMillis };
  return { fromMillis: nowMillis - range.lengthMillis, toMillis: nowMillis };
}

export function absolute({ fromMillis, toMillis }: Instants): TimeRange {
  return { kind: 'absolute', fromMillis, toMillis };
}

/**
 * What was typed: `15m`, `last 2h30m`, `13:10`, `13:10-13:40`, `yesterday`, `2026-11-24`, `2026-11-24 13:10 - 14:00`,
 * ISO times, or two of any with ` - `, ` to `, `至` or `到` between. undefined when it is none of these.
 */
export function parseTimeRange(typed: string, nowMillis: number, zone: Zone): TimeRange | undefined {
  const text = typed.trim().replaceAll('：', ':').replaceAll(/[–—]/g, '-');
  const relative = /^(?:last|past|最近|过去)?\s*(\d[\d.]*\s*[a-z].*)$/i.exec(text)?.[1];
  const lengthMillis = relative === undefined ? undefined : parseDuration(relative.replaceAll(' ', ''));
  if (lengthMillis !== undefined && lengthMillis > 0) return { kind: 'relative', lengthMillis };
  const [first = '', second, ...more] = text.split(
    /\s+-\s+|\s+to\s+|\s*[至到]\s*|(?<=\d:\d\d(?::\d\d)?)-(?=\d)/,
  );
  if (more.length > 0) return undefined;
  const from = parseMoment(first, nowMillis, zone, undefined);
  if (from === undefined) return undefined;
  if (second === undefined) {
    const toMillis = from.isDay ? dayStart(from.millis, zone, 1) - 1 : nowMillis;
    return from.millis <= toMillis ? absolute({ fromMillis: from.millis, toMillis }) : undefined;
  }
  const to = parseMoment(second, nowMillis, zone, from.millis);
  if (to === undefined) return undefined;
  const toMillis = to.isDay ? dayStart(to.millis, zone, 1) - 1 : to.millis;
  return from.millis <= toMillis ? absolute({ fromMillis: from.millis, toMillis }) : undefined;
}

interface Moment {
  readonly millis: number;
  /** A whole day is meant. */
  readonly isDay: boolean;
}

const TIME = /^(\d{1,2}):(\d{2})(?::(\d{2})(?:\.(\d{1,3}))?)?$/;
const DATE = /^(\d{4})-(\d{2})-(\d{2})$/;
const DATE_TIME = /^(\d{4}-\d{2}-\d{2})[ T](\d{1,2}:\d{2}(?::\d{2}(?:\.\d{1,3})?)?)$/;

function parseMoment(
  text: string,
  nowMillis: number,
  zone: Zone,
  dayOfMillis: number | undefined,
): Moment | undefined {
  if (/^(?:now|现在)$/i.test(text)) return { millis: nowMillis, isDay: false };
  if (/^(?:today|今天)$/i.test(text)) return { millis: dayStart(nowMillis, zone, 0), isDay: true };
  if (/^(?:yesterday|昨天)$/i.test(text)) return { millis: dayStart(nowMillis, zone, -1), isDay: true };
  const time = TIME.exec(text);
  if (time !== null) {
    const millis = atTime(dayStart(dayOfMillis ?? nowMillis, zone, 0), time, zone);
    if (millis === undefined) return undefined;
    // "23:50" just after midnight means the one that was.
    return {
      millis: dayOfMillis === undefined && millis > nowMillis ? millis - DAY_MILLIS : millis,
      isDay: false,
    };
  }
  const day = DATE.exec(text);
  if (day !== null) {
    const millis = fromParts(day, zone);
    return millis === undefined ? undefined : { millis, isDay: true };
  }
  const both = DATE_TIME.exec(text);
  if (both !== null) {
    const start = fromParts(DATE.exec(both[1] ?? '') ?? [], zone);
    const millis = start === undefined ? undefined : atTime(start, TIME.exec(both[2] ?? '') ?? [], zone);
    return millis === undefined ? undefined : { millis, isDay: false };
  }
  const iso = /^\d{4}-\d{2}-\d{2}T.*(?:Z|[+-]\d{2}:?\d{2})$/.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isNaN(iso) ? undefined : { millis: iso, isDay: false };
}

function dayStart(millis: number, zone: Zone, byDays: number): number {
  const date = new Date(millis);
  return zone === 'utc'
    ? Date.UTC(date.getUTCFullYear(), date.getUTCMonth(), date.getUTCDate() + byDays)
    : new Date(date.getFullYear(), date.getMonth(), date.getDate() + byDays).getTime();
}

function fromParts(parts: readonly (string | undefined)[], zone: Zone): number | undefined {
  const [, year, month, day] = parts.map(Number) as [number, number, number, number];
  const millis = zone === 'utc' ? Date.UTC(year, month - 1, day) : new Date(year, month - 1, day).getTime();
  // The 30th of February is the 2nd of March to Date, and a mistake to us.
  const date = new Date(millis);
  return (zone === 'utc' ? date.getUTCDate() : date.getDate()) === day ? millis : undefined;
}

function atTime(
  dayStartMillis: number,
  parts: readonly (string | undefined)[],
  zone: Zone,
): number | undefined {
  const [hours, minutes, seconds] = [1, 2, 3].map((index) => Number(parts[index] ?? 0)) as [
    number,
    number,
    number,
  ];
  const millis = Number((parts[4] ?? '0').padEnd(3, '0'));
  if (hours > 23 || minutes > 59 || seconds > 59) return undefined;
  if (zone === 'utc') return dayStartMillis + ((hours * 60 + minutes) * 60 + seconds) * 1000 + millis;
  // By the wall clock: a day with a change of summer time has 23 or 25 hours.
  return new Date(dayStartMillis).setHours(hours, minutes, seconds, millis);
}
