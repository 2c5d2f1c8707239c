/** `2026-11-23 13:10:02.123`, in local time, or in UTC with a Z. */
export function formatTime(millis: number, utc: boolean): string {
  const date = new Date(millis);
  if (Number.isNaN(date.getTime())) return 'no time';
  if (utc) return date.toISOString().replace('T', ' ');
  const local = new Date(millis - date.getTimezoneOffset() * 60_000);
  return local.toISOString().replace('T', ' ').slice(0, -1);
}

/** `13:10:02.123` */
export function formatClockTime(millis: number, utc: boolean): string {
  return formatTime(millis, utc).slice(11);
}
