import { expect, test } from 'vitest';
import { ECS_DISCOVERY_ACTIONS, iamPolicy } from './iam-policy.ts';

const statementsOf = (policy: string) =>
  (JSON.parse(policy) as { Version: string; Statement: unknown[] }).Statement;

test('an action on a log group is allowed for that group and its streams only', () => {
  const missing = { region: 'us-east-1', accountId: '123456789012', group: '/ecs/app' };
  expect(JSON.parse(iamPolicy({ ...missing, actions: ['logs:FilterLogEvents'] }))).toEqual({
    Version: '2012-10-17',
    Statement: [
      {
        Effect: 'Allow',
        Action: ['logs:FilterLogEvents'],
        Resource: 'arn:aws:logs:us-east-1:123456789012:log-group:/ecs/app:*',
      },
    ],
  });
});

test.each([
  ['cn-north-1', 'arn:aws-cn:logs:cn-north-1:*:log-group:/ecs/app:*'],
  ['cn-northwest-1', 'arn:aws-cn:logs:cn-northwest-1:*:log-group:/ecs/app:*'],
  ['us-gov-west-1', 'arn:aws-us-gov:logs:us-gov-west-1:*:log-group:/ecs/app:*'],
  ['us-iso-east-1', 'arn:aws-iso:logs:us-iso-east-1:*:log-group:/ecs/app:*'],
  ['eusc-de-east-1', 'arn:aws-eusc:logs:eusc-de-east-1:*:log-group:/ecs/app:*'],
])('ARNs of %s name its partition, and any account where it is not known', (region, resource) => {
  const policy = iamPolicy({ region, group: '/ecs/app', actions: ['logs:GetLogEvents'] });
  expect(statementsOf(policy)).toEqual([
    { Effect: 'Allow', Action: ['logs:GetLogEvents'], Resource: resource },
  ]);
});

test('a group that is named by its ARN keeps its account, with or without the ending that means its streams', () => {
  const arn = 'arn:aws:logs:eu-west-1:210987654321:log-group:shared';
  for (const group of [arn, `${arn}:*`])
    expect(
      statementsOf(iamPolicy({ region: 'us-east-1', group, actions: ['logs:FilterLogEvents'] })),
    ).toEqual([{ Effect: 'Allow', Action: ['logs:FilterLogEvents'], Resource: `${arn}:*` }]);
});

test('actions that know no single group stand in a statement of their own, in the order of their names', () => {
  const actions = ['logs:FilterLogEvents', 'logs:DescribeLogGroups', 'ecs:ListTasks'];
  expect(statementsOf(iamPolicy({ region: 'us-east-1', group: 'app', actions }))).toEqual([
    {
      Effect: 'Allow',
      Action: ['logs:FilterLogEvents'],
      Resource: 'arn:aws:logs:us-east-1:*:log-group:app:*',
    },
    { Effect: 'Allow', Action: ['ecs:ListTasks', 'logs:DescribeLogGroups'], Resource: '*' },
  ]);
  expect(statementsOf(iamPolicy({ region: 'cn-north-1', actions: ECS_DISCOVERY_ACTIONS }))).toEqual([
    { Effect: 'Allow', Action: ECS_DISCOVERY_ACTIONS, Resource: '*' },
  ]);
});
