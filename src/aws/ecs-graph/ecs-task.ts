import type { Task } from '@aws-sdk/client-ecs';
import { lastPart } from './ecs-selection.ts';
import type { EcsTask } from './ecs-tree.ts';
import { familyOf } from './task-definition.ts';

const SERVICE_GROUP = 'service:';

/** undefined when the reply lacks what identifies the task. */
export function toEcsTask(described: Task, region: string): EcsTask | undefined {
  const { taskArn, taskDefinitionArn, clusterArn, group } = described;
  if (taskArn === undefined || taskDefinitionArn === undefined) return undefined;
  const { family, revision } = familyOf(taskDefinitionArn);
  const inService = group?.startsWith(SERVICE_GROUP) === true;
  return {
    id: lastPart(taskArn),
    arn: taskArn,
    region,
    accountId: taskArn.split(':')[4] ?? '',
    clusterName: lastPart(clusterArn ?? ''),
    kind: inService ? 'service' : 'standalone',
    workload: inService ? (group?.slice(SERVICE_GROUP.length) ?? '') : family,
    taskDefinitionArn,
    family,
    revision,
    lastStatus: described.lastStatus ?? '',
    ...optional('launchType', described.launchType),
    ...optional('capacityProvider', described.capacityProviderName),
    ...optional('availabilityZone', described.availabilityZone),
    ...optional('startedAtMillis', described.startedAt?.getTime()),
    ...optional('stoppedAtMillis', described.stoppedAt?.getTime()),
    ...optional('stoppedReason', described.stoppedReason),
    containers: (described.containers ?? []).map((container) => ({
      name: container.name ?? '',
      ...optional('image', container.image),
      ...optional('runtimeId', container.runtimeId),
    })),
  };
}

function optional<Name extends string, Value>(
  name: Name,
  value: Value | undefined,
): { readonly [Key in Name]?: Value } {
  return value === undefined ? {} : ({ [name]: value } as { readonly [Key in Name]: Value });
}
