import { matchesAny, parseNamePatterns } from '../log-groups/name-pattern.ts';

/** `discover` of the configuration: names, patterns with `*`, or `/regex/`. */
export interface EcsSelectionOptions {
  readonly clusters: readonly string[];
  /** Services by name, standalone tasks by the family of their task definition. */
  readonly services: readonly string[];
  readonly exclude: readonly string[];
  readonly standaloneTasks: boolean;
  readonly containers: readonly string[];
  readonly excludeContainers: readonly string[];
}

export const selectEverything: EcsSelectionOptions = {
  clusters: ['*'],
  services: ['*'],
  exclude: [],
  standaloneTasks: true,
  containers: ['*'],
  excludeContainers: [],
};

export type WorkloadKind = 'service' | 'standalone';

/** The same, compiled. Cluster is a name, never an ARN. */
export interface EcsSelection {
  /** Clusters that are named exactly: they can be read although clusters may not be listed. */
  readonly namedClusters: readonly string[];
  /** The services, where all of them are named exactly. */
  readonly namedServices: readonly string[] | undefined;
  selectsCluster(cluster: string): boolean;
  selectsWorkload(cluster: string, kind: WorkloadKind, name: string): boolean;
  selectsContainer(container: string): boolean;
}

/** Throws CONFIG_INVALID for a regular expression that does not compile. */
export function compileSelection(options: EcsSelectionOptions): EcsSelection {
  // `arn:…:cluster/name` may stand for the name.
  const clusters = parseNamePatterns(
    options.clusters.map((text) => (text.startsWith('arn:') ? lastPart(text) : text)),
  );
  const services = parseNamePatterns(options.services);
  const exclude = parseNamePatterns(options.exclude);
  const containers = parseNamePatterns(options.containers);
  const excludeContainers = parseNamePatterns(options.excludeContainers);
  const selectsCluster = (cluster: string) => matchesAny(clusters, cluster);
  return {
    namedServices: services.every(({ kind }) => kind === 'exact')
      ? services.map(({ text }) => text)
      : undefined,
    namedClusters: clusters.filter(({ kind }) => kind === 'exact').map(({ text }) => text),
    selectsCluster,
    selectsWorkload: (cluster, kind, name) =>
      selectsCluster(cluster) &&
      (kind === 'service' || options.standaloneTasks) &&
      matchesAny(services, name) &&
      !matchesAny(exclude, name) &&
      !matchesAny(exclude, `${cluster}/${name}`),
    selectsContainer: (container) =>
      matchesAny(containers, container) && !matchesAny(excludeContainers, container),
  };
}

/** What stands after the last slash of an ARN: the name or id. */
export function lastPart(arn: string): string {
  return arn.slice(arn.lastIndexOf('/') + 1);
}
