import type {
  EcsRegion,
  EcsWorkload,
  EcsWorkloadContainer,
  LogTarget,
} from '../../aws/ecs-graph/ecs-tree.ts';

/** A container that logs to a group. */
export interface ContainerTarget {
  readonly cluster: string;
  readonly workload: EcsWorkload;
  readonly container: EcsWorkloadContainer;
  readonly log: LogTarget;
}

/** All that is known to log to one group, selected or not. */
export interface GroupTargets {
  readonly region: string;
  readonly group: string;
  readonly targets: readonly ContainerTarget[];
}

/** The groups that at least one selected container logs to. */
export function groupTargets(regions: readonly EcsRegion[]): readonly GroupTargets[] {
  const groups = new Map<string, { region: string; group: string; targets: ContainerTarget[] }>();
  for (const target of allTargets(regions)) {
    const { region, group } = target.log;
    const key = `${region} ${group}`;
    const entry = groups.get(key) ?? { region, group, targets: [] };
    entry.targets.push(target);
    groups.set(key, entry);
  }
  return [...groups.values()].filter(({ targets }) => targets.some(({ container }) => container.selected));
}

export function onlySelected({ targets }: GroupTargets): boolean {
  return targets.every(({ container }) => container.selected);
}

function allTargets(regions: readonly EcsRegion[]): readonly ContainerTarget[] {
  return regions.flatMap(({ clusters }) =>
    clusters.flatMap((cluster) =>
      cluster.workloads.flatMap((workload) =>
        workload.containers.flatMap((container) =>
          container.log === undefined
            ? []
            : [{ cluster: cluster.name, workload, container, log: container.log }],
        ),
      ),
    ),
  );
}
