import type { Cluster, Service, Task, TaskDefinition } from '@aws-sdk/client-ecs';

/** What a container printed. Times are Unix milliseconds. */
export interface WorldEvent {
  readonly timestampMillis: number;
  readonly message: string;
  /** When the service took it in; `timestampMillis` when left out. */
  readonly ingestedMillis?: number;
  /** From when on replies show it; `ingestedMillis` when left out. */
  readonly visibleAtMillis?: number;
}

export interface WorldLogGroup {
  readonly region: string;
  readonly name: string;
  /** 0 when left out. */
  readonly createdAtMillis?: number;
  readonly retentionDays?: number;
  readonly logGroupClass?: 'STANDARD' | 'INFREQUENT_ACCESS' | 'DELIVERY';
}

/**
 * The content of one AWS account as the endpoint shows it: log groups with their streams and events, and the ECS entities
 * of each Region in the shapes that the service answers with. It holds no time of its own: what is visible depends on the
 * moment at which it is asked. Events older than a group's retention are no longer shown.
 */
export interface AwsWorld {
  readonly accountId: string;
  readonly partition: 'aws' | 'aws-cn' | 'aws-us-gov';
  /** Making a group that is there throws; one that was deleted starts empty. */
  createLogGroup(group: WorldLogGroup): void;
  deleteLogGroup(region: string, name: string): void;
  /** Makes the stream when it is not there. Answers the event ids, in the order of `events`: unique and never changing. */
  putEvents(region: string, group: string, stream: string, events: readonly WorldEvent[]): readonly string[];
  /** Each of these replaces what has the same ARN. Lists are served from what was put. */
  putCluster(region: string, cluster: Cluster): void;
  putTaskDefinition(region: string, definition: TaskDefinition): void;
  putService(region: string, service: Service): void;
  putTask(region: string, task: Task): void;
  removeTask(region: string, taskArn: string): void;
  removeService(region: string, serviceArn: string): void;
  /** Every event of a group that was ever put and not deleted with it, by time: what a test compares with. */
  events(
    region: string,
    group: string,
  ): readonly (WorldEvent & { readonly id: string; readonly stream: string })[];
}
