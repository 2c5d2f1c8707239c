/** What the fleet consists of. Everything that follows (lines, ECS entities, streams) is made from this table. */

export const CLUSTER_NAME = 'demo-fleet';
export const EC2_CAPACITY_PROVIDER = 'demo-ec2';
export const DEMO_TASK_GROUP = '/ecs/demo-task';
/** Events older than this are gone from the log groups: it bounds what the world has to keep. */
export const RETENTION_DAYS = 1;

export type WorkloadName = 'checkout-api' | 'orders' | 'web' | 'worker' | 'demo-task';

export type ContainerLogging =
  | {
      readonly driver: 'awslogs';
      readonly group: string;
      /** Without one, which only EC2 allows, the stream is called after the container's id. */
      readonly prefix?: string;
    }
  | { readonly driver: 'awsfirelens' };

export interface ContainerLayout {
  readonly name: string;
  readonly repository: string;
  readonly cpuUnits: number;
  readonly memoryMiB: number;
  readonly logging: ContainerLogging;
  readonly ports?: readonly number[];
  readonly isLogRouter?: boolean;
}

export interface WorkloadLayout {
  /** Also the family of its task definitions. */
  readonly name: WorkloadName;
  /** False for a task that somebody started by hand. */
  readonly isService: boolean;
  readonly desiredCount: number;
  readonly launchType: 'FARGATE' | 'EC2';
  /** The last one is the current one. */
  readonly revisions: readonly number[];
  readonly containers: readonly ContainerLayout[];
}

const awslogs = (group: string, prefix: string): ContainerLogging => ({ driver: 'awslogs', group, prefix });

export const WORKLOADS: readonly WorkloadLayout[] = [
  {
    name: 'checkout-api',
    isService: true,
    desiredCount: 2,
    launchType: 'FARGATE',
    revisions: [40, 41],
    containers: [
      {
        name: 'app',
        repository: 'shop/checkout-api',
        cpuUnits: 384,
        memoryMiB: 768,
        logging: awslogs('/ecs/checkout-api', 'ecs'),
        ports: [3000],
      },
      // Its lines go through FireLens to a bucket: there is nothing of it in CloudWatch.
      {
        name: 'audit',
        repository: 'shop/audit-forwarder',
        cpuUnits: 64,
        memoryMiB: 128,
        logging: { driver: 'awsfirelens' },
      },
      {
        name: 'log-router',
        repository: 'shop/fluent-bit',
        cpuUnits: 64,
        memoryMiB: 128,
        logging: awslogs('/ecs/checkout-api', 'firelens'),
        isLogRouter: true,
      },
    ],
  },
  {
    name: 'orders',
    isService: true,
    desiredCount: 2,
    launchType: 'FARGATE',
    revisions: [18],
    containers: [
      {
        name: 'orders',
        repository: 'shop/orders',
        cpuUnits: 1024,
        memoryMiB: 2048,
        logging: awslogs('/ecs/orders', 'ecs'),
        ports: [8080],
      },
    ],
  },
  {
    name: 'web',
    isService: true,
    desiredCount: 2,
    launchType: 'FARGATE',
    revisions: [12, 13],
    containers: [
      {
        name: 'nginx',
        repository: 'shop/web',
        cpuUnits: 256,
        memoryMiB: 512,
        // A prefix may hold slashes itself.
        logging: awslogs('/ecs/web', 'web/prod'),
        ports: [80],
      },
    ],
  },
  {
    name: 'worker',
    isService: true,
    desiredCount: 1,
    launchType: 'EC2',
    revisions: [7],
    containers: [
      {
        name: 'jobs',
        repository: 'shop/worker-jobs',
        cpuUnits: 512,
        memoryMiB: 1024,
        logging: { driver: 'awslogs', group: '/ecs/worker' },
      },
      {
        name: 'mailer',
        repository: 'shop/worker-mailer',
        cpuUnits: 256,
        memoryMiB: 512,
        logging: { driver: 'awslogs', group: '/ecs/worker' },
      },
    ],
  },
  {
    name: 'demo-task',
    isService: false,
    desiredCount: 1,
    launchType: 'FARGATE',
    revisions: [3],
    containers: [
      {
        name: 'demo',
        repository: 'shop/demo',
        cpuUnits: 256,
        memoryMiB: 512,
        logging: awslogs(DEMO_TASK_GROUP, 'ecs'),
      },
    ],
  },
];

export function workloadLayout(name: WorkloadName): WorkloadLayout {
  const layout = WORKLOADS.find((candidate) => candidate.name === name);
  if (layout === undefined) throw new RangeError(`The fleet has no workload "${name}".`);
  return layout;
}

/** Every log group that a container writes to, each once. */
export function logGroupNames(): readonly string[] {
  const loggings = WORKLOADS.flatMap((workload) => workload.containers.map((container) => container.logging));
  return [...new Set(loggings.flatMap((logging) => (logging.driver === 'awslogs' ? [logging.group] : [])))];
}
