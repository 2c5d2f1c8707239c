import type { LogferryError } from '../../foundation/logferry-error.ts';
import type { WorkloadKind } from './ecs-selection.ts';

/** What runs on ECS and where it logs to: cluster › service › container → log group. Plain data. */
export interface EcsTree {
  readonly regions: readonly EcsRegion[];
}

export interface EcsRegion {
  readonly region: string;
  /** The selected ones. */
  readonly clusters: readonly EcsCluster[];
  /** ARNs or names of the others, which are not looked into. */
  readonly otherClusters: readonly string[];
  /** Actions that were refused, sorted: what they would tell is missing from the tree. */
  readonly deniedActions: readonly string[];
  /** The Region could not be read at all. */
  readonly failure?: LogferryError;
}

export interface EcsCluster {
  readonly name: string;
  /** Its name again where clusters may not be listed. */
  readonly arn: string;
  readonly workloads: readonly EcsWorkload[];
}

/** A service, or the standalone tasks of one family. */
export interface EcsWorkload {
  readonly kind: WorkloadKind;
  readonly name: string;
  readonly selected: boolean;
  readonly desiredCount?: number;
  readonly runningCount: number;
  /** Over all its task definitions in use; those that log to different places stand beside each other. */
  readonly containers: readonly EcsWorkloadContainer[];
  /** Running ones, and those that stopped in about the last hour. */
  readonly tasks: readonly EcsTask[];
  readonly taskDefinitions: readonly EcsTaskDefinition[];
}

export interface EcsWorkloadContainer extends EcsContainer {
  /** Its workload and the container itself are. */
  readonly selected: boolean;
}

/** Where the awslogs driver sends the output of a container. */
export interface LogTarget {
  readonly group: string;
  /** May differ from the Region of the task. */
  readonly region: string;
  /** undefined: streams are named by the container's runtime id (EC2 only). */
  readonly streamPrefix?: string;
}

export interface EcsContainer {
  readonly name: string;
  readonly image: string;
  /** `none` when the task definition has no log configuration. */
  readonly driver: string;
  /** Where it can be read; otherwise `reason` says why it cannot. */
  readonly log?: LogTarget;
  readonly reason?: string;
}

/** A revision: never changes. */
export interface EcsTaskDefinition {
  readonly arn: string;
  readonly family: string;
  readonly revision: string;
  readonly containers: readonly EcsContainer[];
}

export interface EcsTask {
  readonly id: string;
  readonly arn: string;
  readonly region: string;
  readonly accountId: string;
  readonly clusterName: string;
  readonly kind: WorkloadKind;
  /** Service, or family. */
  readonly workload: string;
  readonly taskDefinitionArn: string;
  readonly family: string;
  readonly revision: string;
  readonly lastStatus: string;
  readonly launchType?: string;
  readonly capacityProvider?: string;
  readonly availabilityZone?: string;
  readonly startedAtMillis?: number;
  readonly stoppedAtMillis?: number;
  readonly stoppedReason?: string;
  readonly containers: readonly EcsTaskContainer[];
}

export interface EcsTaskContainer {
  readonly name: string;
  readonly image?: string;
  readonly runtimeId?: string;
}
