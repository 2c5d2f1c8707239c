import type { Cluster } from '@aws-sdk/client-ecs';
import type { ApiCall } from '../api-call.ts';
import { invalidParameter } from '../api-error.ts';
import { clusterNotFound } from './ecs-errors.ts';

/** The ARN of what a request names by its ARN or by its name; `kind` as ARNs write it, `under` the cluster's name and a slash. */
export function arnOf(
  call: ApiCall,
  kind: 'cluster' | 'service' | 'task',
  nameOrArn: string,
  under = '',
): string {
  if (nameOrArn.startsWith('arn:')) return nameOrArn;
  return `arn:${call.world.partition}:ecs:${call.region}:${call.world.accountId}:${kind}/${under}${nameOrArn}`;
}

/** The cluster that a request names; `default` when it names none. */
export function findCluster(call: ApiCall): Cluster & { readonly clusterArn: string } {
  const named = call.input.optionalText('cluster') ?? 'default';
  if (!named.startsWith('arn:') && !/^[\w-]{1,255}$/.test(named)) {
    throw invalidParameter(`Cluster must match ^[a-zA-Z0-9\\-_]{1,255}$, but was ${named}`);
  }
  const clusterArn = arnOf(call, 'cluster', named);
  const cluster = call.content.ecs.clusters.get(clusterArn);
  if (cluster === undefined) throw clusterNotFound();
  return { ...cluster, clusterArn };
}

/** The last part of an ARN: the name of a cluster or service, the id of a task. */
export function lastPart(arn: string): string {
  return arn.slice(arn.lastIndexOf('/') + 1);
}

/** What was asked for, found or missing, in the shape of every Describe operation's answer. */
export function partition<T>(
  arns: readonly string[],
  find: (arn: string) => T | undefined,
): { found: T[]; failures: { arn: string; reason: 'MISSING' }[] } {
  const found: T[] = [];
  const failures: { arn: string; reason: 'MISSING' }[] = [];
  for (const arn of new Set(arns)) {
    const item = find(arn);
    if (item === undefined) failures.push({ arn, reason: 'MISSING' });
    else found.push(item);
  }
  return { found, failures };
}

/** Tags are only told when they are asked for. */
export function withTags<T extends { tags?: unknown }>(call: ApiCall, items: readonly T[]): T[] {
  const wanted = call.input.texts('include').includes('TAGS');
  return items.map((item) => (wanted ? item : { ...item, tags: [] }));
}
