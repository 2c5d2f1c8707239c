import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { discoverEcs } from '../../aws/ecs-graph/ecs-graph.ts';
import { selectEverything } from '../../aws/ecs-graph/ecs-selection.ts';
import {
  addService,
  InMemoryAws,
  type MemoryEvent,
  memoryTask,
  taskId,
} from '../../aws/log-groups/testing/in-memory-aws.ts';
import { noMetrics } from '../../contracts/metrics.ts';
import type { Discovery, PullSource } from '../../contracts/pull-source.ts';
import { FakeClock } from '../../foundation/fake-clock.ts';
import { silentLogger } from '../../foundation/logger.ts';
import { systemRandom } from '../../foundation/random.ts';
import type { LogRecord } from '../../record/log-record.ts';
import type { SourceContext } from '../source-context.ts';
import { awsEcs } from './definition.ts';
import { awsEcsOptions } from './options.ts';

const signal = new AbortController().signal;
const REGION = 'cn-north-1';
const at = (name: string, cluster = 'c1', region = REGION) => ({ region, cluster, name });

function make(aws: InMemoryAws, options: object = {}): PullSource {
  const context: SourceContext = {
    id: 'ecs',
    clock: new FakeClock(1_000_000),
    random: systemRandom,
    logger: silentLogger,
    metrics: noMetrics,
    dataDir: '/nowhere',
    accounts: { get: () => aws, budgets: () => [], close: () => Promise.resolve() },
  };
  return awsEcs.create(awsEcsOptions.parse(options), context);
}

const line = (stream: string, message = stream): MemoryEvent => ({
  logStreamName: stream,
  timestamp: 5,
  message,
  eventId: message,
});
const streamOf = (id: number, prefix = 'ecs') => `${prefix}/app/${taskId(id)}`;

async function readAll({ partitions }: Discovery): Promise<LogRecord[]> {
  const records: LogRecord[] = [];
  for (const partition of partitions)
    for await (const page of partition.read({ fromMillis: 0, toMillis: 10, priority: 'live' }, signal))
      records.push(...page.records);
  return records;
}
const messages = (records: readonly LogRecord[]) => records.map(({ message }) => message).sort();
const titles = (items: readonly { readonly title: string }[]) => items.map(({ title }) => title);

