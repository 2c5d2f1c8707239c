import type { ContainerDefinition, TaskDefinition } from '@aws-sdk/client-ecs';
import { lastPart } from './ecs-selection.ts';
import type { EcsContainer, EcsTaskDefinition } from './ecs-tree.ts';

/** `…:task-definition/family:revision` → its two parts. */
export function familyOf(taskDefinition: string): { readonly family: string; readonly revision: string } {
  const name = lastPart(taskDefinition);
  const colon = name.lastIndexOf(':');
  return colon === -1
    ? { family: name, revision: '' }
    : { family: name.slice(0, colon), revision: name.slice(colon + 1) };
}

export function toTaskDefinition(
  arn: string,
  described: TaskDefinition | undefined,
  region: string,
): EcsTaskDefinition {
  const containers = described?.containerDefinitions ?? [];
  return { arn, ...familyOf(arn), containers: containers.map((container) => toContainer(container, region)) };
}

/** `region` is where the task runs: the default of awslogs-region. */
export function toContainer(definition: ContainerDefinition, region: string): EcsContainer {
  const { logConfiguration } = definition;
  const driver = logConfiguration?.logDriver ?? 'none';
  const base = { name: definition.name ?? '', image: definition.image ?? '', driver };
  if (driver !== 'awslogs') return { ...base, reason: otherDriver(driver) };
  const options = logConfiguration?.options ?? {};
  const group = options['awslogs-group'];
  if (group === undefined || group === '')
    return { ...base, reason: 'Its log configuration names no awslogs-group.' };
  const streamPrefix = options['awslogs-stream-prefix'];
  return {
    ...base,
    log: {
      group,
      region: options['awslogs-region'] ?? region,
      ...(streamPrefix !== undefined && streamPrefix !== '' && { streamPrefix }),
    },
  };
}

function otherDriver(driver: string): string {
  if (driver === 'none') return 'It has no log configuration: what it prints is kept nowhere.';
  if (driver === 'awsfirelens') return 'It logs through FireLens (awsfirelens), not to CloudWatch Logs.';
  return `It logs through the driver ${driver}, not to CloudWatch Logs.`;
}
