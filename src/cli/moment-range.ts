import type { TimeRange } from '../contracts/checkpoint.ts';
import { momentArgument } from './time-argument.ts';

const MINUTE_MILLIS = 60_000;
const DAY_MILLIS = 86_400_000;
const UNIX_MILLIS = /^\d{13}$/;

/** What a moment stands for, as exactly as it is written: 13:10 is a minute, 13:10:02 a second, 2026-11-23 a day. */
export function momentRange(text: string, nowMillis: number, utc: boolean): TimeRange {
  const trimmed = text.trim();
  if (UNIX_MILLIS.test(trimmed)) return { fromMillis: Number(trimmed), toMillis: Number(trimmed) };
  const fromMillis = momentArgument(trimmed, nowMillis, utc);
  const lengthMillis = exactness(trimmed);
  if (lengthMillis !== undefined) return { fromMillis, toMillis: fromMillis + lengthMillis - 1 };
  // So long before now: the minute that it lies in.
  const minute = Math.floor(fromMillis / MINUTE_MILLIS) * MINUTE_MILLIS;
  return { fromMillis: minute, toMillis: minute + MINUTE_MILLIS - 1 };
}

function exactness(text: string): number | undefined {
  if (/:\d{2}:\d{2}\.\d/.test(text)) return 1;
  if (/:\d{2}:\d{2}/.test(text.replace(/[+-]\d{2}:\d{2}$/, ''))) return 1000;
  if (/\d:\d{2}/.test(text)) return MINUTE_MILLIS;
  return /^\d{4}-\d{2}-\d{2}$/.test(text) ? DAY_MILLIS : undefined;
}
