import type { WriteOutcome } from '../../contracts/sink.ts';
import type { HttpReply } from '../http-transport.ts';
import { retryAfterMillis } from '../retry-after.ts';
import { type ErrorReply, errorReply } from './error-reply.ts';

/**
 * The outcome of a reply that is no success, as DataKit and Dataway mean it. Only what is surely said by one of them
 * makes records dead letters: a proxy's error page must not.
 */
export function statusOutcome(reply: HttpReply, nowMillis: number): WriteOutcome {
  const { status } = reply;
  const error = errorReply(reply);
  const detail = describeReply(status, error);
  const retry = (reason: string, mayHaveArrived: boolean): WriteOutcome => {
    const afterMillis = retryAfterMillis(reply.headers['retry-after'], nowMillis);
    return {
      kind: 'retry',
      reason,
      detail,
      mayHaveArrived,
      ...(afterMillis !== undefined && { afterMillis }),
    };
  };
  if (saysTokenIsWrong(error)) return retry('denied', false);
  // Of a batch that is too large a half may not be.
  if (status === 413) return { kind: 'rejected', reason: 'too_large', detail };
  if (status === 401 || status === 403) return retry('denied', false);
  if (status === 404 || status === 405 || (status >= 300 && status < 400)) return retry('wrong_path', false);
  // The handler goes on after it: the batch may be delivered all the same.
  if (status === 408) return retry('timeout', true);
  if (status === 429) return retry('rate_limited', false);
  if (status >= 500) return retry(`http_${status}`, true);
  if (status === 400 && error !== undefined && blamesPoints(error))
    return { kind: 'rejected', reason: 'bad_point', detail };
  return retry(`http_${status}`, status < 300);
}

export function describeReply(status: number, error: ErrorReply | undefined): string {
  if (error === undefined) return `HTTP ${status}.`;
  return `HTTP ${status}, ${error.code}${error.message === '' ? '' : `: ${error.message}`}`;
}

export function saysTokenIsWrong(error: ErrorReply | undefined): boolean {
  return error !== undefined && /token/i.test(error.code);
}

/** A body that was damaged on its way, or an unknown category, is no fault of a record. */
function blamesPoints({ code }: ErrorReply): boolean {
  return !/decodeBody|invalidCategory|emptyBody/i.test(code);
}
