import type { LogRecord } from '../../../record/log-record.ts';

/** Lines of one stream, a millisecond apart every 20 of them. */
export function streamLines(text: string, stream = 'app/web/1', fromMillis = 1000): LogRecord[] {
  const origin = { source: 'app', tags: { log_group: '/ecs/app', log_stream: stream } };
  return text.split('\n').map((message, index) => ({
    id: `${stream}-${fromMillis}-${index}`,
    timestampMillis: fromMillis + Math.floor(index / 20),
    ingestedMillis: fromMillis + 500,
    message,
    origin,
  }));
}
