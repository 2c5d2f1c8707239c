import type { BackOffSettings } from '../../foundation/back-off.ts';
import type { AwsErrorCode } from './error-kind.ts';

/** What was tried so far for one call. */
export interface Tried {
  /** Attempts that were sent, this failed one included. */
  readonly attempts: number;
  /** Credentials were renewed already. */
  readonly renewed: boolean;
  /** The clock's offset was corrected already. */
  readonly clockCorrected: boolean;
}

export type RetryDecision =
  | { readonly retry: 'never' }
  | { readonly retry: 'later'; readonly backOff: BackOffSettings }
  /** With other credentials, if there are any. */
  | { readonly retry: 'renewed' }
  /** At once: the SDK has learned the clock's offset from the refusal. */
  | { readonly retry: 'corrected' };

/** Throttling is no failure of the request: it gets more patience than a server that fails. */
const MAX_ATTEMPTS = { throttled: 8, failed: 4 } as const;
const THROTTLED_BACK_OFF: BackOffSettings = { firstMillis: 250, maxMillis: 20_000 };
const FAILED_BACK_OFF: BackOffSettings = { firstMillis: 200, maxMillis: 5_000 };

/** Whether a failed attempt is worth another one. Pure. */
export function decideRetry(code: AwsErrorCode, tried: Tried): RetryDecision {
  switch (code) {
    case 'AWS_THROTTLED':
      return tried.attempts < MAX_ATTEMPTS.throttled
        ? { retry: 'later', backOff: THROTTLED_BACK_OFF }
        : { retry: 'never' };
    case 'AWS_UNAVAILABLE':
    case 'AWS_UNREACHABLE':
    case 'AWS_BAD_REPLY':
      return tried.attempts < MAX_ATTEMPTS.failed
        ? { retry: 'later', backOff: FAILED_BACK_OFF }
        : { retry: 'never' };
    case 'AWS_CREDENTIALS_EXPIRED':
    case 'AWS_CREDENTIALS_INVALID':
      return tried.renewed ? { retry: 'never' } : { retry: 'renewed' };
    case 'AWS_CLOCK_SKEW':
      return tried.clockCorrected ? { retry: 'never' } : { retry: 'corrected' };
    case 'AWS_CREDENTIALS_MISSING':
    case 'AWS_DENIED':
    case 'AWS_REGION_WRONG':
    case 'AWS_NOT_FOUND':
    case 'AWS_INVALID_REQUEST':
    case 'AWS_LOG_CLASS':
    case 'INTERNAL':
      return { retry: 'never' };
  }
}
