import type { Cluster, Service, Task, TaskDefinition } from '@aws-sdk/client-ecs';
import type { AwsWorld, WorldEvent, WorldLogGroup } from '../aws-world.ts';
import { EcsRegion } from './ecs-region.ts';
import { LogGroup } from './log-group.ts';
import type { ReadableAwsWorld, WorldRegion } from './readable-aws-world.ts';
import { SortedNames } from './sorted-names.ts';

export interface AwsWorldOptions {
  /** 12 digits; `123456789012` when left out. */
  readonly accountId?: string;
  readonly partition?: AwsWorld['partition'];
}

/** An empty account, in memory. */
export function createAwsWorld(options: AwsWorldOptions = {}): ReadableAwsWorld {
  return new InMemoryAwsWorld(options.accountId ?? '123456789012', options.partition ?? 'aws');
}

class InMemoryAwsWorld implements ReadableAwsWorld {
  readonly accountId: string;
  readonly partition: AwsWorld['partition'];
  readonly #regions = new Map<string, WorldRegion>();
  readonly #generations = new Map<string, number>();

  constructor(accountId: string, partition: AwsWorld['partition']) {
    this.accountId = accountId;
    this.partition = partition;
  }

  get regions(): readonly string[] {
    return [...this.#regions.keys()];
  }

  region(name: string): WorldRegion | undefined {
    return this.#regions.get(name);
  }

  createLogGroup(group: WorldLogGroup): void {
    const { groups } = this.#make(group.region);
    if (groups.get(group.name) !== undefined) {
      throw new Error(`The log group ${group.name} is in ${group.region} already.`);
    }
    const arn = `arn:${this.partition}:logs:${group.region}:${this.accountId}:log-group:${group.name}`;
    const generation = (this.#generations.get(arn) ?? 0) + 1;
    this.#generations.set(arn, generation);
    groups.set(group.name, new LogGroup(group, arn, generation));
  }

  deleteLogGroup(region: string, name: string): void {
    this.#group(region, name);
    this.#regions.get(region)?.groups.delete(name);
  }

  createLogStream(region: string, group: string, stream: string, createdAtMillis: number): void {
    this.#group(region, group).createStream(stream, createdAtMillis);
  }

  forgetEvents(region: string, group: string, beforeMillis: number): void {
    this.#regions.get(region)?.groups.get(group)?.forgetBefore(beforeMillis);
  }

  setRetention(region: string, group: string, retentionDays: number | undefined): void {
    this.#group(region, group).retentionDays = retentionDays;
  }

  putEvents(region: string, group: string, stream: string, events: readonly WorldEvent[]): readonly string[] {
    return this.#group(region, group).put(stream, events);
  }

  putCluster(region: string, cluster: Cluster): void {
    this.#make(region).ecs.putCluster(cluster);
  }

  putTaskDefinition(region: string, definition: TaskDefinition): void {
    this.#make(region).ecs.putTaskDefinition(definition);
  }

  putService(region: string, service: Service): void {
    this.#make(region).ecs.putService(service);
  }

  putTask(region: string, task: Task): void {
    this.#make(region).ecs.putTask(task);
  }

  removeTask(region: string, taskArn: string): void {
    this.#regions.get(region)?.ecs.removeTask(taskArn);
  }

  removeService(region: string, serviceArn: string): void {
    this.#regions.get(region)?.ecs.removeService(serviceArn);
  }

  events(
    region: string,
    group: string,
  ): readonly (WorldEvent & { readonly id: string; readonly stream: string })[] {
    return this.#group(region, group).log.events.map((event) => ({
      timestampMillis: event.timestampMillis,
      message: event.message,
      ingestedMillis: event.ingestedMillis,
      visibleAtMillis: event.visibleAtMillis,
      id: event.id,
      stream: event.stream.name,
    }));
  }

  #make(name: string): WorldRegion {
    let region = this.#regions.get(name);
    if (region === undefined) {
      region = { groups: new SortedNames(), ecs: new EcsRegion() };
      this.#regions.set(name, region);
    }
    return region;
  }

  #group(region: string, name: string): LogGroup {
    const group = this.#regions.get(region)?.groups.get(name);
    if (group === undefined) throw new Error(`There is no log group ${name} in ${region}.`);
    return group;
  }
}
