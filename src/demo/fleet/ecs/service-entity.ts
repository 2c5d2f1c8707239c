import type { Deployment, Service, ServiceEvent } from '@aws-sdk/client-ecs';
import { EC2_CAPACITY_PROVIDER, type WorkloadLayout } from '../fleet-layout.ts';
import type { PlannedTask } from '../planned-task.ts';
import { hexFor } from '../seeded.ts';
import { deployedAtMillis } from '../timeline.ts';
import type { FleetNames } from './fleet-names.ts';
import { taskState } from './task-entity.ts';

const DAY_MILLIS = 24 * 60 * 60_000;
/** ECS keeps the last hundred. */
const MAX_EVENTS = 100;

/** A service as DescribeServices answers with at that moment; `tasks` are those of it that ECS shows. */
export function serviceEntity(
  names: FleetNames,
  layout: WorkloadLayout,
  tasks: readonly PlannedTask[],
  atMillis: number,
): Service {
  const revision = layout.revisions.at(-1) ?? 1;
  const count = (state: 'RUNNING' | 'PENDING') =>
    tasks.filter((task) => taskState(task, atMillis) === state).length;
  const counts = {
    desiredCount: layout.desiredCount,
    runningCount: count('RUNNING'),
    pendingCount: count('PENDING'),
  };
  return {
    serviceArn: names.service(layout.name),
    serviceName: layout.name,
    clusterArn: names.cluster,
    status: 'ACTIVE',
    ...counts,
    ...placement(names, layout),
    taskDefinition: names.taskDefinition(layout.name, revision),
    deploymentConfiguration: {
      deploymentCircuitBreaker: { enable: true, rollback: true },
      maximumPercent: 200,
      minimumHealthyPercent: 100,
      strategy: 'ROLLING',
    },
    deploymentController: { type: 'ECS' },
    deployments: [deployment(names, layout, revision, counts)],
    events: events(names, layout, tasks, atMillis),
    loadBalancers: [],
    serviceRegistries: [],
    placementConstraints: [],
    placementStrategy: [],
    schedulingStrategy: 'REPLICA',
    roleArn: names.role('aws-service-role/ecs.amazonaws.com/AWSServiceRoleForECS'),
    createdAt: new Date(names.place.startMillis - 90 * DAY_MILLIS),
    createdBy: names.role('deployer'),
    enableECSManagedTags: true,
    propagateTags: 'SERVICE',
    enableExecuteCommand: false,
    tags: [{ key: 'team', value: layout.name === 'worker' ? 'platform' : 'shop' }],
  };
}

function placement(names: FleetNames, layout: WorkloadLayout): Partial<Service> {
  // A service with a capacity provider has no launchType; its tasks have.
  if (layout.launchType === 'EC2') {
    return { capacityProviderStrategy: [{ capacityProvider: EC2_CAPACITY_PROVIDER, weight: 1, base: 0 }] };
  }
  return {
    launchType: 'FARGATE',
    platformVersion: 'LATEST',
    platformFamily: 'Linux',
    networkConfiguration: {
      awsvpcConfiguration: {
        subnets: [0, 1].map((zone) => `subnet-0${hexFor(names.place.seed, `subnet/${zone}`, 16)}`),
        securityGroups: [`sg-0${hexFor(names.place.seed, `security-group/${layout.name}`, 16)}`],
        assignPublicIp: 'DISABLED',
      },
    },
  };
}

function deployment(
  names: FleetNames,
  layout: WorkloadLayout,
  revision: number,
  counts: Pick<Deployment, 'desiredCount' | 'runningCount' | 'pendingCount'>,
): Deployment {
  const id = names.deployment(layout.name, revision);
  const createdAt = deployedAtMillis(names.place.startMillis, layout.name);
  return {
    id,
    status: 'PRIMARY',
    taskDefinition: names.taskDefinition(layout.name, revision),
    ...counts,
    failedTasks: 0,
    createdAt: new Date(createdAt),
    updatedAt: new Date(createdAt + 4 * 60_000),
    ...placement(names, layout),
    rolloutState: 'COMPLETED',
    rolloutStateReason: `ECS deployment ${id} completed.`,
  };
}

function events(
  names: FleetNames,
  layout: WorkloadLayout,
  tasks: readonly PlannedTask[],
  atMillis: number,
): ServiceEvent[] {
  const happened: { atMillis: number; text: string }[] = [
    {
      atMillis: deployedAtMillis(names.place.startMillis, layout.name) + 5 * 60_000,
      text: 'has reached a steady state.',
    },
  ];
  for (const task of tasks) {
    happened.push({ atMillis: task.createdAtMillis, text: `has started 1 tasks: (task ${task.id}).` });
    if (task.end?.cause === 'deployment') {
      happened.push({
        atMillis: task.end.stopsAtMillis,
        text: `has stopped 1 running tasks: (task ${task.id}).`,
      });
    }
  }
  return happened
    .filter((event) => event.atMillis <= atMillis)
    .sort((a, b) => b.atMillis - a.atMillis)
    .slice(0, MAX_EVENTS)
    .map((event) => ({
      id: names.uuid(`event/${layout.name}/${event.atMillis}/${event.text}`),
      createdAt: new Date(event.atMillis),
      message: `(service ${layout.name}) ${event.text}`,
    }));
}
