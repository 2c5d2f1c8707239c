import type { LogRecord } from '../record/log-record.ts';

/** A record as one line of JSON, as `file` and `stdout` write it. Nothing of it is lost: JSON can hold any text. */
export function ndjsonLine({
  id,
  timestampMillis,
  ingestedMillis,
  level,
  message,
  origin,
  fields,
}: LogRecord): string {
  const line = {
    time: isoTime(timestampMillis),
    source: origin.source,
    ...(level !== undefined && { level }),
    message,
    tags: origin.tags,
    ...(fields !== undefined && { fields }),
    ingested: isoTime(ingestedMillis),
    id,
  };
  return `${JSON.stringify(line)}\n`;
}

/** Times outside what a Date holds stay numbers. */
function isoTime(millis: number): string | number {
  return Math.abs(millis) <= 8.64e15 ? new Date(millis).toISOString() : millis;
}
