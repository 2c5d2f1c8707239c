import { QueryError } from '../contracts/log-query.ts';
import type { ErrorCode } from '../foundation/error-codes.ts';
import { describeError, LogferryError } from '../foundation/logferry-error.ts';

const STATUS: Readonly<Partial<Record<ErrorCode, number>>> = {
  QUERY_INVALID: 400,
  RUN_NOT_FOUND: 404,
  DESTINATION_NOT_FOUND: 404,
  RECORD_NOT_FOUND: 404,
  STORE_NOT_CONFIGURED: 404,
  USAGE: 409,
  QUERY_TOO_COSTLY: 422,
  // The client went away: nobody reads the answer.
  INTERRUPTED: 499,
  STORE_BUSY: 503,
  STORE_UNAVAILABLE: 503,
};

export interface ExplainedError {
  readonly status: number;
  readonly body: { readonly error: object };
}

/** What is answered when a request fails. */
export function explainError(thrown: unknown): ExplainedError {
  const message = describeError(thrown);
  if (thrown instanceof QueryError) {
    const { column, length, expected } = thrown.problem;
    return { status: 400, body: { error: { code: thrown.code, message, column, length, expected } } };
  }
  if (thrown instanceof LogferryError) {
    const { code, hint } = thrown;
    return {
      status: STATUS[code] ?? 500,
      body: { error: { code, message, ...(hint !== undefined && { hint }) } },
    };
  }
  const status = (thrown as { readonly statusCode?: number }).statusCode ?? 500;
  return { status, body: { error: { code: status < 500 ? 'USAGE' : 'INTERNAL', message } } };
}
