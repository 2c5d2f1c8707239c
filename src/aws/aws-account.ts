import type {
  DescribeLogGroupsCommandInput,
  DescribeLogGroupsCommandOutput,
  DescribeLogStreamsCommandInput,
  DescribeLogStreamsCommandOutput,
  FilterLogEventsCommandInput,
  FilterLogEventsCommandOutput,
  GetLogEventsCommandInput,
  GetLogEventsCommandOutput,
} from '@aws-sdk/client-cloudwatch-logs';
import type {
  DescribeClustersCommandInput,
  DescribeClustersCommandOutput,
  DescribeServicesCommandInput,
  DescribeServicesCommandOutput,
  DescribeTaskDefinitionCommandInput,
  DescribeTaskDefinitionCommandOutput,
  DescribeTasksCommandInput,
  DescribeTasksCommandOutput,
  ListClustersCommandInput,
  ListClustersCommandOutput,
  ListServicesCommandInput,
  ListServicesCommandOutput,
  ListTasksCommandInput,
  ListTasksCommandOutput,
} from '@aws-sdk/client-ecs';
import type { ReadPriority } from '../contracts/pull-source.ts';
import type { NamedBudgetStatus } from './budget/request-budgets.ts';

export interface CallOptions {
  readonly signal: AbortSignal;
  /** Place in the queue of the request budget; 'live' when left out. */
  readonly priority?: ReadPriority;
  /**
   * The place in the request budget is kept beyond the reply, until it is released: fewer requests are sent while
   * replies are worked on. False when left out.
   */
  readonly keepPlace?: boolean;
}

/** What a reply tells besides its content. */
export interface Answered<Output> {
  readonly output: Output;
  /** The service's Date header (a local clock may be wrong), or the local time where it was missing. */
  readonly serverMillis: number;
  /** Due where `keepPlace` was asked for, once the reply is no longer in memory. */
  readonly release: () => void;
}

/**
 * CloudWatch Logs of one account and Region. Each call waits for the shared budget, is sent, and is tried again after
 * throttling, 5xx, resets and truncated replies within bounds. Throws LogferryError with an AWS_* code.
 */
export interface LogsApi {
  filterLogEvents(
    input: FilterLogEventsCommandInput,
    options: CallOptions,
  ): Promise<Answered<FilterLogEventsCommandOutput>>;
  getLogEvents(
    input: GetLogEventsCommandInput,
    options: CallOptions,
  ): Promise<Answered<GetLogEventsCommandOutput>>;
  describeLogGroups(
    input: DescribeLogGroupsCommandInput,
    options: CallOptions,
  ): Promise<Answered<DescribeLogGroupsCommandOutput>>;
  describeLogStreams(
    input: DescribeLogStreamsCommandInput,
    options: CallOptions,
  ): Promise<Answered<DescribeLogStreamsCommandOutput>>;
}

/** ECS of one account and Region; behaves as LogsApi does. */
export interface EcsApi {
  listClusters(i: ListClustersCommandInput, o: CallOptions): Promise<Answered<ListClustersCommandOutput>>;
  describeClusters(
    i: DescribeClustersCommandInput,
    o: CallOptions,
  ): Promise<Answered<DescribeClustersCommandOutput>>;
  listServices(i: ListServicesCommandInput, o: CallOptions): Promise<Answered<ListServicesCommandOutput>>;
  describeServices(
    i: DescribeServicesCommandInput,
    o: CallOptions,
  ): Promise<Answered<DescribeServicesCommandOutput>>;
  listTasks(i: ListTasksCommandInput, o: CallOptions): Promise<Answered<ListTasksCommandOutput>>;
  describeTasks(i: DescribeTasksCommandInput, o: CallOptions): Promise<Answered<DescribeTasksCommandOutput>>;
  describeTaskDefinition(
    i: DescribeTaskDefinitionCommandInput,
    o: CallOptions,
  ): Promise<Answered<DescribeTaskDefinitionCommandOutput>>;
}

export interface AwsIdentity {
  readonly accountId: string;
  readonly arn: string;
  /** `aws`, `aws-cn`, `aws-us-gov`. */
  readonly partition: string;
}

/** An `accounts` entry of the configuration, ready to call. Making one connects to nothing. */
export interface AwsAccount {
  /** Its name in the configuration; `default` when none was configured. */
  readonly id: string;
  /** At least one. */
  readonly regions: readonly string[];
  /** GetCallerIdentity, asked once and remembered. */
  identity(options: CallOptions): Promise<AwsIdentity>;
  /** May name a Region outside `regions`: a task's awslogs-region can differ from its own. */
  logs(region: string): LogsApi;
  ecs(region: string): EcsApi;
  close(): Promise<void>;
}

/** All accounts of the configuration; what sources are given. */
export interface AwsAccounts {
  /** undefined = the only configured account, or the default chain. Throws CONFIG_INVALID for an unknown name. */
  get(name: string | undefined): AwsAccount;
  /** The request budgets that are in use. */
  budgets(): readonly NamedBudgetStatus[];
  close(): Promise<void>;
}
