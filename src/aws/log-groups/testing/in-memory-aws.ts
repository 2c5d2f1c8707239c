import type { FilterLogEventsCommandInput, LogGroup } from '@aws-sdk/client-cloudwatch-logs';
import type { Service, Task, TaskDefinition } from '@aws-sdk/client-ecs';
import { LogferryError } from '../../../foundation/logferry-error.ts';
import type { Answered, AwsAccount, AwsIdentity, EcsApi, LogsApi } from '../../aws-account.ts';

export const ACCOUNT_ID = '111122223333';

export interface MemoryEvent {
  readonly logStreamName: string;
  readonly timestamp: number;
  readonly message: string;
  readonly ingestionTime?: number;
  readonly eventId?: string;
}

export interface MemoryRegion {
  groups: LogGroup[];
  events: Map<string, MemoryEvent[]>;
  clusters: Map<string, { services: Service[]; running: Task[]; stopped: Task[] }>;
  definitions: Map<string, TaskDefinition>;
}

type FilterOutput = Awaited<ReturnType<LogsApi['filterLogEvents']>>['output'];

/** CloudWatch Logs and ECS of one account, in memory, with the limits and habits that the sources must cope with. */
export class InMemoryAws implements AwsAccount {
  readonly id = 'test';
  readonly regions: readonly string[];
  readonly denied = new Set<string>();
  readonly broken = new Set<string>();
  /** Every call, as `action region`. */
  readonly calls: string[] = [];
  readonly filterInputs: FilterLogEventsCommandInput[] = [];
  pageSize = 10_000;
  /** May answer a FilterLogEvents call in place of the truth, or throw. */
  intercept: (input: FilterLogEventsCommandInput) => FilterOutput | undefined = () => undefined;
  readonly #regions = new Map<string, MemoryRegion>();

  constructor(regions: readonly string[] = ['cn-north-1']) {
    this.regions = regions;
  }

  at(region: string): MemoryRegion {
    let found = this.#regions.get(region);
    if (found === undefined) {
      found = { groups: [], events: new Map(), clusters: new Map(), definitions: new Map() };
      this.#regions.set(region, found);
    }
    return found;
  }

  addGroup(region: string, name: string, more: Partial<LogGroup> = {}, events: MemoryEvent[] = []): void {
    const arn = `arn:aws-cn:logs:${region}:${ACCOUNT_ID}:log-group:${name}:*`;
    this.at(region).groups.push({ logGroupName: name, arn, creationTime: 1000, ...more });
    this.at(region).events.set(name, events);
  }

  identity(): Promise<AwsIdentity> {
    return Promise.resolve({
      accountId: ACCOUNT_ID,
      arn: `arn:aws-cn:iam::${ACCOUNT_ID}:user/t`,
      partition: 'aws-cn',
    });
  }

  logs(region: string): LogsApi {
    const state = this.at(region);
    return {
      filterLogEvents: (input) =>
        this.#answer('logs:FilterLogEvents', region, () => {
          this.filterInputs.push(input);
          return this.intercept(input) ?? filterEvents(state, input, this.pageSize);
        }),
      getLogEvents: () => Promise.reject(new Error('not used')),
      describeLogStreams: () => Promise.reject(new Error('not used')),
      describeLogGroups: (input) =>
        this.#answer('logs:DescribeLogGroups', region, () => {
          const prefix = input.logGroupNamePrefix ?? '';
          const all = state.groups.filter(({ logGroupName }) => logGroupName?.startsWith(prefix));
          const { page, nextToken } = pageOf(all, input.nextToken, Math.min(50, input.limit ?? 50));
          return { logGroups: page, ...(nextToken !== undefined && { nextToken }) };
        }),
    };
  }

  ecs(region: string): EcsApi {
    const state = this.at(region);
    const arnOf = (kind: string, rest: string) => `arn:aws-cn:ecs:${region}:${ACCOUNT_ID}:${kind}/${rest}`;
    const cluster = (name: string | undefined) => {
      const found = state.clusters.get(name?.split('/').at(-1) ?? '');
      if (found === undefined) throw new LogferryError('AWS_NOT_FOUND', `No cluster ${name}.`);
      return found;
    };
    return {
      describeClusters: () => Promise.reject(new Error('not used')),
      listClusters: (input) =>
        this.#answer('ecs:ListClusters', region, () => {
          const arns = [...state.clusters.keys()].map((name) => arnOf('cluster', name));
          const { page, nextToken } = pageOf(arns, input.nextToken, limited(input.maxResults, 100));
          return { clusterArns: page, nextToken };
        }),
      listServices: (input) =>
        this.#answer('ecs:ListServices', region, () => {
          const arns = cluster(input.cluster).services.map(({ serviceName }) =>
            arnOf('service', `${serviceName}`),
          );
          const { page, nextToken } = pageOf(arns, input.nextToken, limited(input.maxResults ?? 10, 100));
          return { serviceArns: page, nextToken };
        }),
      describeServices: (input) =>
        this.#answer('ecs:DescribeServices', region, () => {
          limited(input.services?.length, 10);
          const names = new Set(input.services?.map((arn) => arn.split('/').at(-1)));
          return { services: cluster(input.cluster).services.filter((one) => names.has(one.serviceName)) };
        }),
      listTasks: (input) =>
        this.#answer('ecs:ListTasks', region, () => {
          const { running, stopped } = cluster(input.cluster);
          const tasks = input.desiredStatus === 'STOPPED' ? stopped : running;
          const arns = tasks.map(({ taskArn }) => `${taskArn}`);
          const { page, nextToken } = pageOf(arns, input.nextToken, limited(input.maxResults, 100));
          return { taskArns: page, nextToken };
        }),
      describeTasks: (input) =>
        this.#answer('ecs:DescribeTasks', region, () => {
          limited(input.tasks?.length, 100);
          const ids = new Set(input.tasks?.map((arn) => arn.split('/').at(-1)));
          const { running, stopped } = cluster(input.cluster);
          return {
            tasks: [...running, ...stopped].filter(({ taskArn }) => ids.has(taskArn?.split('/').at(-1))),
          };
        }),
      describeTaskDefinition: (input) =>
        this.#answer('ecs:DescribeTaskDefinition', region, () => {
          const taskDefinition = state.definitions.get(input.taskDefinition ?? '');
          if (taskDefinition === undefined)
            throw new LogferryError('AWS_INVALID_REQUEST', 'Unable to describe task definition.');
          return { taskDefinition };
        }),
    };
  }

  close(): Promise<void> {
    return Promise.resolve();
  }

  #answer<Output>(
    action: string,
    region: string,
    answer: () => Output,
  ): Promise<Answered<Output & { $metadata: object }>> {
    this.calls.push(`${action} ${region}`);
    return Promise.resolve().then(() => {
      if (this.denied.has(action)) throw new LogferryError('AWS_DENIED', `${action} is denied.`);
      if (this.broken.has(region)) throw new LogferryError('AWS_UNREACHABLE', `${region} is away.`);
      return { output: { ...answer(), $metadata: {} }, serverMillis: 42, release: () => {} };
    });
  }
}

