import { afterEach, describe, expect, test } from 'vitest';
import { type CliGround, startCliGround } from './testing/cli-ground.ts';
import { policyIn } from './testing/policy-in.ts';

let ground: CliGround;
afterEach(() => ground.close());

const ECS = {
  sources: { ecs: { type: 'aws_ecs', account: 'test', discover: { clusters: ['*'], services: ['*'] } } },
  destinations: { file: { type: 'file', inputs: ['ecs'], path: 'out.ndjson' } },
};
const DISCOVERY = [
  'ecs:DescribeServices',
  'ecs:DescribeTaskDefinition',
  'ecs:DescribeTasks',
  'ecs:ListClusters',
  'ecs:ListServices',
  'ecs:ListTasks',
];

test('what may be read of ECS is ticked; a container that logs elsewhere is named with the reason', async () => {
  ground = await startCliGround();
  ground.addFleet();
  ground.write(ECS);
  const { code, stdout } = await ground.run(['check']);
  expect(stdout).toMatch(/✓ Read ECS of us-east-1: .*4 services, \d+ running tasks/);
  expect(stdout).toContain('✓ Read /ecs/orders (us-east-1)');
  expect(stdout).toContain('! demo-fleet › checkout-api › audit: It logs through FireLens');
  expect(code).toBe(0);
});

describe('where ECS may not be read it goes on with log groups, and prints the policy to copy', () => {
  test('ecs:ListClusters denied', async () => {
    ground = await startCliGround();
    ground.addFleet();
    ground.endpoint.faults.add({ kind: 'deny', action: 'ListClusters' });
    ground.write(ECS);
    const { code, stdout, stderr } = await ground.run(['check']);
    expect(stdout).toContain('! ECS of us-east-1 may not be read completely: Denied: ecs:ListClusters.');
    expect(stdout).toContain('The log groups /ecs/* are read in place');
    expect(policyIn(stdout)).toEqual([{ Effect: 'Allow', Action: DISCOVERY, Resource: '*' }]);
    expect(stdout).toContain('✓ Read /ecs/orders (us-east-1)');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    // And so does a run.
    const run = await ground.run(['run', 'ecs', '--since', '60s']);
    expect(run.code).toBe(0);
    expect(run.stdout).toMatch(/\ntotal [1-9]\d*\n$/);
  });

  test('a single action of ECS denied: the policy holds that one only', async () => {
    ground = await startCliGround();
    ground.addFleet();
    ground.endpoint.faults.add({ kind: 'deny', action: 'ListTasks' });
    ground.write(ECS);
    const { code, stdout } = await ground.run(['check']);
    expect(stdout).toContain('Denied: ecs:ListTasks. Some services, tasks or tags are missing.');
    expect(policyIn(stdout)).toEqual([{ Effect: 'Allow', Action: ['ecs:ListTasks'], Resource: '*' }]);
    expect(code).toBe(0);
  });

  test('in China: reading a group denied too, with ARNs of aws-cn', async () => {
    ground = await startCliGround({ region: 'cn-north-1', partition: 'aws-cn' });
    ground.endpoint.faults.add({ kind: 'deny', action: ['ListClusters', 'FilterLogEvents'] });
    ground.write(ECS);
    const { code, stdout } = await ground.run(['check', 'ecs']);
    const [first = '', second = ''] = stdout.split('✗ Read /ecs/app');
    expect(policyIn(first)).toEqual([{ Effect: 'Allow', Action: DISCOVERY, Resource: '*' }]);
    expect(policyIn(second)).toEqual([
      {
        Effect: 'Allow',
        Action: ['logs:FilterLogEvents'],
        Resource: 'arn:aws-cn:logs:cn-north-1:123456789012:log-group:/ecs/app:*',
      },
    ]);
    expect(code).toBe(4);
  });
});
