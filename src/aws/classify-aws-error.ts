import { LogferryError } from '../foundation/logferry-error.ts';
import type { AwsCall } from './client/aws-call.ts';
import { errorHint } from './client/error-hint.ts';
import { type AwsErrorCode, errorKind } from './client/error-kind.ts';
import { type ThrownFacts, thrownFacts } from './client/thrown-facts.ts';

/**
 * Anything that the SDK throws, as an error for people: what was asked for, why it failed, what to do next. Nothing
 * secret goes over: the text of a signature error quotes the signed request with its session token, and the SDK's
 * error objects hold the request, so neither becomes message or cause.
 */
export function classifyAwsError(thrown: unknown, call: AwsCall): LogferryError {
  if (thrown instanceof LogferryError) return thrown;
  const thrownNow = thrownFacts(thrown);
  // The SDK sets the mark on every refusal by a service whose clock is minutes away from this machine's.
  const clockCorrected = thrownNow.clockCorrected && call.clockCorrected !== true;
  const facts = { ...thrownNow, clockCorrected };
  const code = errorKind(facts, call.region, call.endpoint !== undefined);
  const offsetMillis = facts.serverMillis === undefined ? undefined : call.nowMillis - facts.serverMillis;
  const reason = publicReason(code, facts);
  const message = `${subject(call)} ${verdict(code, call, offsetMillis)}${reason === '' ? '.' : `: ${reason}`}`;
  const cause = code === 'INTERNAL' && thrown instanceof Error ? thrown : undefined;
  return new LogferryError(code, message, { hint: errorHint(code, call, facts, offsetMillis), cause });
}

/** `logs:FilterLogEvents on /ecs/api in cn-north-1 (account prod)` */
function subject({ action, resource, region, account }: AwsCall): string {
  return `${action}${resource === undefined ? '' : ` on ${resource}`} in ${region} (account ${account})`;
}

function verdict(code: AwsErrorCode, call: AwsCall, offsetMillis: number | undefined): string {
  switch (code) {
    case 'AWS_CREDENTIALS_MISSING':
      return `found no credentials through ${call.credentials}`;
    case 'AWS_CREDENTIALS_INVALID':
      return `was refused: AWS does not accept ${call.credentials}`;
    case 'AWS_CREDENTIALS_EXPIRED':
      return `was refused: the session of ${call.credentials} has expired`;
    case 'AWS_DENIED':
      return `was denied to ${call.credentials}`;
    case 'AWS_REGION_WRONG':
      return 'was refused or has no address: the Region does not exist or is not enabled';
    case 'AWS_NOT_FOUND':
      return 'found no such resource';
    case 'AWS_THROTTLED':
      return 'was throttled';
    case 'AWS_UNREACHABLE':
      return `could not reach ${call.endpoint ?? 'AWS'}`;
    case 'AWS_UNAVAILABLE':
      return 'failed with a server error';
    case 'AWS_BAD_REPLY':
      return `got a reply from ${call.endpoint ?? 'AWS'} that cannot be understood`;
    case 'AWS_INVALID_REQUEST':
      return 'was not accepted';
    case 'AWS_LOG_CLASS':
      return 'cannot read a log group of its class (INFREQUENT_ACCESS)';
    case 'AWS_CLOCK_SKEW':
      return `was refused: this machine's clock is ${offsetMillis === undefined ? 'wrong' : `off by ${describeOffset(offsetMillis)}`}`;
    case 'INTERNAL':
      return 'failed unexpectedly';
  }
}

function describeOffset(offsetMillis: number): string {
  const seconds = Math.round(Math.abs(offsetMillis) / 1000);
  return `${seconds} s (${offsetMillis < 0 ? 'behind' : 'ahead'})`;
}

const MAX_REASON = 400;

/** The service's own words, where they cannot hold a secret. */
function publicReason(code: AwsErrorCode, { name, message, systemCode, status }: ThrownFacts): string {
  if (code === 'AWS_CREDENTIALS_INVALID' || code === 'AWS_CLOCK_SKEW') return name;
  // A credential process that fails is quoted with its command line, which may hold anything.
  if (/command failed/i.test(message)) return 'the credential process failed';
  if (code === 'AWS_BAD_REPLY' && name !== 'BadReplyError')
    return `HTTP ${status ?? 'status unknown'}, ${name}`;
  const line = message.split('\n')[0]?.trim() ?? '';
  const text = line === '' || line === 'UnknownError' ? (systemCode ?? name) : line;
  const shown = text.length > MAX_REASON ? `${text.slice(0, MAX_REASON)}…` : text;
  return status !== undefined && status >= 500 ? `HTTP ${status}, ${shown}` : shown;
}
