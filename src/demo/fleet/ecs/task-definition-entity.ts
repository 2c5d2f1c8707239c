import type { ContainerDefinition, LogConfiguration, TaskDefinition } from '@aws-sdk/client-ecs';
import type { ContainerLayout, WorkloadLayout } from '../fleet-layout.ts';
import type { FleetNames } from './fleet-names.ts';

const DAY_MILLIS = 24 * 60 * 60_000;

export function taskDefinitionEntity(
  names: FleetNames,
  workload: WorkloadLayout,
  revision: number,
): TaskDefinition {
  const isFargate = workload.launchType === 'FARGATE';
  const age = (workload.revisions.at(-1) ?? revision) - revision;
  return {
    taskDefinitionArn: names.taskDefinition(workload.name, revision),
    family: workload.name,
    revision,
    status: 'ACTIVE',
    containerDefinitions: workload.containers.map((container) =>
      containerDefinition(names, container, revision),
    ),
    taskRoleArn: names.role(`${workload.name}-task`),
    executionRoleArn: names.role('ecsTaskExecutionRole'),
    networkMode: isFargate ? 'awsvpc' : 'bridge',
    volumes: [],
    placementConstraints: [],
    requiresAttributes: [{ name: 'com.amazonaws.ecs.capability.logging-driver.awslogs' }],
    compatibilities: isFargate ? ['EC2', 'FARGATE'] : ['EC2'],
    requiresCompatibilities: [workload.launchType],
    cpu: String(taskCpu(workload)),
    memory: String(taskMemory(workload)),
    ...(isFargate ? { runtimePlatform: { cpuArchitecture: 'X86_64', operatingSystemFamily: 'LINUX' } } : {}),
    registeredAt: new Date(names.place.startMillis - (6 + age * 7) * DAY_MILLIS),
    registeredBy:
      names.role('deployer').replace(':iam:', ':sts:').replace(':role/', ':assumed-role/') + '/ci',
  };
}

export const taskCpu = (workload: WorkloadLayout) =>
  workload.containers.reduce((sum, container) => sum + container.cpuUnits, 0);
export const taskMemory = (workload: WorkloadLayout) =>
  workload.containers.reduce((sum, container) => sum + container.memoryMiB, 0);

function containerDefinition(
  names: FleetNames,
  container: ContainerLayout,
  revision: number,
): ContainerDefinition {
  return {
    name: container.name,
    image: names.image(container.repository, revision),
    cpu: container.cpuUnits,
    memory: container.memoryMiB,
    essential: true,
    portMappings: (container.ports ?? []).map((port) => ({
      containerPort: port,
      hostPort: port,
      protocol: 'tcp',
    })),
    environment: [{ name: 'STAGE', value: 'demo' }],
    mountPoints: [],
    volumesFrom: [],
    systemControls: [],
    logConfiguration: logConfiguration(names, container),
    ...(container.isLogRouter
      ? { firelensConfiguration: { type: 'fluentbit', options: { 'enable-ecs-log-metadata': 'true' } } }
      : {}),
  };
}

function logConfiguration(names: FleetNames, container: ContainerLayout): LogConfiguration {
  const { logging } = container;
  if (logging.driver === 'awsfirelens') {
    return {
      logDriver: 'awsfirelens',
      options: { Name: 's3', region: names.place.region, bucket: 'shop-audit-log', total_file_size: '1M' },
    };
  }
  return {
    logDriver: 'awslogs',
    options: {
      'awslogs-group': logging.group,
      'awslogs-region': names.place.region,
      ...(logging.prefix === undefined ? {} : { 'awslogs-stream-prefix': logging.prefix }),
    },
  };
}
