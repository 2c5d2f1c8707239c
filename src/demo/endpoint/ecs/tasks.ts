import type { Task } from '@aws-sdk/client-ecs';
import type { ApiCall, Reply } from '../api-call.ts';
import { invalidParameter } from '../api-error.ts';
import { listPage } from '../list-page.ts';
import { wireValue } from '../wire-value.ts';
import { refuseToken, serviceNotFound } from './ecs-errors.ts';
import { arnOf, findCluster, lastPart, partition, withTags } from './find-ecs.ts';

export function listTasks(call: ApiCall): Reply {
  const { input } = call;
  const size = input.pageSize('maxResults', 100, 100);
  const { clusterArn } = findCluster(call);
  const arns = call.content.ecs
    .of(clusterArn)
    .tasks.values()
    .filter(taskFilter(call, clusterArn))
    .map((task) => task.taskArn ?? '');
  const { items, nextToken } = listPage(call, arns, size, refuseToken, (arn) => arn);
  return { value: { taskArns: items, nextToken } };
}

export function describeTasks(call: ApiCall): Reply {
  const named = call.input.texts('tasks');
  if (named.length === 0) throw invalidParameter('Tasks cannot be empty.');
  if (named.length > 100) throw invalidParameter('Tasks cannot have more than 100 elements.');
  const { clusterArn } = findCluster(call);
  const { tasks } = call.content.ecs.of(clusterArn);
  const arns = named.map((name) => arnOf(call, 'task', name, `${lastPart(clusterArn)}/`));
  const { found, failures } = partition(arns, (arn) => tasks.get(arn));
  return { value: { tasks: wireValue(withTags(call, found)), failures } };
}

function taskFilter(call: ApiCall, clusterArn: string): (task: Task) => boolean {
  const { input } = call;
  const status = input.optionalText('desiredStatus') ?? 'RUNNING';
  if (!['RUNNING', 'PENDING', 'STOPPED'].includes(status))
    throw invalidParameter(`Invalid status: ${status}`);
  const group = serviceGroup(call, clusterArn);
  const wanted: readonly (readonly [string | undefined, (task: Task) => string | undefined])[] = [
    [status, (task) => task.desiredStatus ?? task.lastStatus],
    [group, (task) => task.group],
    [input.optionalText('family'), (task) => lastPart(task.taskDefinitionArn ?? '').replace(/:\d+$/, '')],
    [input.optionalText('launchType'), (task) => task.launchType],
    [input.optionalText('startedBy'), (task) => task.startedBy],
    [input.optionalText('containerInstance'), (task) => task.containerInstanceArn],
  ];
  return (task) => wanted.every(([value, of]) => value === undefined || of(task) === value);
}

/** The group that a service's tasks carry. */
function serviceGroup(call: ApiCall, clusterArn: string): string | undefined {
  const named = call.input.optionalText('serviceName');
  if (named === undefined) return undefined;
  const serviceArn = arnOf(call, 'service', named, `${lastPart(clusterArn)}/`);
  if (call.content.ecs.of(clusterArn).services.get(serviceArn) === undefined) throw serviceNotFound();
  return `service:${lastPart(serviceArn)}`;
}
