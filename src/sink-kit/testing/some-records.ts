import type { LogRecord, Origin } from '../../record/log-record.ts';

const ORIGIN: Origin = { source: 'ecs', tags: { log_group: '/ecs/api', log_stream: 'ecs/api/1' } };

/** Records with ids `r<from>` … in order, one a millisecond. */
export function someRecords(from: number, count: number, message = 'hello'): LogRecord[] {
  return Array.from({ length: count }, (_, index) => ({
    id: `r${from + index}`,
    timestampMillis: 1_700_000_000_000 + from + index,
    ingestedMillis: 1_700_000_000_000 + from + index,
    message,
    origin: ORIGIN,
  }));
}

export const idsFrom = (from: number, count: number) =>
  Array.from({ length: count }, (_, index) => `r${from + index}`);
