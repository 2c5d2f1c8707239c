/** What an identity lacks. */
export interface MissingPermissions {
  /** As IAM names them: `logs:FilterLogEvents`. */
  readonly actions: readonly string[];
  readonly region: string;
  /** The log group, by name or ARN, where the actions are about one. */
  readonly group?: string | undefined;
  /** 12 digits; any account when it is not known. */
  readonly accountId?: string | undefined;
}

/** What discovery calls; all of them take `*` for their resource. */
export const ECS_DISCOVERY_ACTIONS: readonly string[] = [
  'ecs:DescribeServices',
  'ecs:DescribeTaskDefinition',
  'ecs:DescribeTasks',
  'ecs:ListClusters',
  'ecs:ListServices',
  'ecs:ListTasks',
];

/** Actions that can be allowed for one log group; https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazoncloudwatchlogs.html */
const OF_A_GROUP: ReadonlySet<string> = new Set([
  'logs:FilterLogEvents',
  'logs:GetLogEvents',
  'logs:DescribeLogStreams',
]);

/** The least IAM policy that allows it, as JSON with one line a statement, ready to copy. Pure. */
export function iamPolicy(missing: MissingPermissions): string {
  const [ofGroup, ofAll] = [
    missing.actions.filter((action) => isOfGroup(action, missing.group)),
    missing.actions.filter((action) => !isOfGroup(action, missing.group)),
  ];
  const statements = [
    { Effect: 'Allow', Action: ofGroup.toSorted(), Resource: groupResource(missing) },
    { Effect: 'Allow', Action: ofAll.toSorted(), Resource: '*' },
  ].filter(({ Action }) => Action.length > 0);
  const lines = statements.map((statement) => `    ${JSON.stringify(statement)}`);
  return `{\n  "Version": "2012-10-17",\n  "Statement": [\n${lines.join(',\n')}\n  ]\n}`;
}

export function isOfGroup(action: string, group: string | undefined): group is string {
  return group !== undefined && OF_A_GROUP.has(action);
}

/** Streams and events of a group are allowed under its ARN with `:*`. */
function groupResource({ region, group = '*', accountId = '*' }: MissingPermissions): string {
  const arn = group.startsWith('arn:')
    ? group.replace(/:\*$/, '')
    : `arn:${partitionOf(region)}:logs:${region}:${accountId}:log-group:${group}`;
  return `${arn}:*`;
}

/** The second part of every ARN of a Region. */
export function partitionOf(region: string): string {
  if (region.startsWith('cn-')) return 'aws-cn';
  if (region.startsWith('us-gov-')) return 'aws-us-gov';
  if (region.startsWith('us-isob-')) return 'aws-iso-b';
  if (region.startsWith('us-isof-')) return 'aws-iso-f';
  if (region.startsWith('eu-isoe-')) return 'aws-iso-e';
  if (region.startsWith('us-iso-')) return 'aws-iso';
  return region.startsWith('eusc-') ? 'aws-eusc' : 'aws';
}
