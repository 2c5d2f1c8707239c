import { LogferryError } from '../../foundation/logferry-error.ts';
import type { EngineReply } from './engine-messages.ts';

/** As ClickHouse names what goes beyond the bounds of one statement. */
const TOO_MUCH = /\((?:TOO_MANY_ROWS_OR_BYTES|MEMORY_LIMIT_EXCEEDED|TIMEOUT_EXCEEDED|TOO_SLOW)\)/;
const LESS = 'Ask for less: a shorter range of time, more conditions, or fewer records.';

export function errorOf({ missing, message }: EngineReply & { kind: 'failed' }): LogferryError {
  if (missing) {
    return new LogferryError(
      'STORE_UNAVAILABLE',
      `The engine of the log store (the package chdb) is not installed: ${firstLine(message)}`,
      {
        hint: 'Run `npm install chdb` where Logferry is installed; it has packages for Linux and macOS. Other destinations work without it.',
      },
    );
  }
  return TOO_MUCH.test(message)
    ? new LogferryError('QUERY_TOO_COSTLY', firstLine(message), { hint: LESS })
    : new LogferryError('STORE_FAILED', firstLine(message));
}

function firstLine(message: string): string {
  return message.split('\n')[0]?.slice(0, 500) ?? 'unknown';
}
