import { didYouMean } from '../../foundation/nearest-name.ts';
import { iamPolicy, isOfGroup } from '../iam-policy.ts';
import { KNOWN_REGIONS } from '../known-regions.ts';
import type { AwsCall } from './aws-call.ts';
import type { AwsErrorCode } from './error-kind.ts';
import type { ThrownFacts } from './thrown-facts.ts';

/** The next step for a person, as one or two sentences. Pure. */
export function errorHint(
  code: AwsErrorCode,
  call: AwsCall,
  facts: ThrownFacts,
  offsetMillis: number | undefined,
): string {
  switch (code) {
    case 'AWS_CREDENTIALS_MISSING':
      return missingHint(call);
    case 'AWS_CREDENTIALS_INVALID':
      return (
        'Check the access key id and the secret access key; the key may have been deleted or deactivated. ' +
        `Keys of the China Regions work only there, and ${call.region} must be enabled for the account.`
      );
    case 'AWS_CREDENTIALS_EXPIRED':
      return expiredHint(call);
    case 'AWS_DENIED':
      return deniedHint(call, facts);
    case 'AWS_REGION_WRONG':
      return `Check the spelling of the Region ${call.region}, and that it is enabled for the account.${suggestion(call.region)}`;
    case 'AWS_NOT_FOUND':
      return call.resource === undefined
        ? 'Check its name, the account and the Region.'
        : `Check the name ${call.resource} and that it is in ${call.region}; it may have been deleted.`;
    case 'AWS_THROTTLED':
      return (
        'Other programs or people use the same quota of the account and Region. It goes on more slowly; ' +
        'raise `headroom` to leave them more.'
      );
    case 'AWS_UNREACHABLE':
      return unreachableHint(call, facts);
    case 'AWS_UNAVAILABLE':
      return 'It is tried again. When it lasts, look at the AWS Health Dashboard of the Region.';
    case 'AWS_BAD_REPLY':
      return call.endpoint === undefined
        ? 'A proxy between this machine and AWS may change or cut replies.'
        : `Check that ${call.endpoint} is an endpoint of this AWS service.`;
    case 'AWS_INVALID_REQUEST':
      return 'Check the log group names, stream prefix and filter pattern of the source.';
    case 'AWS_LOG_CLASS':
      return 'Exclude the group; logs of this class can be read by Logs Insights queries only.';
    case 'AWS_CLOCK_SKEW':
      return offsetMillis === undefined
        ? "Set this machine's clock by NTP."
        : `Set this machine's clock by NTP: it is ${Math.round(Math.abs(offsetMillis) / 1000)} s ${offsetMillis < 0 ? 'behind' : 'ahead of'} AWS.`;
    case 'INTERNAL':
      return 'Please report it with this message.';
  }
}

function missingHint({ credentials, account }: AwsCall): string {
  if (credentials.startsWith('profile ')) {
    return `Check that the ${credentials} is in ~/.aws/config or ~/.aws/credentials and holds credentials.`;
  }
  return (
    `Give the account ${account} a profile, keys or a role in the configuration, or set AWS_PROFILE or ` +
    'AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY; on ECS, give the task a task role.'
  );
}

function expiredHint({ credentials }: AwsCall): string {
  if (credentials.startsWith('profile ')) {
    return `Log in again: aws sso login --profile ${credentials.slice('profile '.length)} (or renew the keys of the profile).`;
  }
  if (credentials.startsWith('role ')) return 'Renew the credentials that the role is assumed with.';
  if (credentials.startsWith('access key ')) {
    return 'Set a new key and session token; use a profile or a role to have them renewed without you.';
  }
  return 'Renew the session (aws sso login, or new keys in the environment).';
}

const NOT_OF_IDENTITY =
  /because no (service control policy|resource control policy|VPC endpoint policy|permissions boundary|session policy|resource-based policy) allows/i;
const ACCOUNT_OF_RESOURCE = /on resource: arn:[^:\s]+:[^:\s]+:[^:\s]*:(\d{12}):/;

function deniedHint(call: AwsCall, { message }: ThrownFacts): string {
  if (call.action === 'sts:AssumeRole') {
    return (
      'The trust policy of the role must name this identity and, where it asks for one, the same external_id; ' +
      'the identity needs sts:AssumeRole on the role.'
    );
  }
  if (/kms/i.test(message)) return 'The log group is encrypted: allow kms:Decrypt on its key.';
  const { action, region, resource } = call;
  const group = isOfGroup(action, resource) ? resource : undefined;
  const what = group === undefined ? action : `${action} on ${group}`;
  if (/explicit deny/i.test(message)) {
    return `A policy denies ${what} explicitly: look for it in the identity, the organisation (SCP) and the VPC endpoint.`;
  }
  // AWS says which kind of policy is silent: one for the identity would not help there.
  const silent = NOT_OF_IDENTITY.exec(message)?.[1];
  if (silent !== undefined) return `Let the ${silent} allow ${what}.`;
  const accountId = ACCOUNT_OF_RESOURCE.exec(message)?.[1];
  return `Allow ${what} to this identity; the least policy for it:\n${iamPolicy({ actions: [action], region, group, accountId })}`;
}

function unreachableHint({ endpoint, region }: AwsCall, { systemCode, name }: ThrownFacts): string {
  const where = endpoint ?? `the AWS endpoint of ${region}`;
  if (systemCode === 'ECONNREFUSED') return `Nothing listens at ${where}: check the address and the port.`;
  if (systemCode === 'ENOTFOUND' || systemCode === 'EAI_AGAIN') {
    return `The name of ${where} could not be resolved: check DNS${endpoint === undefined ? ' and the Region' : ' and the endpoint'}.`;
  }
  if (systemCode !== undefined && /CERT|TLS|SSL|SELF_SIGNED|VERIFY|EPROTO/.test(systemCode)) {
    return `The TLS connection to ${where} failed (${systemCode}): check the certificate; NODE_EXTRA_CA_CERTS adds an authority.`;
  }
  // The SDK calls a reset a TimeoutError too.
  if (name === 'TimeoutError' && systemCode !== 'ECONNRESET' && systemCode !== 'EPIPE') {
    return `${where} did not answer in time: check the network, security group, NAT or VPC endpoint, and HTTPS_PROXY.`;
  }
  return `Check the network between this machine and ${where}; it is tried again.`;
}

/** Only for one that is not known: of two Regions that exist neither is a slip for the other. */
function suggestion(region: string): string {
  return KNOWN_REGIONS.includes(region) ? '' : didYouMean(region, KNOWN_REGIONS);
}