describe('discovery on ECS', () => {
  test('leads from services in three Regions to their groups, with the tags of their tasks', async () => {
    const aws = new InMemoryAws(['r1', 'r2', 'r3']);
    aws.regions.forEach((region, index) => {
      aws.addGroup(region, '/ecs/api', {}, [line(streamOf(index + 1))]);
      addService(aws, at('api', 'c1', region), { group: '/ecs/api' }, [taskId(index + 1)]);
    });
    const found = await make(aws, { source: 'ds' }).discover(signal);
    const [first, ...others] = await readAll(found);
    expect(others).toHaveLength(2);
    expect(first?.origin).toEqual({
      source: 'ds',
      tags: {
        log_group: '/ecs/api',
        log_stream: streamOf(1),
        aws_region: 'r1',
        aws_account_id: '111122223333',
        host: taskId(1),
        task_id: taskId(1),
        container_name: 'app',
        aws_ecs_cluster_name: 'c1',
        aws_ecs_service_name: 'api',
        service: 'api',
        task_family: 'api',
        task_version: '1',
        task_arn: `arn:aws-cn:ecs:r1:111122223333:task/c1/${taskId(1)}`,
        image: 'repo/api:v1',
        launch_type: 'FARGATE',
        availability_zone: 'r1a',
      },
    });
    expect(found.warnings).toEqual([]);
  });

  test('finds more than fifty groups, a hundred tasks and a hundred services', async () => {
    const aws = new InMemoryAws();
    const ids = Array.from({ length: 230 }, (_, index) => taskId(1000 + index));
    aws.addGroup(
      REGION,
      '/ecs/big',
      {},
      ids.map((id) => line(`ecs/app/${id}`)),
    );
    addService(aws, at('big'), { group: '/ecs/big' }, ids);
    for (let index = 0; index < 110; index++) {
      aws.addGroup(REGION, `/ecs/s${index}`, {}, [line(streamOf(index + 1), `s${index}`)]);
      addService(aws, at(`s${index}`), { group: `/ecs/s${index}` }, [taskId(index + 1)]);
    }
    const found = await make(aws).discover(signal);
    expect(found.partitions).toHaveLength(111);
    const records = await readAll(found);
    expect(records).toHaveLength(340);
    expect(records.every(({ origin }) => origin.tags['aws_ecs_service_name'] !== undefined)).toBe(true);
  });

  test('follows awslogs-region out of the Region of the task', async () => {
    const aws = new InMemoryAws(['r1']);
    aws.addGroup('r9', '/ecs/api', {}, [line(streamOf(1))]);
    addService(aws, at('api', 'c1', 'r1'), { group: '/ecs/api', region: 'r9' }, [taskId(1)]);
    const found = await make(aws).discover(signal);
    expect(titles(found.partitions)).toEqual(['/ecs/api (r9)']);
    expect((await readAll(found))[0]?.origin.tags).toMatchObject({ service: 'api', aws_region: 'r9' });
  });

  test('takes standalone tasks, running and stopped, unless told not to', async () => {
    const aws = new InMemoryAws();
    aws.addGroup(REGION, '/ecs/job', {}, [line(streamOf(1)), line(streamOf(2))]);
    addService(aws, at('job'), { group: '/ecs/job' }, []);
    const cluster = aws.at(REGION).clusters.get('c1');
    cluster?.services.pop();
    cluster?.running.push(memoryTask(at('job'), taskId(1), 'family:job'));
    cluster?.stopped.push(memoryTask(at('job'), taskId(2), 'family:job'));
    const records = await readAll(await make(aws).discover(signal));
    expect(messages(records)).toEqual([streamOf(1), streamOf(2)]);
    expect(records[0]?.origin.tags).toMatchObject({ service: 'job', task_family: 'job' });
    expect(records[0]?.origin.tags).not.toHaveProperty('aws_ecs_service_name');
    const none = await make(aws, { discover: { standalone_tasks: false } }).discover(signal);
    expect(none.partitions).toEqual([]);
  });

  test('finds the group of a task that ran to its end before anybody looked', async () => {
    const aws = new InMemoryAws();
    aws.addGroup(REGION, '/ecs/job', {}, [line(streamOf(1))]);
    addService(aws, at('job'), { group: '/ecs/job' }, []);
    const cluster = aws.at(REGION).clusters.get('c1');
    cluster?.services.pop();
    cluster?.stopped.push(memoryTask(at('job'), taskId(1), 'family:job'));
    expect(titles((await make(aws).discover(signal)).partitions)).toEqual(['/ecs/job (cn-north-1)']);
  });

  test('says which containers log elsewhere, and which groups are not made yet', async () => {
    const aws = new InMemoryAws();
    addService(aws, at('fire'), { group: '', driver: 'awsfirelens' }, [taskId(1)]);
    addService(aws, at('new'), { group: '/ecs/new' }, [taskId(2)]);
    const { skipped } = await make(aws).discover(signal);
    expect(titles(skipped)).toEqual(['c1 › fire › app', '/ecs/new (cn-north-1)']);
    expect(skipped[0]?.reason).toContain('FireLens');
  });

  test('picks up a new service and a replaced task, and keeps the tags of the one that is gone', async () => {
    const aws = new InMemoryAws();
    aws.addGroup(REGION, '/ecs/api', {}, [line(streamOf(1))]);
    addService(aws, at('api'), { group: '/ecs/api' }, [taskId(1)]);
    const source = make(aws);
    const first = await source.discover(signal);
    const cluster = aws.at(REGION).clusters.get('c1');
    cluster?.running.splice(0, 1, memoryTask(at('api'), taskId(2), 'service:api'));
    aws
      .at(REGION)
      .events.get('/ecs/api')
      ?.push(line(streamOf(2)));
    aws.addGroup(REGION, '/ecs/web');
    addService(aws, at('web'), { group: '/ecs/web' }, [taskId(3)]);
    const second = await source.discover(signal);
    expect(titles(second.partitions)).toEqual(['/ecs/api (cn-north-1)', '/ecs/web (cn-north-1)']);
    expect(second.partitions[0]).toBe(first.partitions[0]);
    const arns = (await readAll(second)).map(({ origin }) => origin.tags['task_arn']?.slice(-2));
    expect(arns).toEqual(['01', '02']);
  });

  test('asks each task definition once', async () => {
    const aws = new InMemoryAws();
    aws.addGroup(REGION, '/ecs/api');
    addService(aws, at('api'), { group: '/ecs/api' }, [taskId(1), taskId(2)]);
    const source = make(aws);
    await source.discover(signal);
    await source.discover(signal);
    expect(aws.calls.filter((call) => call.startsWith('ecs:DescribeTaskDefinition'))).toHaveLength(1);
  });
});

