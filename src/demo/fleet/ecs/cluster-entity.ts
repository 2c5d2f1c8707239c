import type { Cluster } from '@aws-sdk/client-ecs';
import { CLUSTER_NAME, EC2_CAPACITY_PROVIDER, WORKLOADS } from '../fleet-layout.ts';
import type { PlannedTask } from '../planned-task.ts';
import type { FleetNames } from './fleet-names.ts';
import { taskState } from './task-entity.ts';

export function clusterEntity(names: FleetNames, tasks: readonly PlannedTask[], atMillis: number): Cluster {
  const states = tasks.map((task) => taskState(task, atMillis));
  return {
    clusterArn: names.cluster,
    clusterName: CLUSTER_NAME,
    status: 'ACTIVE',
    registeredContainerInstancesCount: 1,
    runningTasksCount: states.filter((state) => state === 'RUNNING').length,
    pendingTasksCount: states.filter((state) => state === 'PENDING').length,
    activeServicesCount: WORKLOADS.filter((workload) => workload.isService).length,
    statistics: [],
    tags: [],
    settings: [{ name: 'containerInsights', value: 'disabled' }],
    capacityProviders: ['FARGATE', EC2_CAPACITY_PROVIDER],
    defaultCapacityProviderStrategy: [],
  };
}
