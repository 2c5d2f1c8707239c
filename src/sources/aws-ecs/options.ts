import { z } from 'zod';
import type { EcsSelectionOptions } from '../../aws/ecs-graph/ecs-selection.ts';
import { namePatternOption } from '../../aws/log-groups/name-pattern-option.ts';
import { collectOptions, everyOrSchedule } from '../../source-kit/collect-options.ts';

const patterns = z.array(namePatternOption);

const discover = z
  .strictObject({
    clusters: patterns
      .min(1)
      .default(['*'])
      .describe('Clusters: names, names with * for any text, or /regex/.')
      .meta({ example: ['cluster-docker'] }),
    services: patterns
      .min(1)
      .default(['*'])
      .describe('Services by name, and standalone tasks by the family of their task definition.')
      .meta({ example: ['*'] }),
    exclude: patterns
      .default([])
      .describe('Services and families that are left out; `cluster/service` names those of one cluster.')
      .meta({ example: ['*-canary'] }),
    standalone_tasks: z
      .boolean()
      .default(true)
      .describe('Reads tasks that belong to no service too.')
      .meta({ advanced: true }),
    containers: patterns
      .min(1)
      .default(['*'])
      .describe('Containers by their name in the task definition.')
      .meta({ example: ['app', 'nginx'], advanced: true }),
    exclude_containers: patterns
      .default([])
      .describe('Containers that are left out.')
      .meta({ example: ['envoy'], advanced: true }),
  })
  .prefault({})
  .describe('Which part of ECS is read. Services and tasks that appear later are picked up.');

export const awsEcsOptions = z
  .strictObject({
    discover,
    regions: z
      .array(z.string().min(1))
      .min(1)
      .optional()
      .describe('Regions to look in. Default: all Regions of the account.')
      .meta({ example: ['cn-north-1'] }),
    fallback_log_groups: patterns
      .default(['/ecs/*'])
      .describe('Log groups that are read where this identity may not list ECS.')
      .meta({ example: ['/ecs/*'], advanced: true }),
    ...collectOptions,
  })
  .check(everyOrSchedule);

export type AwsEcsOptions = z.output<typeof awsEcsOptions>;

export function selectionOptions({ discover }: AwsEcsOptions): EcsSelectionOptions {
  return {
    clusters: discover.clusters,
    services: discover.services,
    exclude: discover.exclude,
    standaloneTasks: discover.standalone_tasks,
    containers: discover.containers,
    excludeContainers: discover.exclude_containers,
  };
}
