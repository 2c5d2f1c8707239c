import type { EcsSelection } from '../../aws/ecs-graph/ecs-selection.ts';
import type { EcsRegion } from '../../aws/ecs-graph/ecs-tree.ts';
import { ECS_DISCOVERY_ACTIONS, iamPolicy } from '../../aws/iam-policy.ts';
import type { Discovery } from '../../contracts/pull-source.ts';
import { didYouMean } from '../../foundation/nearest-name.ts';
import { type GroupTargets, onlySelected } from './group-targets.ts';

/** The selected containers that log elsewhere. */
export function uncollectable(regions: readonly EcsRegion[]): Discovery['skipped'] {
  return regions.flatMap(({ clusters }) =>
    clusters.flatMap(({ name, workloads }) =>
      workloads.flatMap((workload) =>
        workload.containers
          .filter(({ selected, log }) => selected && log === undefined)
          .map((container) => ({
            title: `${name} › ${workload.name} › ${container.name}`,
            reason: container.reason ?? 'It does not log to CloudWatch Logs.',
            fix: 'Give it a logConfiguration with the driver awslogs in its task definition.',
          })),
      ),
    ),
  );
}

/** What is missing because it was refused; `fallback` names what is read in its place. */
export function deniedNotices(
  regions: readonly EcsRegion[],
  fallback: readonly string[],
): Discovery['warnings'] {
  return regions
    .filter(({ deniedActions }) => deniedActions.length > 0)
    .map((region) => ({
      title: `ECS of ${region.region} may not be read completely`,
      detail: needsFallback(region)
        ? `Denied: ${region.deniedActions.join(', ')}. The log groups ${fallback.join(', ')} are read in place of what ` +
          'ECS would tell, with only the tags that stream names give.'
        : `Denied: ${region.deniedActions.join(', ')}. Some services, tasks or tags are missing.`,
      fix: deniedFix(region),
    }));
}

/** Where the first step is denied the others were not tried: then the policy holds them too. */
function deniedFix(region: EcsRegion): string {
  const actions = needsFallback(region) ? ECS_DISCOVERY_ACTIONS : region.deniedActions;
  const what = needsFallback(region) ? 'all that is read of ECS' : 'it';
  const policy = iamPolicy({ actions, region: region.region });
  return `Allow ${region.deniedActions.join(', ')} to this identity; the least policy for ${what}:\n${policy}`;
}

/** Nothing that leads to a log group could be learned of the Region. */
export function needsFallback({ clusters, deniedActions }: EcsRegion): boolean {
  if (deniedActions.length === 0) return false;
  return !clusters.some(({ workloads }) => workloads.some(({ containers }) => containers.length > 0));
}

/** Clusters that are named but nowhere to be found, and services that are, where nothing else is selected. */
export function missingNames(regions: readonly EcsRegion[], selection: EcsSelection): Discovery['missing'] {
  if (regions.length === 0 || regions.some(needsFallback)) return [];
  const where = regions.map(({ region }) => region).join(', ');
  const clusters = regions.flatMap((region) => region.clusters);
  const names = clusters.map(({ name }) => name);
  const missing = selection.namedClusters
    .filter((name) => !names.includes(name))
    .map((name) => ({
      title: `Cluster ${name}`,
      reason: `There is no cluster ${name} in ${where}.${didYouMean(name, names)}`,
      fix: 'Compare name, account and Region with the AWS console. It is read as soon as it is made.',
    }));
  if (missing.length > 0 || !isNothingSelected(clusters) || selection.namedServices === undefined)
    return missing;
  const workloads = clusters.flatMap((cluster) => cluster.workloads.map(({ name }) => name));
  return selection.namedServices.map((name) => ({
    title: `Service ${name}`,
    reason: `There is no service or task ${name} in ${where}.${didYouMean(name, workloads)}`,
    fix: 'Look at the tree with `logferry discover`, and compare names. It is read as soon as it is there.',
  }));
}

/** A selection with patterns that matches nothing. */
export function nothingSelected(
  regions: readonly EcsRegion[],
  selection: EcsSelection,
): Discovery['warnings'] {
  if (regions.length === 0 || regions.some(needsFallback)) return [];
  if (missingNames(regions, selection).length > 0) return [];
  if (!isNothingSelected(regions.flatMap(({ clusters }) => clusters))) return [];
  const where = regions.map(({ region }) => region).join(', ');
  return [
    {
      title: 'Nothing is selected',
      detail: `No service or task in ${where} matches \`discover\` yet.`,
      fix: 'Look at the tree with `logferry discover`, and compare names.',
    },
  ];
}

const isNothingSelected = (clusters: EcsRegion['clusters']): boolean =>
  clusters.every(({ workloads }) => workloads.every(({ selected }) => !selected));

/** Groups that others log to as well: said, because records are left out. */
export function sharedGroupNotices(groups: readonly GroupTargets[]): Discovery['warnings'] {
  return groups
    .filter((group) => !onlySelected(group))
    .map(({ group, region, targets }) => {
      const others = new Set(
        targets
          .filter(({ container }) => !container.selected)
          .map(({ cluster, workload, container }) => `${cluster} › ${workload.name} › ${container.name}`),
      );
      return {
        title: `${group} (${region}) is shared`,
        detail: `Records of ${listOf([...others])}, which are not selected, are left out by stream name.`,
      };
    });
}

function listOf(names: readonly string[]): string {
  const shown = names.slice(0, 10).join(', ');
  return names.length > 10 ? `${shown} and ${names.length - 10} more` : shown;
}
