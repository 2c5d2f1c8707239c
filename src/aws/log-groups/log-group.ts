import type { LogGroup as DescribedLogGroup } from '@aws-sdk/client-cloudwatch-logs';

/** A log group as far as reading needs to know it. */
export interface LogGroup {
  readonly name: string;
  /** Without the `:*` at its end. */
  readonly arn: string;
  readonly region: string;
  /** Owner; '' when the ARN does not tell. */
  readonly accountId: string;
  /** Tells a group from its predecessor of the same name; undefined when the service was not asked. */
  readonly creationMillis?: number;
  /** When the service told all this, in its own time; undefined when it was not asked. */
  readonly describedMillis?: number;
  /** undefined = for ever, or unknown. */
  readonly retentionMillis?: number;
  /** Class INFREQUENT_ACCESS, which FilterLogEvents refuses. */
  readonly unreadableClass: boolean;
  /** Belongs to another account: it has to be named by ARN. */
  readonly linked: boolean;
}

const DAY_MILLIS = 86_400_000;
const ARN = /^arn:([^:]+):logs:([^:]+):([^:]*):log-group:(.+?)(?::\*)?$/;

export interface LogGroupArn {
  readonly arn: string;
  readonly partition: string;
  readonly region: string;
  readonly accountId: string;
  readonly name: string;
}

/** undefined when the text is no ARN of a log group. */
export function parseLogGroupArn(text: string): LogGroupArn | undefined {
  const [, partition, region, accountId, name] = ARN.exec(text) ?? [];
  if (partition === undefined || region === undefined || accountId === undefined || name === undefined)
    return undefined;
  return { partition, region, accountId, name, arn: logGroupArn(partition, region, accountId, name) };
}

export function logGroupArn(partition: string, region: string, accountId: string, name: string): string {
  return `arn:${partition}:logs:${region}:${accountId}:log-group:${name}`;
}

/** undefined when the reply lacks what identifies the group. */
export function toLogGroup(
  described: DescribedLogGroup,
  region: string,
  linked: boolean,
  describedMillis: number,
): LogGroup | undefined {
  const { logGroupName: name, creationTime, retentionInDays } = described;
  const arn = parseLogGroupArn(described.logGroupArn ?? described.arn ?? '');
  if (typeof name !== 'string' || name === '' || arn === undefined) return undefined;
  return {
    name,
    arn: arn.arn,
    region,
    accountId: arn.accountId,
    describedMillis,
    ...(typeof creationTime === 'number' && { creationMillis: creationTime }),
    ...(typeof retentionInDays === 'number' && { retentionMillis: retentionInDays * DAY_MILLIS }),
    unreadableClass: described.logGroupClass === 'INFREQUENT_ACCESS',
    linked,
  };
}