describe('a group that several services log to', () => {
  function shared() {
    const aws = new InMemoryAws();
    aws.addGroup(REGION, '/ecs/all', {}, [line(streamOf(1), 'api'), line(streamOf(2), 'canary')]);
    addService(aws, at('api'), { group: '/ecs/all' }, [taskId(1)]);
    addService(aws, at('api-canary'), { group: '/ecs/all' }, [taskId(2)]);
    return { aws, events: aws.at(REGION).events.get('/ecs/all') ?? [] };
  }
  const options = { discover: { exclude: ['*-canary'] } };

  test('is read without the streams of those that are excluded, and a warning says so', async () => {
    const found = await make(shared().aws, options).discover(signal);
    expect(messages(await readAll(found))).toEqual(['api']);
    expect(found.warnings[0]?.detail).toContain('api-canary');
  });

  test('is judged right from the first line of a task that started after discovery', async () => {
    const { aws, events } = shared();
    const found = await make(aws, options).discover(signal);
    const running = aws.at(REGION).clusters.get('c1')?.running;
    running?.push(memoryTask(at('api'), taskId(3), 'service:api'));
    running?.push(memoryTask(at('api-canary'), taskId(4), 'service:api-canary'));
    events.push(line(streamOf(3), 'api, new'), line(streamOf(4), 'canary, new'));
    const records = await readAll(found);
    expect(messages(records)).toEqual(['api', 'api, new']);
    expect(records[1]?.origin.tags).toMatchObject({ task_arn: expect.stringContaining(taskId(3)) });
  });

  test('keeps the old streams that might be of a selected service, tagged with what is sure', async () => {
    const { aws, events } = shared();
    events.push(line(streamOf(99), 'long gone'));
    const found = await make(aws, options).discover(signal);
    const records = await readAll(found);
    const old = records.find(({ message }) => message === 'long gone');
    expect(old?.origin.tags).toMatchObject({ aws_ecs_cluster_name: 'c1', task_id: taskId(99) });
    expect(old?.origin.tags).not.toHaveProperty('service');
  });

  test('leaves out streams that nobody selected can have written', async () => {
    const { aws, events } = shared();
    events.push(line('lambda/x', 'foreign'), line(streamOf(98, 'other'), 'other prefix'));
    expect(messages(await readAll(await make(aws, options).discover(signal)))).toEqual(['api']);
    const whole = await make(aws).discover(signal);
    expect(messages(await readAll(whole))).toEqual(['api', 'canary', 'foreign', 'other prefix']);
  });

  test('fails the slice when a task cannot be asked for, rather than lose its lines', async () => {
    const { aws, events } = shared();
    const found = await make(aws, options).discover(signal);
    events.push(line(streamOf(3), 'new'));
    const logs = found.partitions[0]?.read({ fromMillis: 0, toMillis: 10, priority: 'live' }, signal);
    const pages = logs?.[Symbol.asyncIterator]();
    // From the first page on: what is asked of ECS then fails.
    aws.intercept = () => {
      aws.broken.add(REGION);
      return undefined;
    };
    await expect(pages?.next()).rejects.toMatchObject({ code: 'AWS_UNREACHABLE' });
  });

  test('names streams by runtime id where there is no prefix', async () => {
    const { aws, events } = shared();
    events.push(line(`${taskId(2)}-1`, 'canary by runtime id'), line(`${taskId(1)}-1`, 'api by runtime id'));
    const records = await readAll(await make(aws, options).discover(signal));
    expect(messages(records)).toEqual(['api', 'api by runtime id']);
    expect(records[1]?.origin.tags).toMatchObject({ container_name: 'app', host: taskId(1) });
  });
});

describe('where ECS may not be read', () => {
  function denied(...actions: string[]) {
    const aws = new InMemoryAws();
    aws.addGroup(REGION, '/ecs/api', {}, [line(streamOf(1))]);
    aws.addGroup(REGION, '/other');
    addService(aws, at('api'), { group: '/ecs/api' }, [taskId(1)]);
    for (const action of actions) aws.denied.add(action);
    return aws;
  }

  test('the fallback groups are read by what their streams say, and the actions are named', async () => {
    const found = await make(denied('ecs:ListClusters')).discover(signal);
    expect(titles(found.partitions)).toEqual(['/ecs/api (cn-north-1)']);
    expect((await readAll(found))[0]?.origin.tags).toMatchObject({ container_name: 'app', host: taskId(1) });
    expect(found.warnings[0]?.fix).toContain('ecs:ListClusters');
  });

  test('the keys are the same as with ECS, so that a permission given later repeats nothing', async () => {
    const aws = denied('ecs:ListClusters');
    const source = make(aws);
    const before = await source.discover(signal);
    expect((await readAll(before))[0]?.origin.tags).not.toHaveProperty('service');
    aws.denied.clear();
    const after = await source.discover(signal);
    expect(after.partitions[0]).toBe(before.partitions[0]);
    expect((await readAll(before))[0]?.origin.tags).toMatchObject({ service: 'api' });
  });

  test('what was found before the permission was taken away is read on', async () => {
    const aws = denied();
    // No fallback: what is found below is what was known.
    const source = make(aws, { fallback_log_groups: [] });
    await source.discover(signal);
    aws.denied.add('ecs:ListClusters');
    const found = await source.discover(signal);
    expect(titles(found.partitions)).toEqual(['/ecs/api (cn-north-1)']);
    expect((await readAll(found))[0]?.origin.tags).toMatchObject({ service: 'api' });
    expect(titles(found.warnings)).toEqual(['ECS of cn-north-1 may not be read completely']);
  });

  test('a cluster that is named is read although clusters may not be listed', async () => {
    const found = await make(denied('ecs:ListClusters'), { discover: { clusters: ['c1'] } }).discover(signal);
    expect((await readAll(found))[0]?.origin.tags).toMatchObject({ service: 'api' });
  });

  test.each(['ecs:ListServices', 'ecs:DescribeServices', 'ecs:ListTasks', 'ecs:DescribeTasks'])(
    'without %s the rest still leads to the group',
    async (action) => {
      const found = await make(denied(action), { fallback_log_groups: [] }).discover(signal);
      expect(titles(found.partitions)).toEqual(['/ecs/api (cn-north-1)']);
    },
  );
});

