import type { TaskDefinition } from '@aws-sdk/client-ecs';
import type { ApiCall, Reply } from '../api-call.ts';
import { invalidParameter } from '../api-error.ts';
import { listPage } from '../list-page.ts';
import { wireValue } from '../wire-value.ts';
import { definitionNotFound, refuseToken } from './ecs-errors.ts';

/** Named by `family` (its latest active revision), `family:revision`, or ARN. */
export function describeTaskDefinition(call: ApiCall): Reply {
  const named = call.input.text('taskDefinition');
  const definition = named.startsWith('arn:')
    ? call.content.ecs.definitions.get(named)
    : findByFamily(call, named);
  if (definition === undefined) throw definitionNotFound();
  return { value: { taskDefinition: wireValue(definition), tags: [] } };
}

export function listTaskDefinitions(call: ApiCall): Reply {
  const { input } = call;
  const size = input.pageSize('maxResults', 100, 100);
  const family = input.optionalText('familyPrefix');
  const status = input.optionalText('status') ?? 'ACTIVE';
  const sort = input.optionalText('sort') ?? 'ASC';
  if (sort !== 'ASC' && sort !== 'DESC') throw invalidParameter(`Invalid sort: ${sort}`);
  const definitions = byRevision(call).filter(
    (definition) =>
      (family === undefined || definition.family === family) && (definition.status ?? 'ACTIVE') === status,
  );
  if (sort === 'DESC') definitions.reverse();
  const arns = definitions.map((definition) => definition.taskDefinitionArn ?? '');
  const { items, nextToken } = listPage(call, arns, size, refuseToken);
  return { value: { taskDefinitionArns: items, nextToken } };
}

function findByFamily(call: ApiCall, named: string): TaskDefinition | undefined {
  const [family, revision] = named.split(':');
  return byRevision(call).findLast(
    (definition) =>
      definition.family === family &&
      (revision === undefined
        ? (definition.status ?? 'ACTIVE') === 'ACTIVE'
        : definition.revision === Number(revision)),
  );
}

function byRevision(call: ApiCall): TaskDefinition[] {
  return call.content.ecs.definitions.values().sort((left, right) => {
    const [one = '', other = ''] = [left.family, right.family];
    return one < other ? -1 : one > other ? 1 : (left.revision ?? 0) - (right.revision ?? 0);
  });
}
