import type { ApiCall, Reply } from '../api-call.ts';
import { invalidParameter } from '../api-error.ts';
import { listPage } from '../list-page.ts';
import { wireValue } from '../wire-value.ts';
import { refuseToken } from './ecs-errors.ts';
import { arnOf, findCluster, lastPart, partition, withTags } from './find-ecs.ts';

export function listServices(call: ApiCall): Reply {
  const { input } = call;
  const size = input.pageSize('maxResults', 100, 10);
  const { clusterArn } = findCluster(call);
  const launchType = input.optionalText('launchType');
  const strategy = input.optionalText('schedulingStrategy');
  const arns = call.content.ecs
    .of(clusterArn)
    .services.values()
    .filter(
      (service) =>
        (launchType === undefined || service.launchType === launchType) &&
        (strategy === undefined || (service.schedulingStrategy ?? 'REPLICA') === strategy),
    )
    .map((service) => service.serviceArn ?? '');
  const { items, nextToken } = listPage(call, arns, size, refuseToken, (arn) => arn);
  return { value: { serviceArns: items, nextToken } };
}

export function describeServices(call: ApiCall): Reply {
  const named = call.input.texts('services');
  if (named.length === 0) throw invalidParameter('Services cannot be empty.');
  if (named.length > 10) throw invalidParameter('Services cannot have more than 10 elements.');
  const { clusterArn } = findCluster(call);
  const { services } = call.content.ecs.of(clusterArn);
  const arns = named.map((name) => arnOf(call, 'service', name, `${lastPart(clusterArn)}/`));
  const { found, failures } = partition(arns, (arn) => services.get(arn));
  return { value: { services: wireValue(withTags(call, found)), failures } };
}
