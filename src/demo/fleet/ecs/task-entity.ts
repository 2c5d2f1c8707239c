import type { Attachment, Container, Task } from '@aws-sdk/client-ecs';
import {
  type ContainerLayout,
  EC2_CAPACITY_PROVIDER,
  type WorkloadLayout,
  workloadLayout,
} from '../fleet-layout.ts';
import { type PlannedTask, runtimeId } from '../planned-task.ts';
import { hexFor } from '../seeded.ts';
import type { FleetNames } from './fleet-names.ts';
import { taskCpu, taskMemory } from './task-definition-entity.ts';

export type TaskState = 'PENDING' | 'RUNNING' | 'STOPPED';

export function taskState(task: PlannedTask, atMillis: number): TaskState {
  if (atMillis < task.startedAtMillis) return 'PENDING';
  return task.end !== undefined && atMillis >= task.end.stopsAtMillis ? 'STOPPED' : 'RUNNING';
}

/** A task as DescribeTasks answers with at that moment. */
export function taskEntity(names: FleetNames, task: PlannedTask, atMillis: number): Task {
  const layout = workloadLayout(task.workload);
  const state = taskState(task, atMillis);
  const isFargate = layout.launchType === 'FARGATE';
  return {
    taskArn: names.task(task),
    clusterArn: names.cluster,
    taskDefinitionArn: names.taskDefinition(task.workload, task.revision),
    group: layout.isService ? `service:${task.workload}` : `family:${task.workload}`,
    startedBy: layout.isService ? names.deployment(task.workload, task.revision) : 'demo-operator',
    launchType: layout.launchType,
    ...(isFargate
      ? { platformVersion: '1.4.0', platformFamily: 'Linux' }
      : {
          capacityProviderName: EC2_CAPACITY_PROVIDER,
          containerInstanceArn: names.containerInstance(),
        }),
    lastStatus: state,
    desiredStatus: state === 'STOPPED' ? 'STOPPED' : 'RUNNING',
    healthStatus: 'UNKNOWN',
    connectivity: 'CONNECTED',
    availabilityZone: names.zone(isFargate ? task.slot : 0),
    cpu: String(taskCpu(layout)),
    memory: String(taskMemory(layout)),
    version: { PENDING: 2, RUNNING: 4, STOPPED: 7 }[state],
    enableExecuteCommand: false,
    overrides: { containerOverrides: [], inferenceAcceleratorOverrides: [] },
    attributes: [{ name: 'ecs.cpu-architecture', value: 'x86_64' }],
    attachments: isFargate ? [networkInterface(names, task, state)] : [],
    containers: layout.containers.map((container) => containerEntity(names, task, container, state)),
    tags: [{ key: 'team', value: layout.name === 'worker' ? 'platform' : 'shop' }],
    ...times(task, state),
    ...ending(task, state, layout),
  };
}

function times(task: PlannedTask, state: TaskState): Partial<Task> {
  const started = task.startedAtMillis;
  return {
    createdAt: new Date(task.createdAtMillis),
    connectivityAt: new Date(task.createdAtMillis + 4_200),
    pullStartedAt: new Date(task.createdAtMillis + 6_100),
    ...(state === 'PENDING'
      ? {}
      : { pullStoppedAt: new Date(started - 2_300), startedAt: new Date(started) }),
  };
}

function ending(task: PlannedTask, state: TaskState, layout: WorkloadLayout): Partial<Task> {
  if (state !== 'STOPPED' || task.end === undefined) return {};
  const stopped = task.end.stopsAtMillis;
  const dates = {
    stoppingAt: new Date(stopped),
    executionStoppedAt: new Date(stopped),
    stoppedAt: new Date(stopped + 800),
  };
  return task.end.cause === 'out_of_memory'
    ? { ...dates, stopCode: 'EssentialContainerExited', stoppedReason: 'Essential container in task exited' }
    : {
        ...dates,
        stopCode: 'ServiceSchedulerInitiated',
        stoppedReason: `Scaling activity initiated by deployment of ${layout.name}`,
      };
}

function containerEntity(
  names: FleetNames,
  task: PlannedTask,
  container: ContainerLayout,
  state: TaskState,
): Container {
  const layout = workloadLayout(task.workload);
  return {
    containerArn: names.container(task, container.name),
    taskArn: names.task(task),
    name: container.name,
    image: names.image(container.repository, task.revision),
    lastStatus: state,
    healthStatus: 'UNKNOWN',
    cpu: String(container.cpuUnits),
    memory: String(container.memoryMiB),
    networkBindings: [],
    networkInterfaces:
      layout.launchType === 'FARGATE'
        ? [{ attachmentId: attachmentId(names, task), privateIpv4Address: privateAddress(names, task) }]
        : [],
    ...(state === 'PENDING'
      ? {}
      : {
          imageDigest: names.imageDigest(container.repository, task.revision),
          runtimeId: runtimeId(task, container, names.place.seed),
        }),
    ...(state === 'STOPPED' ? exit(task) : {}),
  };
}

function exit(task: PlannedTask): Partial<Container> {
  return task.end?.cause === 'out_of_memory'
    ? { exitCode: 137, reason: 'OutOfMemoryError: Container killed due to memory usage' }
    : { exitCode: 0 };
}

function networkInterface(names: FleetNames, task: PlannedTask, state: TaskState): Attachment {
  return {
    id: attachmentId(names, task),
    type: 'ElasticNetworkInterface',
    status: { PENDING: 'ATTACHING', RUNNING: 'ATTACHED', STOPPED: 'DELETED' }[state],
    details: [
      { name: 'subnetId', value: `subnet-0${hexFor(names.place.seed, `subnet/${task.slot % 2}`, 16)}` },
      { name: 'networkInterfaceId', value: `eni-0${hexFor(names.place.seed, `eni/${task.id}`, 16)}` },
      { name: 'privateIPv4Address', value: privateAddress(names, task) },
    ],
  };
}

const attachmentId = (names: FleetNames, task: PlannedTask) => names.uuid(`attachment/${task.id}`);

function privateAddress(names: FleetNames, task: PlannedTask): string {
  const last = Number.parseInt(hexFor(names.place.seed, `address/${task.id}`, 4), 16);
  return `10.0.${12 + (task.slot % 2)}.${10 + (last % 240)}`;
}
