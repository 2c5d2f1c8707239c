import { CLUSTER_NAME, type WorkloadName } from '../fleet-layout.ts';
import type { FleetSeed, PlannedTask } from '../planned-task.ts';
import { hexFor } from '../seeded.ts';

export interface FleetPlace extends FleetSeed {
  readonly partition: string;
  readonly region: string;
  readonly accountId: string;
}

/** ARNs in the long format, and the ids that several entities have to agree upon. */
export class FleetNames {
  readonly place: FleetPlace;

  constructor(place: FleetPlace) {
    this.place = place;
  }

  ecs(resource: string): string {
    const { partition, region, accountId } = this.place;
    return `arn:${partition}:ecs:${region}:${accountId}:${resource}`;
  }

  get cluster(): string {
    return this.ecs(`cluster/${CLUSTER_NAME}`);
  }

  service(name: WorkloadName): string {
    return this.ecs(`service/${CLUSTER_NAME}/${name}`);
  }

  task(task: PlannedTask): string {
    return this.ecs(`task/${CLUSTER_NAME}/${task.id}`);
  }

  container(task: PlannedTask, container: string): string {
    return this.ecs(`container/${CLUSTER_NAME}/${task.id}/${this.uuid(`container/${task.id}/${container}`)}`);
  }

  taskDefinition(family: WorkloadName, revision: number): string {
    return this.ecs(`task-definition/${family}:${revision}`);
  }

  containerInstance(): string {
    return this.ecs(
      `container-instance/${CLUSTER_NAME}/${hexFor(this.place.seed, 'container-instance', 32)}`,
    );
  }

  role(name: string): string {
    return `arn:${this.place.partition}:iam::${this.place.accountId}:role/${name}`;
  }

  /** `ecs-svc/` and 19 digits: also what a task of the service was `startedBy`. */
  deployment(name: WorkloadName, revision: number): string {
    const digits = BigInt(`0x${hexFor(this.place.seed, `deployment/${name}/${revision}`, 14)}`) % 10n ** 18n;
    return `ecs-svc/${10n ** 18n + digits}`;
  }

  image(repository: string, revision: number): string {
    const suffix = this.place.partition === 'aws-cn' ? 'amazonaws.com.cn' : 'amazonaws.com';
    return `${this.place.accountId}.dkr.ecr.${this.place.region}.${suffix}/${repository}:2.${revision}.0`;
  }

  imageDigest(repository: string, revision: number): string {
    return `sha256:${hexFor(this.place.seed, `image/${repository}/${revision}`, 64)}`;
  }

  zone(slot: number): string {
    return `${this.place.region}${'ab'[slot % 2]}`;
  }

  uuid(name: string): string {
    const hex = hexFor(this.place.seed, `uuid/${name}`, 32);
    return [
      hex.slice(0, 8),
      hex.slice(8, 12),
      `4${hex.slice(13, 16)}`,
      `a${hex.slice(17, 20)}`,
      hex.slice(20),
    ].join('-');
  }
}
