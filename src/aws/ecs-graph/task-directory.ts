import type { Clock } from '../../foundation/clock.ts';
import { LruMap } from '../log-groups/lru-map.ts';
import type { EcsGraph } from './ecs-graph.ts';
import type { EcsRegion, EcsTask, EcsTaskDefinition } from './ecs-tree.ts';

export interface KnownTask {
  readonly task: EcsTask;
  readonly definition: EcsTaskDefinition;
}

const REMEMBERED_TASKS = 20_000;
const MAX_CLUSTERS_ASKED = 30;
/** How long a task that was not found is not asked for again. */
const MISSING_MILLIS = 10 * 60_000;

/**
 * Every task seen, long after ECS forgot it (about an hour after it stopped): its streams are still being read.
 * A task that a stream names before discovery came by is asked for, so that already its first line is tagged.
 */
export class TaskDirectory {
  readonly #graph: EcsGraph;
  readonly #clock: Clock;
  readonly #byId = new LruMap<string, KnownTask>(REMEMBERED_TASKS);
  /** Runtime id → task id and container: without a stream prefix the stream is called by it. */
  readonly #byRuntimeId = new LruMap<string, readonly [id: string, container: string]>(REMEMBERED_TASKS);
  readonly #missing = new LruMap<string, number>(REMEMBERED_TASKS);
  #clusters: ReadonlyMap<string, readonly string[]> = new Map();

  constructor(graph: EcsGraph, clock: Clock) {
    this.#graph = graph;
    this.#clock = clock;
  }

  update(regions: readonly EcsRegion[]): void {
    this.#clusters = new Map(
      regions.map((region) => [
        region.region,
        // Selected clusters first: that is where it is nearly always.
        [...region.clusters.map(({ arn }) => arn), ...region.otherClusters].slice(0, MAX_CLUSTERS_ASKED),
      ]),
    );
    for (const { workloads } of regions.flatMap(({ clusters }) => clusters))
      for (const { tasks, taskDefinitions } of workloads) {
        const definitions = new Map(taskDefinitions.map((definition) => [definition.arn, definition]));
        for (const task of tasks) {
          const definition = definitions.get(task.taskDefinitionArn);
          if (definition !== undefined) this.#remember({ task, definition });
        }
      }
  }

  byId(id: string): KnownTask | undefined {
    return this.#byId.get(id);
  }

  byRuntimeId(runtimeId: string): (KnownTask & { readonly container: string }) | undefined {
    const [id, container] = this.#byRuntimeId.get(runtimeId) ?? [];
    const known = id === undefined ? undefined : this.#byId.get(id);
    return known === undefined || container === undefined ? undefined : { ...known, container };
  }

  /** Asks ECS for those of the tasks that are not known. Throws LogferryError. */
  async lookUp(ids: Iterable<string>, signal: AbortSignal): Promise<void> {
    const now = this.#clock.monotonic();
    const isMissing = (id: string) => now - (this.#missing.get(id) ?? -Infinity) < MISSING_MILLIS;
    let unknown = [...new Set(ids)].filter((id) => this.#byId.get(id) === undefined && !isMissing(id));
    for (const [region, clusters] of this.#clusters) {
      if (unknown.length === 0) return;
      for (const [task, definition] of await this.#graph.findTasks(region, clusters, unknown, signal))
        this.#remember({ task, definition });
      unknown = unknown.filter((id) => this.#byId.get(id) === undefined);
    }
    for (const id of unknown) this.#missing.set(id, now);
  }

  #remember(known: KnownTask): void {
    this.#byId.set(known.task.id, known);
    for (const { name, runtimeId } of known.task.containers)
      if (runtimeId !== undefined) this.#byRuntimeId.set(runtimeId, [known.task.id, name]);
  }
}
