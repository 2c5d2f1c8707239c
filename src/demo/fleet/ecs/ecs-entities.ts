import type { AwsWorld } from '../../aws-world.ts';
import { WORKLOADS } from '../fleet-layout.ts';
import type { TaskPlan } from '../planned-task.ts';
import { clusterEntity } from './cluster-entity.ts';
import type { FleetNames } from './fleet-names.ts';
import { serviceEntity } from './service-entity.ts';
import { taskDefinitionEntity } from './task-definition-entity.ts';
import { type TaskState, taskEntity, taskState } from './task-entity.ts';

/** Keeps the world's ECS entities as the plan has them; puts only what changed. */
export class EcsEntities {
  readonly #world: AwsWorld;
  readonly #names: FleetNames;
  readonly #plan: TaskPlan;
  /** What the world shows: state by task ARN. */
  #shown = new Map<string, TaskState>();
  #latestMillis = Number.NEGATIVE_INFINITY;

  constructor(world: AwsWorld, names: FleetNames, plan: TaskPlan) {
    this.#world = world;
    this.#names = names;
    this.#plan = plan;
  }

  /** Puts what never changes. */
  build(): void {
    const { region } = this.#names.place;
    for (const workload of WORKLOADS) {
      for (const revision of workload.revisions) {
        this.#world.putTaskDefinition(region, taskDefinitionEntity(this.#names, workload, revision));
      }
    }
  }

  update(atMillis: number): void {
    if (atMillis < this.#latestMillis) return;
    const isFirst = this.#latestMillis === Number.NEGATIVE_INFINITY;
    this.#latestMillis = atMillis;
    const tasks = this.#plan.shown(atMillis);
    const changed = new Set<string>();
    const shown = new Map<string, TaskState>();
    const { region } = this.#names.place;
    if (isFirst) this.#world.putCluster(region, clusterEntity(this.#names, tasks, atMillis));
    for (const task of tasks) {
      const arn = this.#names.task(task);
      const state = taskState(task, atMillis);
      shown.set(arn, state);
      if (this.#shown.get(arn) === state) continue;
      changed.add(task.workload);
      this.#world.putTask(region, taskEntity(this.#names, task, atMillis));
    }
    for (const arn of this.#shown.keys()) if (!shown.has(arn)) this.#world.removeTask(region, arn);
    this.#shown = shown;
    if (changed.size > 0) this.#world.putCluster(region, clusterEntity(this.#names, tasks, atMillis));
    for (const workload of WORKLOADS) {
      if (!workload.isService || !(isFirst || changed.has(workload.name))) continue;
      const own = tasks.filter((task) => task.workload === workload.name);
      this.#world.putService(region, serviceEntity(this.#names, workload, own, atMillis));
    }
  }
}
