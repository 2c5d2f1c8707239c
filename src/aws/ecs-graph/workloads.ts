import type { EcsSelection, WorkloadKind } from './ecs-selection.ts';
import type { EcsTask, EcsTaskDefinition, EcsWorkload, EcsWorkloadContainer } from './ecs-tree.ts';

/** A service as it is described; its task definitions are those of its deployments. */
export interface FoundService {
  readonly name: string;
  readonly desiredCount?: number;
  readonly taskDefinitionArns: readonly string[];
}

interface Gathered {
  readonly kind: WorkloadKind;
  readonly name: string;
  readonly service?: FoundService;
  readonly tasks: EcsTask[];
}

/** Puts services and tasks of a cluster together. A service needs no task to be there, nor a task its service. */
export function toWorkloads(
  cluster: string,
  services: readonly FoundService[],
  tasks: readonly EcsTask[],
  definitions: ReadonlyMap<string, EcsTaskDefinition>,
  selection: EcsSelection,
): readonly EcsWorkload[] {
  const gathered = new Map<string, Gathered>();
  for (const service of services)
    gathered.set(`service ${service.name}`, { kind: 'service', name: service.name, service, tasks: [] });
  for (const task of tasks) {
    const key = `${task.kind} ${task.workload}`;
    let entry = gathered.get(key);
    if (entry === undefined) gathered.set(key, (entry = { kind: task.kind, name: task.workload, tasks: [] }));
    entry.tasks.push(task);
  }
  return [...gathered.values()].map((entry) => toWorkload(cluster, entry, definitions, selection));
}

function toWorkload(
  cluster: string,
  { kind, name, service, tasks }: Gathered,
  definitions: ReadonlyMap<string, EcsTaskDefinition>,
  selection: EcsSelection,
): EcsWorkload {
  const selected = selection.selectsWorkload(cluster, kind, name);
  const arns = new Set([
    ...(service?.taskDefinitionArns ?? []),
    ...tasks.map(({ taskDefinitionArn }) => taskDefinitionArn),
  ]);
  const taskDefinitions = [...arns].flatMap((arn) => definitions.get(arn) ?? []);
  return {
    kind,
    name,
    selected,
    ...(service?.desiredCount !== undefined && { desiredCount: service.desiredCount }),
    runningCount: tasks.filter(({ lastStatus }) => lastStatus === 'RUNNING').length,
    containers: mergeContainers(taskDefinitions, selected, selection),
    tasks,
    taskDefinitions,
  };
}

function mergeContainers(
  definitions: readonly EcsTaskDefinition[],
  workloadSelected: boolean,
  selection: EcsSelection,
): readonly EcsWorkloadContainer[] {
  const merged = new Map<string, EcsWorkloadContainer>();
  for (const container of definitions.flatMap(({ containers }) => containers)) {
    const selected = workloadSelected && selection.selectsContainer(container.name);
    merged.set(JSON.stringify([container.name, container.driver, container.log]), { ...container, selected });
  }
  return [...merged.values()];
}
