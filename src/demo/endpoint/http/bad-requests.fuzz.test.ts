import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ecsOperations } from '../ecs/ecs-operations.ts';
import { logsOperations } from '../logs/logs-operations.ts';
import { fillGroup, GROUP, startWire } from '../testing/wire-clients.ts';

const LOGS_PARAMETERS = [
  'logGroupIdentifier',
  'logGroupNamePrefix',
  'logGroupNamePattern',
  'logStreamName',
  'logStreamNames',
  'logStreamNamePrefix',
  'logEvents',
  'startTime',
  'endTime',
  'filterPattern',
  'orderBy',
  'descending',
  'retentionInDays',
];
const ECS_PARAMETERS = [
  'cluster',
  'clusters',
  'services',
  'tasks',
  'taskDefinition',
  'include',
  'desiredStatus',
];

function requests(prefix: string, actions: readonly string[], names: readonly string[]) {
  const value = fc.oneof(
    fc.constantFrom<unknown>(
      GROUP,
      's0',
      'STOPPED',
      'LastEventTime',
      '{ $.a = 1 }',
      '-',
      '?',
      '%[%',
      '{',
      'arn:aws:logs:x',
    ),
    fc.jsonValue({ maxDepth: 2 }),
    fc.array(fc.constantFrom<unknown>('s0', 'default', 1, null), { maxLength: 3 }),
  );
  const parameters = fc.dictionary(fc.constantFrom(...names, 'limit', 'maxResults', 'nextToken'), value, {
    maxKeys: 5,
  });
  return fc.record({
    target: fc.constantFrom(...actions).map((action) => `${prefix}.${action}`),
    parameters,
  });
}

const anyRequest = fc.oneof(
  requests('Logs_20140328', Object.keys(logsOperations), LOGS_PARAMETERS),
  requests('AmazonEC2ContainerServiceV20141113', Object.keys(ecsOperations), ECS_PARAMETERS),
);

describe('parameters of any kind', () => {
  test('are answered, or refused as the client’s mistake', async () => {
    const { endpoint } = await startWire({}, (world) => fillGroup(world, 1000, 5));
    await fc.assert(
      fc.asyncProperty(anyRequest, fc.boolean(), async ({ target, parameters }, isNamed) => {
        // Deleting stays out: the rest of the requests would have nothing to read.
        const named = isNamed && !target.endsWith('DeleteLogGroup') ? { logGroupName: GROUP } : {};
        const reply = await fetch(endpoint.url, {
          method: 'POST',
          headers: { 'x-amz-target': target },
          body: JSON.stringify({ ...parameters, ...named }),
        });
        expect(JSON.parse(await reply.text())).toBeTypeOf('object');
        expect([200, 400]).toContain(reply.status);
      }),
      { numRuns: 400 },
    );
  });
});
