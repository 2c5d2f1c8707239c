import { timingSafeEqual } from 'node:crypto';
import type { ServiceName } from '../api-call.ts';
import { ApiError } from '../api-error.ts';
import { type Authorization, parseAuthorization } from './authorization.ts';
import { expectedSignature, type SignedRequest } from './expected-signature.ts';
import type { AccessKey, KeyRing } from './key-ring.ts';

const MAX_SKEW_MILLIS = 5 * 60 * 1000;

type Refusal = 'missing' | 'incomplete' | 'unknown' | 'expired' | 'signature';

/** The same refusal has one name in the services that speak JSON and another in STS. */
const JSON_CODES: Readonly<Record<Refusal, string>> = {
  missing: 'MissingAuthenticationTokenException',
  incomplete: 'IncompleteSignatureException',
  unknown: 'UnrecognizedClientException',
  expired: 'ExpiredTokenException',
  signature: 'InvalidSignatureException',
};
const QUERY_CODES: Readonly<Record<Refusal, string>> = {
  missing: 'MissingAuthenticationToken',
  incomplete: 'IncompleteSignature',
  unknown: 'InvalidClientTokenId',
  expired: 'ExpiredToken',
  signature: 'SignatureDoesNotMatch',
};

export function authError(service: ServiceName, refusal: Refusal, message: string): ApiError {
  return service === 'sts'
    ? new ApiError(QUERY_CODES[refusal], message, 403)
    : new ApiError(JSON_CODES[refusal], message, 400);
}

export function unknownToken(service: ServiceName): ApiError {
  return authError(service, 'unknown', 'The security token included in the request is invalid.');
}

/** The key that signed the request; undefined when keys are not checked. Throws what the service answers otherwise. */
export function authenticate(
  request: SignedRequest,
  service: ServiceName,
  keys: KeyRing,
  nowMillis: number,
): AccessKey | undefined {
  const header = request.headers.authorization;
  if (!keys.checks) {
    const accessKeyId = header === undefined ? undefined : parseAuthorization(header)?.accessKeyId;
    return accessKeyId === undefined ? undefined : keys.find(accessKeyId);
  }
  if (header === undefined) {
    const text =
      service === 'sts' ? 'Request is missing Authentication Token' : 'Missing Authentication Token';
    throw authError(service, 'missing', text);
  }
  const authorization = parseAuthorization(header);
  if (authorization === undefined) {
    throw authError(
      service,
      'incomplete',
      'Authorization header is not of the form of AWS Signature Version 4.',
    );
  }
  const key = keys.find(authorization.accessKeyId);
  if (key === undefined || key.sessionToken !== sentToken(request)) throw unknownToken(service);
  if (key.expiresAtMillis !== undefined && key.expiresAtMillis <= nowMillis) {
    throw authError(service, 'expired', 'The security token included in the request is expired');
  }
  checkSignature(request, service, authorization, key.secretAccessKey, nowMillis);
  return key;
}

function checkSignature(
  request: SignedRequest,
  service: ServiceName,
  authorization: Authorization,
  secret: string,
  nowMillis: number,
): void {
  if (authorization.service !== service) {
    const text = `Credential should be scoped to correct service: '${service}'. `;
    throw authError(service, 'signature', text);
  }
  const amzDate = String(request.headers['x-amz-date'] ?? '');
  checkTime(service, amzDate, nowMillis);
  const expected = expectedSignature(request, authorization, secret, amzDate);
  if (!timingSafeEqual(Buffer.from(expected), Buffer.from(authorization.signature))) {
    const text =
      'The request signature we calculated does not match the signature you provided. ' +
      'Check your AWS Secret Access Key and signing method. Consult the service documentation for details.';
    throw authError(service, 'signature', text);
  }
}

function checkTime(service: ServiceName, amzDate: string, nowMillis: number): void {
  const signedMillis = Date.parse(
    amzDate.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, '$1-$2-$3T$4:$5:$6Z'),
  );
  if (Number.isNaN(signedMillis)) {
    throw authError(service, 'incomplete', 'Date must be in ISO-8601 basic format in X-Amz-Date.');
  }
  const now = basicTime(nowMillis);
  if (signedMillis < nowMillis - MAX_SKEW_MILLIS) {
    const bound = basicTime(nowMillis - MAX_SKEW_MILLIS);
    throw authError(
      service,
      'signature',
      `Signature expired: ${amzDate} is now earlier than ${bound} (${now} - 5 min.)`,
    );
  }
  if (signedMillis > nowMillis + MAX_SKEW_MILLIS) {
    const bound = basicTime(nowMillis + MAX_SKEW_MILLIS);
    throw authError(
      service,
      'signature',
      `Signature not yet current: ${amzDate} is still later than ${bound} (${now} + 5 min.)`,
    );
  }
}

/** yyyymmddThhmmssZ */
function basicTime(millis: number): string {
  return new Date(millis).toISOString().replaceAll(/[-:]|\.\d{3}/g, '');
}

function sentToken(request: SignedRequest): string | undefined {
  const token = request.headers['x-amz-security-token'];
  return Array.isArray(token) ? token[0] : token;
}
