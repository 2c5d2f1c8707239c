/**
 * What AWS allows an account in a Region, from the service quotas of CloudWatch Logs and the throttling table of
 * ECS (November 2026). The quotas are not adjustable, and shared with the people who use the console.
 */

/** What a budget is kept for: an API of its own, or a group of ECS APIs that AWS counts together. */
export const BUDGET_NAMES = [
  'FilterLogEvents',
  'GetLogEvents',
  'DescribeLogGroups',
  'DescribeLogStreams',
  'EcsClusterRead',
  'EcsServiceRead',
  'EcsTaskRead',
  'EcsTaskDefinitionRead',
  'GetCallerIdentity',
] as const;
export type BudgetName = (typeof BUDGET_NAMES)[number];

/** Every API that Logferry calls, with the budget that it is counted in. */
export const BUDGET_OF_API = {
  FilterLogEvents: 'FilterLogEvents',
  GetLogEvents: 'GetLogEvents',
  DescribeLogGroups: 'DescribeLogGroups',
  DescribeLogStreams: 'DescribeLogStreams',
  ListClusters: 'EcsClusterRead',
  DescribeClusters: 'EcsClusterRead',
  ListServices: 'EcsServiceRead',
  DescribeServices: 'EcsServiceRead',
  ListTasks: 'EcsTaskRead',
  DescribeTasks: 'EcsTaskRead',
  DescribeTaskDefinition: 'EcsTaskDefinitionRead',
  GetCallerIdentity: 'GetCallerIdentity',
} as const satisfies Record<string, BudgetName>;
export type AwsApi = keyof typeof BUDGET_OF_API;

export interface Quota {
  readonly requestsPerSecond: number;
  /** Requests that may be sent at once after a rest; left out where AWS states none. */
  readonly burst?: number;
  /** AWS publishes none for the Region: where to start from. */
  readonly isUnlisted?: true;
}

/** Regions without an entry in the published tables, such as those of China: start low, and learn. */
const UNLISTED: Quota = { requestsPerSecond: 5, isUnlisted: true };
/** What learning goes up to, in requests a second: no Region that is listed allows much more. */
export const MOST_OF_ANY_REGION = 25;

const FILTER_SLOW = new Set('ap-northeast-3 ap-southeast-3 ca-west-1 eu-central-1 il-central-1'.split(' '));
const GET_SLOW = new Set(
  'us-west-2 eu-west-1 eu-central-1 ca-west-1 ap-northeast-3 ap-southeast-3 il-central-1'.split(' '),
);

/** Regions of the commercial partition, which the "elsewhere" of the quota tables means. */
export const LISTED_REGIONS: ReadonlySet<string> = new Set(
  (
    'us-east-1 us-east-2 us-west-1 us-west-2 ca-central-1 ca-west-1 mx-central-1 sa-east-1 af-south-1 ' +
    'eu-central-1 eu-central-2 eu-west-1 eu-west-2 eu-west-3 eu-south-1 eu-south-2 eu-north-1 ' +
    'il-central-1 me-south-1 me-central-1 ap-east-1 ap-east-2 ap-south-1 ap-south-2 ' +
    'ap-northeast-1 ap-northeast-2 ap-northeast-3 ' +
    'ap-southeast-1 ap-southeast-2 ap-southeast-3 ap-southeast-4 ap-southeast-5 ap-southeast-6 ap-southeast-7'
  ).split(' '),
);

export function quotaOf(budget: BudgetName, region: string): Quota {
  switch (budget) {
    case 'FilterLogEvents':
      return listed(region, filterLogEventsQuota);
    case 'GetLogEvents':
      return listed(region, getLogEventsQuota);
    case 'DescribeLogGroups':
      return listed(region, () => 10);
    case 'DescribeLogStreams':
      return listed(region, () => 25);
    case 'EcsClusterRead':
    case 'EcsTaskDefinitionRead':
      return { requestsPerSecond: 20, burst: 50 };
    case 'EcsServiceRead':
    case 'EcsTaskRead':
      return { requestsPerSecond: 20, burst: 100 };
    case 'GetCallerIdentity':
      // STS allows hundreds; more than a few would only tell of a defect of ours.
      return { requestsPerSecond: 10 };
  }
}

function listed(region: string, rate: (region: string) => number): Quota {
  return LISTED_REGIONS.has(region) ? { requestsPerSecond: rate(region) } : UNLISTED;
}

function filterLogEventsQuota(region: string): number {
  if (region === 'us-east-1') return 25;
  return FILTER_SLOW.has(region) ? 5 : 10;
}

function getLogEventsQuota(region: string): number {
  if (region === 'eu-west-3') return 30;
  return GET_SLOW.has(region) ? 10 : 25;
}
