import type { ApiCall, Reply } from '../api-call.ts';
import { invalidParameter } from '../api-error.ts';
import { listPage } from '../list-page.ts';
import { wireValue } from '../wire-value.ts';
import { refuseToken } from './ecs-errors.ts';
import { arnOf, partition, withTags } from './find-ecs.ts';

export function listClusters(call: ApiCall): Reply {
  const size = call.input.pageSize('maxResults', 100, 100);
  const arns = call.content.ecs.clusters.names();
  const { items, nextToken } = listPage(call, arns, size, refuseToken, (arn) => arn);
  return { value: { clusterArns: items, nextToken } };
}

export function describeClusters(call: ApiCall): Reply {
  const { ecs } = call.content;
  const named = call.input.texts('clusters');
  if (named.length > 100) throw invalidParameter('Clusters cannot have more than 100 elements.');
  const arns = (named.length === 0 ? ['default'] : named).map((name) => arnOf(call, 'cluster', name));
  const { found, failures } = partition(arns, (arn) => ecs.clusters.get(arn));
  const clusters = withTags(call, found).map((cluster) => {
    const { services, tasks } = ecs.of(cluster.clusterArn ?? '');
    const count = (status: string) => tasks.values().filter((task) => task.lastStatus === status).length;
    return {
      runningTasksCount: count('RUNNING'),
      pendingTasksCount: count('PENDING'),
      activeServicesCount: services.size,
      registeredContainerInstancesCount: 0,
      ...cluster,
    };
  });
  return { value: { clusters: wireValue(clusters), failures } };
}
