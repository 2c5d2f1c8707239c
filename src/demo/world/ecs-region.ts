import type { Cluster, Service, Task, TaskDefinition } from '@aws-sdk/client-ecs';
import { SortedNames } from './sorted-names.ts';

interface ClusterContent {
  readonly services: SortedNames<Service>;
  readonly tasks: SortedNames<Task>;
}

const NOTHING: ClusterContent = { services: new SortedNames(), tasks: new SortedNames() };

/** The ECS entities of a Region, by ARN. Services and tasks stand under the cluster that they name. */
export class EcsRegion {
  readonly clusters = new SortedNames<Cluster>();
  readonly definitions = new SortedNames<TaskDefinition>();
  readonly #contents = new Map<string, ClusterContent>();

  of(clusterArn: string): ClusterContent {
    return this.#contents.get(clusterArn) ?? NOTHING;
  }

  putCluster(cluster: Cluster): void {
    this.clusters.set(required(cluster.clusterArn, 'clusterArn'), cluster);
  }

  putTaskDefinition(definition: TaskDefinition): void {
    this.definitions.set(required(definition.taskDefinitionArn, 'taskDefinitionArn'), definition);
  }

  putService(service: Service): void {
    const content = this.#content(required(service.clusterArn, 'clusterArn'));
    content.services.set(required(service.serviceArn, 'serviceArn'), service);
  }

  putTask(task: Task): void {
    const content = this.#content(required(task.clusterArn, 'clusterArn'));
    content.tasks.set(required(task.taskArn, 'taskArn'), task);
  }

  removeService(serviceArn: string): void {
    for (const { services } of this.#contents.values()) services.delete(serviceArn);
  }

  removeTask(taskArn: string): void {
    for (const { tasks } of this.#contents.values()) tasks.delete(taskArn);
  }

  #content(clusterArn: string): ClusterContent {
    let content = this.#contents.get(clusterArn);
    if (content === undefined) {
      content = { services: new SortedNames(), tasks: new SortedNames() };
      this.#contents.set(clusterArn, content);
    }
    return content;
  }
}

function required(value: string | undefined, field: string): string {
  if (value === undefined || value === '')
    throw new TypeError(`What is put into the world needs its ${field}.`);
  return value;
}