function filterEvents(
  state: MemoryRegion,
  input: FilterLogEventsCommandInput,
  pageSize: number,
): FilterOutput {
  const events = state.events.get(input.logGroupName ?? '');
  if (events === undefined) throw new LogferryError('AWS_NOT_FOUND', `No log group ${input.logGroupName}.`);
  const matching = events.filter(
    ({ timestamp, logStreamName }) =>
      timestamp >= (input.startTime ?? 0) &&
      timestamp <= (input.endTime ?? Infinity) &&
      logStreamName.startsWith(input.logStreamNamePrefix ?? ''),
  );
  const { page, nextToken } = pageOf(matching, input.nextToken, Math.min(pageSize, input.limit ?? pageSize));
  return { events: [...page], nextToken, $metadata: {} };
}

function limited(asked: number | undefined, limit: number): number {
  if (asked !== undefined && asked > limit) throw new LogferryError('AWS_INVALID_REQUEST', 'Too many.');
  return asked ?? limit;
}

function pageOf<Item>(all: readonly Item[], token: string | undefined, size: number) {
  const from = Number(token ?? 0);
  const nextToken = from + size < all.length ? String(from + size) : undefined;
  return { page: all.slice(from, from + size), nextToken };
}

/** A service with one task definition `name:1`, one container `app` and running tasks that log to the group. */
export function addService(
  aws: InMemoryAws,
  at: { readonly region: string; readonly cluster: string; readonly name: string },
  log: {
    readonly group: string;
    readonly prefix?: string;
    readonly region?: string;
    readonly driver?: string;
  },
  taskIds: readonly string[],
): void {
  const { region, name } = at;
  const state = aws.at(region);
  const definition = `arn:aws-cn:ecs:${region}:${ACCOUNT_ID}:task-definition/${name}:1`;
  state.definitions.set(definition, {
    containerDefinitions: [
      {
        name: 'app',
        image: `repo/${name}:v1`,
        logConfiguration: {
          logDriver: (log.driver ?? 'awslogs') as 'awslogs',
          options: {
            'awslogs-group': log.group,
            'awslogs-region': log.region ?? region,
            'awslogs-stream-prefix': log.prefix ?? 'ecs',
          },
        },
      },
    ],
  });
  const cluster = state.clusters.get(at.cluster) ?? { services: [], running: [], stopped: [] };
  state.clusters.set(at.cluster, cluster);
  cluster.services.push({ serviceName: name, desiredCount: taskIds.length, taskDefinition: definition });
  cluster.running.push(...taskIds.map((id) => memoryTask(at, id, `service:${name}`)));
}

export function memoryTask(
  at: { readonly region: string; readonly cluster: string; readonly name: string },
  id: string,
  group: string,
): Task {
  const base = `arn:aws-cn:ecs:${at.region}:${ACCOUNT_ID}`;
  return {
    taskArn: `${base}:task/${at.cluster}/${id}`,
    clusterArn: `${base}:cluster/${at.cluster}`,
    taskDefinitionArn: `${base}:task-definition/${at.name}:1`,
    group,
    lastStatus: 'RUNNING',
    launchType: 'FARGATE',
    availabilityZone: `${at.region}a`,
    containers: [{ name: 'app', runtimeId: `${id}-1` }],
  };
}

/** 32 hexadecimal digits, as ECS makes them. */
export function taskId(number: number): string {
  return number.toString(16).padStart(32, '0');
}
