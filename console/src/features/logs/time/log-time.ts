import type { Zone } from './time-range.ts';

/** `13:10:02.123`, with the date before it when the range shown is not of one day. */
export function logTimeFormat(zone: Zone, language: string, isOneDay: boolean): (millis: number) => string {
  const format = new Intl.DateTimeFormat(language, {
    ...(!isOneDay && { month: '2-digit', day: '2-digit' }),
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    fractionalSecondDigits: 3,
    hourCycle: 'h23',
    ...(zone === 'utc' && { timeZone: 'UTC' }),
  });
  return (millis) => format.format(millis);
}

/** Whether both times are on the same day of the zone, and that is today's or the range is short. */
export function isOneDay(fromMillis: number, toMillis: number, zone: Zone): boolean {
  const day = (millis: number) => {
    const date = new Date(millis);
    return zone === 'utc' ? date.toISOString().slice(0, 10) : date.toDateString();
  };
  return day(fromMillis) === day(toMillis);
}
