import type { ErrorCode } from '../../foundation/error-codes.ts';
import { LISTED_REGIONS } from '../budget/request-quotas.ts';
import type { ThrownFacts } from './thrown-facts.ts';

export type AwsErrorCode = Extract<ErrorCode, `AWS_${string}`> | 'INTERNAL';

const names = (text: string): ReadonlySet<string> => new Set(text.split(/\s+/));

/** Error names of CloudWatch Logs, ECS and STS, with what AWS services in general answer. */
const CODE_OF_NAME: readonly (readonly [AwsErrorCode, ReadonlySet<string>])[] = [
  [
    'AWS_THROTTLED',
    names(
      `ThrottlingException Throttling ThrottledException RequestThrottled RequestThrottledException
      TooManyRequestsException RequestLimitExceeded LimitExceededException SlowDown BandwidthLimitExceeded
      ProvisionedThroughputExceededException PriorRequestNotComplete`,
    ),
  ],
  ['AWS_CREDENTIALS_EXPIRED', names('ExpiredTokenException ExpiredToken TokenRefreshRequired')],
  ['AWS_CLOCK_SKEW', names('RequestTimeTooSkewed RequestExpired RequestInTheFuture')],
  [
    'AWS_CREDENTIALS_INVALID',
    names(
      `UnrecognizedClientException InvalidClientTokenId InvalidSignatureException SignatureDoesNotMatch
      IncompleteSignature IncompleteSignatureException MissingAuthenticationToken
      MissingAuthenticationTokenException InvalidAccessKeyId AuthFailure InvalidSecurity`,
    ),
  ],
  [
    'AWS_DENIED',
    names(
      `AccessDeniedException AccessDenied UnauthorizedOperation NotAuthorized UnauthorizedException
      AuthorizationError Forbidden`,
    ),
  ],
  ['AWS_REGION_WRONG', names('OptInRequired RegionDisabledException')],
  [
    'AWS_NOT_FOUND',
    names(
      'ResourceNotFoundException ClusterNotFoundException ServiceNotFoundException TaskSetNotFoundException',
    ),
  ],
  [
    'AWS_UNAVAILABLE',
    names(
      `ServiceUnavailableException ServiceUnavailable InternalServerException InternalServerError
      InternalFailure InternalError ServerException ServiceException`,
    ),
  ],
  ['AWS_BAD_REPLY', names('BadReplyError')],
  ['AWS_UNREACHABLE', names('TimeoutError')],
];

const UNKNOWN_KEY = names('UnrecognizedClientException InvalidClientTokenId');

/** What kind of failure it was; the reading of messages is confined to this function. Pure. */
export function errorKind(facts: ThrownFacts, region: string, overridden: boolean): AwsErrorCode {
  const { name, message, status } = facts;
  // ECS says "Rate exceeded" under ClientException, others under names of their own.
  if (status === 429 || /^rate exceeded/i.test(message)) return 'AWS_THROTTLED';
  if (isCredentialsError(name)) {
    return /expired|refresh/i.test(message) ? 'AWS_CREDENTIALS_EXPIRED' : 'AWS_CREDENTIALS_MISSING';
  }
  if (
    /signature (expired|not yet current)/i.test(message) ||
    (facts.clockCorrected && isSignatureError(name))
  ) {
    return 'AWS_CLOCK_SKEW';
  }
  if (/scoped to (a valid|correct) region/i.test(message)) return 'AWS_REGION_WRONG';
  if (name === 'InvalidOperationException') {
    return /log class|INFREQUENT|DELIVERY/i.test(message) ? 'AWS_LOG_CLASS' : 'AWS_INVALID_REQUEST';
  }
  const known = CODE_OF_NAME.find(([, members]) => members.has(name))?.[0];
  // A Region that is not there, or not enabled, knows no key.
  if (UNKNOWN_KEY.has(name) && !isLikelyRegion(region)) return 'AWS_REGION_WRONG';
  if (known !== undefined) return known;
  return status === undefined
    ? connectionErrorKind(facts, region, overridden)
    : replyErrorKind(facts, status);
}

/** Nothing came back. */
function connectionErrorKind(
  { systemCode, message }: ThrownFacts,
  region: string,
  overridden: boolean,
): AwsErrorCode {
  if (systemCode === 'ENOTFOUND' && !overridden && !isLikelyRegion(region)) return 'AWS_REGION_WRONG';
  if (systemCode !== undefined || /socket hang up|aborted|timed? ?out/i.test(message))
    return 'AWS_UNREACHABLE';
  if (/invalid (region|endpoint|configuration)/i.test(message)) return 'AWS_REGION_WRONG';
  return 'INTERNAL';
}

/** Something came back, under a name that is not known. */
function replyErrorKind({ name, systemCode }: ThrownFacts, status: number): AwsErrorCode {
  // The connection broke while the body came in.
  if (systemCode !== undefined && status < 300) return 'AWS_UNREACHABLE';
  if (status >= 500) return 'AWS_UNAVAILABLE';
  if (status < 400 || name === 'SyntaxError' || name === 'TypeError' || name.startsWith('Unknown')) {
    return 'AWS_BAD_REPLY';
  }
  return 'AWS_INVALID_REQUEST';
}

function isCredentialsError(name: string): boolean {
  return /^(CredentialsProviderError|ProviderError|TokenProviderError|CredentialsTimeoutError)$/.test(name);
}

function isSignatureError(name: string): boolean {
  return /Signature/.test(name) || name.startsWith('AccessDenied') || name === 'AuthFailure';
}

/** Regions of China, GovCloud and the sovereign clouds are not in the table of the commercial ones. */
function isLikelyRegion(region: string): boolean {
  return (
    LISTED_REGIONS.has(region) || /^(cn-north-1|cn-northwest-1|us-gov-|us-iso|eu-isoe|eusc-)/.test(region)
  );
}
