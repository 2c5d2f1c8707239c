import type { Service } from '@aws-sdk/client-ecs';
import { LogferryError } from '../../foundation/logferry-error.ts';
import type { AwsAccount, EcsApi } from '../aws-account.ts';
import { everyPage } from '../log-groups/every-page.ts';
import { type EcsSelection, lastPart } from './ecs-selection.ts';
import { toEcsTask } from './ecs-task.ts';
import type { EcsTask } from './ecs-tree.ts';
import { chunksOf, mapBounded } from './map-bounded.ts';
import type { FoundService } from './workloads.ts';

const LIST_LIMIT = 100;
const DESCRIBE_SERVICES_LIMIT = 10;
const DESCRIBE_TASKS_LIMIT = 100;
const PARALLEL_CALLS = 4;

/** The calls of one walk through a Region. What is denied is noted and taken for empty; all else is thrown. */
export class RegionReader {
  readonly #region: string;
  readonly #ecs: EcsApi;
  readonly #signal: AbortSignal;
  readonly #denied = new Set<string>();

  constructor(account: AwsAccount, region: string, signal: AbortSignal) {
    this.#region = region;
    this.#ecs = account.ecs(region);
    this.#signal = signal;
  }

  get deniedActions(): readonly string[] {
    return [...this.#denied].sort();
  }

  /** ARNs; where listing is denied, the names that the selection spells out. */
  async clusters(selection: EcsSelection): Promise<readonly string[]> {
    const listed = await this.#unlessDenied('ecs:ListClusters', () =>
      collect(
        'ListClusters',
        (nextToken) =>
          this.#ecs.listClusters({ maxResults: LIST_LIMIT, ...withToken(nextToken) }, this.#options),
        (page) => page.clusterArns,
      ),
    );
    return listed ?? selection.namedClusters;
  }

  async services(cluster: string): Promise<readonly FoundService[]> {
    const arns = await this.#unlessDenied('ecs:ListServices', () =>
      collect(
        'ListServices',
        (nextToken) =>
          this.#ecs.listServices({ cluster, maxResults: LIST_LIMIT, ...withToken(nextToken) }, this.#options),
        (page) => page.serviceArns,
      ),
    );
    const described = await this.#unlessDenied('ecs:DescribeServices', () =>
      mapBounded(chunksOf(arns ?? [], DESCRIBE_SERVICES_LIMIT), PARALLEL_CALLS, async (services) => {
        const { output } = await this.#ecs.describeServices({ cluster, services }, this.#options);
        return (output.services ?? []).flatMap((service) => toFoundService(service) ?? []);
      }),
    );
    return described?.flat() ?? (arns ?? []).map((arn) => ({ name: lastPart(arn), taskDefinitionArns: [] }));
  }

  /** Running ones and those that ECS still shows after they stopped, standalone ones too. */
  async tasks(cluster: string): Promise<readonly EcsTask[]> {
    const arns = await this.#unlessDenied('ecs:ListTasks', async () => {
      const running = await this.#listTasks(cluster, 'RUNNING');
      return new Set([...running, ...(await this.#listTasks(cluster, 'STOPPED'))]);
    });
    return this.describeTasks(cluster, [...(arns ?? [])]);
  }

  /** By ARN or id; those that the cluster does not have are missing from the answer. */
  async describeTasks(cluster: string, tasks: readonly string[]): Promise<readonly EcsTask[]> {
    const described = await this.#unlessDenied('ecs:DescribeTasks', () =>
      mapBounded(chunksOf(tasks, DESCRIBE_TASKS_LIMIT), PARALLEL_CALLS, async (chunk) => {
        const { output } = await this.#ecs.describeTasks({ cluster, tasks: chunk }, this.#options);
        return (output.tasks ?? []).flatMap((task) => toEcsTask(task, this.#region) ?? []);
      }),
    );
    return described?.flat() ?? [];
  }

  async taskDefinition(arn: string) {
    return this.#unlessDenied('ecs:DescribeTaskDefinition', async () => {
      const { output } = await this.#ecs.describeTaskDefinition({ taskDefinition: arn }, this.#options);
      return output.taskDefinition;
    });
  }

  #listTasks(cluster: string, desiredStatus: 'RUNNING' | 'STOPPED'): Promise<string[]> {
    return collect(
      'ListTasks',
      (nextToken) =>
        this.#ecs.listTasks(
          { cluster, desiredStatus, maxResults: LIST_LIMIT, ...withToken(nextToken) },
          this.#options,
        ),
      (page) => page.taskArns,
    );
  }

  get #options() {
    return { signal: this.#signal };
  }

  async #unlessDenied<Result>(action: string, call: () => Promise<Result>): Promise<Result | undefined> {
    try {
      return await call();
    } catch (thrown) {
      if (!(thrown instanceof LogferryError) || thrown.code !== 'AWS_DENIED') throw thrown;
      this.#denied.add(action);
      return undefined;
    }
  }
}

function toFoundService(service: Service): FoundService | undefined {
  if (service.serviceName === undefined) return undefined;
  const arns = [service, ...(service.deployments ?? []), ...(service.taskSets ?? [])].map(
    ({ taskDefinition }) => taskDefinition,
  );
  return {
    name: service.serviceName,
    ...(service.desiredCount !== undefined && { desiredCount: service.desiredCount }),
    taskDefinitionArns: [...new Set(arns.filter((arn) => arn !== undefined))],
  };
}

async function collect<Output extends { nextToken?: string | undefined }>(
  action: string,
  ask: Parameters<typeof everyPage<Output>>[1],
  items: (output: Output) => readonly string[] | undefined,
): Promise<string[]> {
  const all: string[] = [];
  for await (const page of everyPage(action, ask)) all.push(...(items(page) ?? []));
  return all;
}

function withToken(nextToken: string | undefined): { readonly nextToken?: string } {
  return nextToken === undefined ? {} : { nextToken };
}
