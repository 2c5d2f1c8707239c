import type { LogGroup } from '../../world/log-group.ts';
import type { ApiCall } from '../api-call.ts';
import { type ApiError, invalidParameter, resourceNotFound } from '../api-error.ts';

/** The group that a request names by `logGroupName` or by `logGroupIdentifier` (a name, or an ARN without `:*`). */
export function findLogGroup(call: ApiCall): LogGroup {
  const { input } = call;
  const name = input.optionalText('logGroupName');
  const identifier = input.optionalText('logGroupIdentifier');
  if (name !== undefined && identifier !== undefined) {
    throw invalidParameter('LogGroupName and LogGroupIdentifier are mutually exclusive parameters.');
  }
  return groupNamed(call, nameOf(call, identifier) ?? input.text('logGroupName'));
}

export function groupNamed(call: ApiCall, name: string): LogGroup {
  const group = call.content.groups.get(name);
  if (group === undefined || group.createdAtMillis > call.nowMillis) {
    throw resourceNotFound('The specified log group does not exist.');
  }
  return group;
}

function nameOf(call: ApiCall, identifier: string | undefined): string | undefined {
  if (identifier === undefined || !identifier.startsWith('arn:')) return identifier;
  const [, partition, service, region, account, resource, ...name] = identifier.split(':');
  if (service !== 'logs' || resource !== 'log-group' || name.length === 0) {
    throw invalidParameter(`The specified ARN is invalid: ${identifier}`);
  }
  const { world } = call;
  if (partition !== world.partition || region !== call.region || account !== world.accountId) {
    throw resourceNotFound('The specified log group does not exist.');
  }
  return name.join(':');
}

export function refuseToken(kind: 'expired' | 'invalid'): ApiError {
  return invalidParameter(
    kind === 'expired' ? 'The specified nextToken has expired.' : 'The specified nextToken is invalid.',
  );
}
