import type { ApiCall, Operation, Reply } from '../api-call.ts';
import { ApiError } from '../api-error.ts';

export const stsOperations: Readonly<Record<string, Operation>> = {
  GetCallerIdentity: { run: getCallerIdentity },
  AssumeRole: { run: assumeRole },
};

function getCallerIdentity({ identity }: ApiCall): Reply {
  return { value: { Arn: identity.arn, UserId: identity.userId, Account: identity.accountId } };
}

function assumeRole({ input, identity, roles, nowMillis }: ApiCall): Reply {
  const roleArn = required(input.optionalText('RoleArn'), 'roleArn');
  const sessionName = required(input.optionalText('RoleSessionName'), 'roleSessionName');
  if (!/^arn:[\w-]+:iam::\d{12}:role\/[\w+=,.@/-]+$/.test(roleArn)) {
    throw new ApiError('ValidationError', `${roleArn} is invalid`);
  }
  if (!/^[\w+=,.@-]{2,64}$/.test(sessionName)) {
    throw new ApiError(
      'ValidationError',
      `1 validation error detected: Value '${sessionName}' at 'roleSessionName' failed to satisfy constraint: ` +
        'Member must satisfy regular expression pattern: [\\w+=,.@-]*',
    );
  }
  const seconds = Number(input.optionalText('DurationSeconds') ?? '3600');
  if (!(seconds >= 900 && seconds <= 43_200)) {
    throw new ApiError(
      'ValidationError',
      `1 validation error detected: Value '${seconds}' at 'durationSeconds' failed to satisfy constraint: ` +
        'Member must have value between 900 and 43200',
    );
  }
  if (!roles.mayAssume(roleArn, input.optionalText('ExternalId'), identity.arn)) {
    const text = `User: ${identity.arn} is not authorized to perform: sts:AssumeRole on resource: ${roleArn}`;
    throw new ApiError('AccessDenied', text, 403);
  }
  const { key, assumedRoleArn, assumedRoleId } = roles.startSession(
    roleArn,
    sessionName,
    nowMillis + seconds * 1000,
  );
  return {
    value: {
      Credentials: {
        AccessKeyId: key.accessKeyId,
        SecretAccessKey: key.secretAccessKey,
        SessionToken: key.sessionToken,
        Expiration: new Date(key.expiresAtMillis).toISOString(),
      },
      AssumedRoleUser: { AssumedRoleId: assumedRoleId, Arn: assumedRoleArn },
    },
  };
}

function required(value: string | undefined, name: string): string {
  if (value !== undefined && value !== '') return value;
  throw new ApiError(
    'ValidationError',
    `1 validation error detected: Value null at '${name}' failed to satisfy constraint: Member must not be null`,
  );
}
