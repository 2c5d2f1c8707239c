import {
  DescribeClustersCommand,
  DescribeServicesCommand,
  DescribeTaskDefinitionCommand,
  DescribeTasksCommand,
  ListServicesCommand,
  ListTaskDefinitionsCommand,
  ListTasksCommand,
  paginateListServices,
} from '@aws-sdk/client-ecs';
import { describe, expect, test } from 'vitest';
import type { AwsWorld } from '../../aws-world.ts';
import { REGION, startWire } from '../testing/wire-clients.ts';

const BASE = `arn:aws:ecs:${REGION}:123456789012`;
const CLUSTER = `${BASE}:cluster/shop`;
const STARTED = new Date('2026-11-20T12:00:00.250Z');

function fill(world: AwsWorld): void {
  world.putCluster(REGION, { clusterArn: CLUSTER, clusterName: 'shop', status: 'ACTIVE' });
  for (let index = 10; index < 35; index++) {
    world.putService(REGION, {
      serviceArn: `${BASE}:service/shop/web-${index}`,
      clusterArn: CLUSTER,
      tags: [{ key: 'team', value: 'a' }],
    });
  }
  for (const revision of [1, 2, 10]) {
    world.putTaskDefinition(REGION, {
      taskDefinitionArn: `${BASE}:task-definition/web:${revision}`,
      family: 'web',
      revision,
      status: 'ACTIVE',
      containerDefinitions: [
        { name: 'app', logConfiguration: { logDriver: 'awslogs', options: { 'awslogs-group': '/x' } } },
      ],
    });
  }
  const task = (id: string, desiredStatus: string, group: string) =>
    world.putTask(REGION, {
      taskArn: `${BASE}:task/shop/${id}`,
      clusterArn: CLUSTER,
      desiredStatus,
      lastStatus: desiredStatus,
      group,
      taskDefinitionArn: `${BASE}:task-definition/web:10`,
      startedAt: STARTED,
    });
  task('one', 'RUNNING', 'service:web-10');
  task('two', 'STOPPED', 'service:web-10');
  task('alone', 'RUNNING', 'family:web');
}

describe('ECS', () => {
  test('lists services ten a page, and describes ten at most', async () => {
    const client = (await startWire({}, fill)).ecs();
    const sizes: number[] = [];
    const arns: string[] = [];
    for await (const { serviceArns = [] } of paginateListServices({ client }, { cluster: 'shop' })) {
      sizes.push(serviceArns.length);
      arns.push(...serviceArns);
    }
    expect(sizes).toEqual([10, 10, 5]);
    expect(new Set(arns).size).toBe(25);
    const { services, failures } = await client.send(
      new DescribeServicesCommand({
        cluster: CLUSTER,
        services: [arns[0] ?? '', 'web-11', 'gone'],
        include: ['TAGS'],
      }),
    );
    expect(services?.map((service) => service.serviceArn)).toEqual(arns.slice(0, 2));
    expect(services?.[0]?.tags).toEqual([{ key: 'team', value: 'a' }]);
    expect(failures).toEqual([{ arn: `${BASE}:service/shop/gone`, reason: 'MISSING' }]);
    const many = new DescribeServicesCommand({ cluster: CLUSTER, services: arns.slice(0, 11) });
    await expect(client.send(many)).rejects.toMatchObject({ name: 'InvalidParameterException' });
  });

  test('lists tasks by status, service and family, and tells their times', async () => {
    const client = (await startWire({}, fill)).ecs();
    const ids = async (more: object) => {
      const { taskArns = [] } = await client.send(new ListTasksCommand({ cluster: 'shop', ...more }));
      return taskArns.map((arn) => arn.split('/').at(-1));
    };
    expect(await ids({})).toEqual(['alone', 'one']);
    expect(await ids({ serviceName: 'web-10' })).toEqual(['one']);
    expect(await ids({ desiredStatus: 'STOPPED' })).toEqual(['two']);
    expect(await ids({ family: 'web' })).toEqual(['alone', 'one']);
    expect(await ids({ family: 'other' })).toEqual([]);
    await expect(ids({ serviceName: 'gone' })).rejects.toMatchObject({ name: 'ServiceNotFoundException' });
    const { tasks } = await client.send(new DescribeTasksCommand({ cluster: 'shop', tasks: ['one'] }));
    expect(tasks?.[0]?.startedAt).toEqual(STARTED);
  });

  test('describes a task definition by family, revision and ARN', async () => {
    const client = (await startWire({}, fill)).ecs();
    const revision = async (taskDefinition: string) => {
      const reply = await client.send(new DescribeTaskDefinitionCommand({ taskDefinition }));
      return reply.taskDefinition?.revision;
    };
    expect(await revision('web')).toBe(10);
    expect(await revision('web:2')).toBe(2);
    expect(await revision(`${BASE}:task-definition/web:1`)).toBe(1);
    await expect(revision('web:3')).rejects.toMatchObject({
      name: 'ClientException',
      message: 'Unable to describe task definition.',
    });
    const { taskDefinitionArns } = await client.send(new ListTaskDefinitionsCommand({ sort: 'DESC' }));
    expect(taskDefinitionArns?.map((arn) => arn.split(':').at(-1))).toEqual(['10', '2', '1']);
  });

  test('answers for clusters that are not there', async () => {
    const client = (await startWire({}, fill)).ecs();
    const unknown = { name: 'ClusterNotFoundException', message: 'Cluster not found.' };
    await expect(client.send(new ListServicesCommand({ cluster: 'gone' }))).rejects.toMatchObject(unknown);
    await expect(client.send(new ListTasksCommand({}))).rejects.toMatchObject(unknown);
    const { clusters, failures } = await client.send(
      new DescribeClustersCommand({ clusters: ['shop', 'gone'] }),
    );
    expect(clusters?.[0]).toMatchObject({
      clusterName: 'shop',
      runningTasksCount: 2,
      activeServicesCount: 25,
    });
    expect(failures?.[0]?.reason).toBe('MISSING');
  });
});
