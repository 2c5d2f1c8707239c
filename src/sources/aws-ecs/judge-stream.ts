import type { EcsSelection } from '../../aws/ecs-graph/ecs-selection.ts';
import type { KnownTask } from '../../aws/ecs-graph/task-directory.ts';
import type { LogGroup } from '../../aws/log-groups/log-group.ts';
import { type EcsStreamName, parseEcsStreamName } from '../../aws/log-groups/stream-name.ts';
import type { StreamVerdict } from '../../aws/log-groups/stream-origins.ts';
import { streamTags } from '../../aws/log-groups/stream-tags.ts';
import { type ContainerTarget, type GroupTargets, onlySelected } from './group-targets.ts';
import { taskTags } from './task-tags.ts';

export interface StreamFacts {
  readonly group: LogGroup;
  readonly dataSource: string;
  readonly stream: string;
  /** The task that wrote it, where ECS (still) knows it. */
  readonly known: (KnownTask & { readonly container?: string }) | undefined;
  /** undefined where ECS may not be read: then everything in the group is. */
  readonly targets: GroupTargets | undefined;
  readonly selection: EcsSelection;
}

export interface Judgement {
  readonly verdict: StreamVerdict;
  /** false: what is found out later may change it. */
  readonly certain: boolean;
}

/**
 * Whether a stream is read, and as what:
 *
 *   task known                  → as its service and container are selected
 *   unknown, by ECS's name form → as the containers of that prefix and name that log to this group are; when both
 *                                 selected and other ones do, it is read: rather one line too many than one lost
 *   unknown otherwise           → read when all that logs to this group is selected, else left out
 */
export function judgeStream(facts: StreamFacts): Judgement {
  const { stream, known, targets, selection } = facts;
  const name = parseEcsStreamName(stream);
  if (known !== undefined) return { verdict: judgeKnown(facts, known, name, selection), certain: true };
  if (targets === undefined) return { verdict: read(facts, {}), certain: false };
  const candidates = name === undefined ? [] : targets.targets.filter((target) => wrote(target, name));
  if (candidates.length > 0) return { verdict: judgeByName(facts, candidates), certain: false };
  if (onlySelected(targets)) return { verdict: read(facts, {}), certain: false };
  const because =
    'its task is not known to ECS, and containers that are not selected log to the same group: select them, or ' +
    'read the group with a cloudwatch_logs source';
  return { verdict: { kind: 'left_out', reason: 'unknown_task', because }, certain: false };
}

function judgeKnown(
  facts: StreamFacts,
  known: NonNullable<StreamFacts['known']>,
  name: EcsStreamName | undefined,
  selection: EcsSelection,
): StreamVerdict {
  const { task, definition } = known;
  const container = known.container ?? name?.container ?? '';
  if (!selection.selectsWorkload(task.clusterName, task.kind, task.workload))
    return notSelected(`${task.clusterName} › ${task.workload} is not selected`);
  if (!selection.selectsContainer(container)) return notSelected(`container ${container} is not selected`);
  const tags = taskTags(facts.group, facts.stream, task, definition, container);
  return { kind: 'read', origin: { source: facts.dataSource, tags } };
}

function judgeByName(facts: StreamFacts, candidates: readonly ContainerTarget[]): StreamVerdict {
  const selected = candidates.filter(({ container }) => container.selected);
  const [first] = selected;
  if (first === undefined) {
    const names = candidates.map(({ cluster, workload }) => `${cluster} › ${workload.name}`).join(', ');
    return notSelected(`by its name it belongs to ${names}, not selected`);
  }
  const sure = (value: (target: ContainerTarget) => string | undefined) =>
    candidates.every((other) => value(other) === value(first)) ? value(first) : undefined;
  // Only what all that could have written it have in common.
  const tags: Record<string, string | undefined> = {
    aws_ecs_cluster_name: sure(({ cluster }) => cluster),
    aws_ecs_service_name: sure(({ workload }) => (workload.kind === 'service' ? workload.name : undefined)),
    service: sure(({ workload }) => workload.name),
    task_family: sure(({ workload }) => oneFamily(workload.taskDefinitions)),
  };
  return read(facts, tags);
}

function oneFamily(definitions: readonly { readonly family: string }[]): string | undefined {
  const families = new Set(definitions.map(({ family }) => family));
  return families.size === 1 ? definitions[0]?.family : undefined;
}

function wrote({ container, log }: ContainerTarget, name: EcsStreamName): boolean {
  return container.name === name.container && log.streamPrefix === name.prefix;
}

function notSelected(because: string): StreamVerdict {
  return { kind: 'left_out', reason: 'not_selected', because };
}

function read(facts: StreamFacts, more: Readonly<Record<string, string | undefined>>): StreamVerdict {
  const known = Object.entries(more).filter((entry): entry is [string, string] => entry[1] !== undefined);
  const tags = { ...streamTags(facts.group, facts.stream), ...Object.fromEntries(known) };
  return { kind: 'read', origin: { source: facts.dataSource, tags } };
}