describe('the check on ECS', () => {
  test('goes from the identity to the groups, and names what is denied', async () => {
    const aws = new InMemoryAws();
    aws.addGroup(REGION, '/ecs/api');
    addService(aws, at('api'), { group: '/ecs/api' }, [taskId(1)]);
    const lines = async () =>
      (await make(aws).check(signal)).map(({ status, title }) => `${status} ${title}`);
    expect(await lines()).toEqual([
      'ok Identity of account test',
      'ok Read ECS of cn-north-1',
      'ok List log groups of cn-north-1',
      'ok Read /ecs/api (cn-north-1)',
    ]);
    aws.denied.add('ecs:ListClusters').add('logs:FilterLogEvents');
    expect(await lines()).toEqual([
      'ok Identity of account test',
      'warning ECS of cn-north-1 may not be read completely',
      'ok List log groups of cn-north-1',
      'failed Read /ecs/api (cn-north-1)',
    ]);
  });
});

test('the tree for showing has every workload and container, and a Region that fails says so', async () => {
  const aws = new InMemoryAws(['r1', 'r2']);
  addService(aws, at('api', 'c1', 'r1'), { group: '/ecs/api' }, [taskId(1)]);
  aws.broken.add('r2');
  const tree = await discoverEcs(aws, { ...selectEverything, services: ['web'] }, signal);
  expect(tree.regions[0]?.clusters[0]?.workloads[0]).toMatchObject({
    kind: 'service',
    name: 'api',
    selected: false,
    runningCount: 1,
    containers: [{ name: 'app', driver: 'awslogs', log: { group: '/ecs/api', streamPrefix: 'ecs' } }],
  });
  expect(tree.regions[1]?.failure?.code).toBe('AWS_UNREACHABLE');
});

test('each option is described, nested ones too', () => {
  const json = z.toJSONSchema(awsEcsOptions, { io: 'input' });
  const options = Object.values(json.properties ?? {}) as { readonly properties?: object }[];
  const nested = options.flatMap(({ properties }) => Object.values(properties ?? {}) as object[]);
  expect(nested.length).toBeGreaterThan(0);
  for (const option of [...options, ...nested]) expect(option).toHaveProperty('description');
});

describe('what is named and is not there', () => {
  const reasons = async (aws: InMemoryAws, discover: object) => {
    const { missing, warnings } = await make(aws, { discover }).discover(signal);
    return [missing.map(({ reason }) => reason), titles(warnings)];
  };
  const withServices = () => {
    const aws = new InMemoryAws();
    addService(aws, at('checkout'), { group: '/ecs/checkout' }, [taskId(1)]);
    return aws;
  };

  test('a cluster, and services where nothing else is selected, are missing, with what was probably meant', async () => {
    const aws = withServices();
    expect(await reasons(aws, { clusters: ['c2', 'c1'] })).toEqual([
      [`There is no cluster c2 in ${REGION}. Did you mean "c1"?`],
      [],
    ]);
    expect(await reasons(aws, { clusters: ['*'], services: ['chekout', 'orders-eu'] })).toEqual([
      [
        `There is no service or task chekout in ${REGION}. Did you mean "checkout"?`,
        `There is no service or task orders-eu in ${REGION}.`,
      ],
      [],
    ]);
    expect(await reasons(aws, { clusters: ['*'], services: ['chekout', 'checkout'] })).toEqual([[], []]);
  });

  test('a pattern that matches nothing yet is a warning', async () => {
    expect(await reasons(withServices(), { clusters: ['*'], services: ['x-*'] })).toEqual([
      [],
      ['Nothing is selected'],
    ]);
  });
});
