import type { EcsTask, EcsTaskDefinition } from '../../aws/ecs-graph/ecs-tree.ts';
import type { LogGroup } from '../../aws/log-groups/log-group.ts';
import { streamTags } from '../../aws/log-groups/stream-tags.ts';

/**
 * Tags of a stream whose task is known, under the names that DataKit itself uses for ECS. `service` is what people
 * look for first: of a standalone task it is the family.
 */
export function taskTags(
  group: LogGroup,
  stream: string,
  task: EcsTask,
  definition: EcsTaskDefinition,
  container: string,
): Readonly<Record<string, string>> {
  const image =
    task.containers.find(({ name }) => name === container)?.image ??
    definition.containers.find(({ name }) => name === container)?.image;
  return withoutEmpty({
    ...streamTags(group, stream),
    host: task.id,
    aws_account_id: task.accountId,
    aws_ecs_cluster_name: task.clusterName,
    aws_ecs_service_name: task.kind === 'service' ? task.workload : undefined,
    service: task.workload,
    task_family: task.family,
    task_version: task.revision,
    task_arn: task.arn,
    task_id: task.id,
    container_name: container,
    image,
    launch_type: task.launchType,
    capacity_provider: task.capacityProvider,
    availability_zone: task.availabilityZone,
  });
}

/** An empty tag makes the line protocol refuse the whole batch. */
function withoutEmpty(tags: Readonly<Record<string, string | undefined>>): Readonly<Record<string, string>> {
  const kept = Object.entries(tags).filter(
    (entry): entry is [string, string] => entry[1] !== undefined && entry[1] !== '',
  );
  return Object.fromEntries(kept);
}
