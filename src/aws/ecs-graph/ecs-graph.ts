import type { ErrorCode } from '../../foundation/error-codes.ts';
import { LogferryError } from '../../foundation/logferry-error.ts';
import type { AwsAccount } from '../aws-account.ts';
import { LruMap } from '../log-groups/lru-map.ts';
import { compileSelection, type EcsSelection, type EcsSelectionOptions, lastPart } from './ecs-selection.ts';
import type { EcsCluster, EcsRegion, EcsTask, EcsTaskDefinition, EcsTree } from './ecs-tree.ts';
import { mapBounded } from './map-bounded.ts';
import { RegionReader } from './region-reader.ts';
import { toTaskDefinition } from './task-definition.ts';
import { toWorkloads } from './workloads.ts';

const REMEMBERED_DEFINITIONS = 5000;
const PARALLEL_CLUSTERS = 4;
const PARALLEL_DEFINITIONS = 4;

/** Reads what runs on ECS. Remembers task definitions, whose revisions never change. */
export class EcsGraph {
  readonly #account: AwsAccount;
  readonly #definitions = new LruMap<string, EcsTaskDefinition>(REMEMBERED_DEFINITIONS);

  constructor(account: AwsAccount) {
    this.#account = account;
  }

  /** Throws LogferryError; what is denied is named in the answer instead. */
  async readRegion(region: string, selection: EcsSelection, signal: AbortSignal): Promise<EcsRegion> {
    const reader = new RegionReader(this.#account, region, signal);
    const all = await reader.clusters(selection);
    const isSelected = (arn: string) => selection.selectsCluster(lastPart(arn));
    const clusters = await mapBounded(all.filter(isSelected), PARALLEL_CLUSTERS, (arn) =>
      this.#readCluster(reader, region, arn, selection),
    );
    return {
      region,
      clusters: clusters.filter((cluster) => cluster !== undefined),
      otherClusters: all.filter((arn) => !isSelected(arn)),
      deniedActions: reader.deniedActions,
    };
  }

  /** Looks for tasks by id in the clusters, in their order, until all are found. */
  async findTasks(
    region: string,
    clusters: readonly string[],
    ids: readonly string[],
    signal: AbortSignal,
  ): Promise<readonly (readonly [EcsTask, EcsTaskDefinition])[]> {
    const reader = new RegionReader(this.#account, region, signal);
    const found: EcsTask[] = [];
    let missing = ids;
    for (const cluster of clusters) {
      if (missing.length === 0) break;
      found.push(...((await unlessGone(() => reader.describeTasks(cluster, missing))) ?? []));
      const known = new Set(found.map(({ id }) => id));
      missing = missing.filter((id) => !known.has(id));
    }
    const definitions = await this.#define(
      reader,
      region,
      found.map((task) => task.taskDefinitionArn),
    );
    return found.flatMap((task) => {
      const definition = definitions.get(task.taskDefinitionArn);
      return definition === undefined ? [] : [[task, definition] as const];
    });
  }

  /** undefined = the cluster was deleted meanwhile. */
  async #readCluster(
    reader: RegionReader,
    region: string,
    arn: string,
    selection: EcsSelection,
  ): Promise<EcsCluster | undefined> {
    const read = await unlessGone(
      async () => ({ services: await reader.services(arn), tasks: await reader.tasks(arn) }),
      ['AWS_NOT_FOUND'],
    );
    if (read === undefined) return undefined;
    const definitions = await this.#define(reader, region, [
      ...read.services.flatMap((service) => service.taskDefinitionArns),
      ...read.tasks.map((task) => task.taskDefinitionArn),
    ]);
    const name = lastPart(arn);
    return { name, arn, workloads: toWorkloads(name, read.services, read.tasks, definitions, selection) };
  }

  async #define(
    reader: RegionReader,
    region: string,
    arns: readonly string[],
  ): Promise<ReadonlyMap<string, EcsTaskDefinition>> {
    const pairs = await mapBounded([...new Set(arns)], PARALLEL_DEFINITIONS, async (arn) => {
      const known = this.#definitions.get(arn);
      if (known !== undefined) return [arn, known] as const;
      const described = await unlessGone(() => reader.taskDefinition(arn));
      const definition = toTaskDefinition(arn, described, region);
      if (described !== undefined) this.#definitions.set(arn, definition);
      return [arn, definition] as const;
    });
    return new Map(pairs);
  }
}

/** The whole tree, for showing. A Region that fails carries its failure; throws when every one does. */
export async function discoverEcs(
  account: AwsAccount,
  selection: EcsSelectionOptions,
  signal: AbortSignal,
  regions: readonly string[] = account.regions,
): Promise<EcsTree> {
  const graph = new EcsGraph(account);
  const compiled = compileSelection(selection);
  const read = await mapBounded(regions, PARALLEL_CLUSTERS, async (region): Promise<EcsRegion> => {
    try {
      return await graph.readRegion(region, compiled, signal);
    } catch (thrown) {
      signal.throwIfAborted();
      if (!(thrown instanceof LogferryError)) throw thrown;
      return { region, clusters: [], otherClusters: [], deniedActions: [], failure: thrown };
    }
  });
  const [first] = read;
  if (first?.failure !== undefined && read.every(({ failure }) => failure !== undefined)) throw first.failure;
  return { regions: read };
}

/** What was listed a moment ago can be gone when it is asked for: that is no error. */
async function unlessGone<Result>(
  call: () => Promise<Result>,
  // ECS says of a deleted revision, and of an id that it never gave out, that the parameter is invalid.
  codes: readonly ErrorCode[] = ['AWS_NOT_FOUND', 'AWS_INVALID_REQUEST'],
): Promise<Result | undefined> {
  try {
    return await call();
  } catch (thrown) {
    if (!(thrown instanceof LogferryError) || !codes.includes(thrown.code)) throw thrown;
    return undefined;
  }
}
