import type { LogLine } from '../../../api-client/logs.ts';

/** Tells records apart, also where two sources read the same log group. */
export function recordKey(line: LogLine | undefined): string {
  if (line === undefined) return '';
  const { id, timestampMillis, source } = line;
  return `${timestampMillis},${id},${source}`;
}
