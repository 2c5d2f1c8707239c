import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { InMemoryAws } from '../../aws/log-groups/testing/in-memory-aws.ts';
import { noMetrics } from '../../contracts/metrics.ts';
import { FakeClock } from '../../foundation/fake-clock.ts';
import { silentLogger } from '../../foundation/logger.ts';
import { systemRandom } from '../../foundation/random.ts';
import type { SourceContext } from '../source-context.ts';
import { cloudWatchLogs } from './definition.ts';
import { cloudWatchLogsOptions } from './options.ts';

const signal = new AbortController().signal;

function make(aws: InMemoryAws, options: object) {
  const context: SourceContext = {
    id: 'src',
    clock: new FakeClock(1_000_000),
    random: systemRandom,
    logger: silentLogger,
    metrics: noMetrics,
    dataDir: '/nowhere',
    accounts: { get: () => aws, budgets: () => [], close: () => Promise.resolve() },
  };
  return cloudWatchLogs.create(cloudWatchLogsOptions.parse(options), context);
}
const titles = (items: readonly { readonly title: string }[]) => items.map(({ title }) => title);

describe('discovery of log groups', () => {
  test('finds all of more than fifty groups in three Regions', async () => {
    const aws = new InMemoryAws(['r1', 'r2', 'r3']);
    for (const region of aws.regions)
      for (let index = 0; index < 120; index++) aws.addGroup(region, `/ecs/g${index}`);
    const { partitions } = await make(aws, { log_groups: ['/ecs/*'] }).discover(signal);
    expect(partitions).toHaveLength(360);
    expect(new Set(partitions.map(({ key }) => key)).size).toBe(360);
  });

  test('passes by what is excluded, what cannot be read and what is not there, and says so', async () => {
    const aws = new InMemoryAws();
    aws.addGroup('cn-north-1', '/ecs/a');
    aws.addGroup('cn-north-1', '/ecs/a-debug');
    aws.addGroup('cn-north-1', '/ecs/cold', { logGroupClass: 'INFREQUENT_ACCESS' });
    const found = await make(aws, {
      log_groups: ['/ecs/*', '/nope', 'x*'],
      exclude: ['*-debug'],
    }).discover(signal);
    expect(titles(found.partitions)).toEqual(['/ecs/a (cn-north-1)']);
    expect(titles(found.skipped)).toEqual(['/ecs/cold (cn-north-1)']);
    expect(titles(found.missing)).toEqual(['/nope']);
    expect(titles(found.warnings)).toEqual(['x*']);
  });

  test('a name that is nowhere is told with what it was probably meant to be, asked for once', async () => {
    const aws = new InMemoryAws();
    for (const name of ['/ecs/billing', '/ecs/checkout', '/other']) aws.addGroup('cn-north-1', name);
    const source = make(aws, {
      log_groups: ['/ecs/chekout', '/esc/billing', '/ecs/quite-else', '/ecs/billing'],
    });
    const { missing, partitions } = await source.discover(signal);
    expect(missing.map(({ reason }) => reason)).toEqual([
      'There is no log group /ecs/chekout in cn-north-1. Did you mean "/ecs/checkout"?',
      'There is no log group /esc/billing in cn-north-1. Did you mean "/ecs/billing"?',
      'There is no log group /ecs/quite-else in cn-north-1.',
    ]);
    expect(partitions).toHaveLength(1);
    const before = aws.calls.length;
    await source.discover(signal);
    expect(aws.calls.slice(before)).toHaveLength(4);
  });

  test('nothing is missing while a Region has not answered: it may be there', async () => {
    const aws = new InMemoryAws(['r1', 'r2']);
    aws.addGroup('r1', '/ecs/a');
    aws.broken.add('r2');
    const source = make(aws, { log_groups: ['/ecs/a', '/ecs/b'] });
    expect((await source.discover(signal)).missing).toEqual([]);
    aws.broken.clear();
    expect(titles((await source.discover(signal)).missing)).toEqual(['/ecs/b']);
    aws.addGroup('r2', '/ecs/b');
    expect((await source.discover(signal)).missing).toEqual([]);
  });

  test('tells of a group that it was deleted and made again, under the same key, and keeps all else', async () => {
    const aws = new InMemoryAws();
    aws.addGroup('cn-north-1', '/ecs/a');
    aws.addGroup('cn-north-1', '/ecs/b');
    const source = make(aws, { log_groups: ['/ecs/*'] });
    const before = (await source.discover(signal)).partitions;
    aws.at('cn-north-1').groups.shift();
    aws.addGroup('cn-north-1', '/ecs/a', { creationTime: 2000 });
    const after = (await source.discover(signal)).partitions;
    expect(after[0]?.key).toBe(before[0]?.key);
    expect([before[0]?.createdMillis, after[0]?.createdMillis]).toEqual([1000, 2000]);
    expect(after[1]).toBe(before[1]);
  });

  test('goes on by name where listing is denied, and warns', async () => {
    const aws = new InMemoryAws();
    aws.addGroup('cn-north-1', '/ecs/a');
    aws.denied.add('logs:DescribeLogGroups');
    const found = await make(aws, { log_groups: ['/ecs/a', 'x*'] }).discover(signal);
    expect(found.partitions[0]?.key).toBe('src|arn:aws-cn:logs:cn-north-1:111122223333:log-group:/ecs/a');
    expect(found.warnings[0]?.detail).toContain('x*');
    await expect(make(aws, { log_groups: ['x*'] }).discover(signal)).rejects.toMatchObject({
      code: 'AWS_DENIED',
    });
  });

  test('keeps the keys that it knows when listing is denied later', async () => {
    const aws = new InMemoryAws();
    aws.addGroup('cn-north-1', '/ecs/a');
    const source = make(aws, { log_groups: ['/ecs/a'] });
    const before = await source.discover(signal);
    aws.denied.add('logs:DescribeLogGroups');
    expect((await source.discover(signal)).partitions[0]?.key).toBe(before.partitions[0]?.key);
  });

  test('keeps what it found in a Region that fails now, and throws when it never saw any', async () => {
    const aws = new InMemoryAws(['r1', 'r2']);
    aws.addGroup('r1', '/ecs/a');
    aws.addGroup('r2', '/ecs/a');
    const source = make(aws, { log_groups: ['/ecs/a'] });
    await source.discover(signal);
    aws.broken.add('r2');
    const found = await source.discover(signal);
    expect(titles(found.partitions)).toEqual(['/ecs/a (r1)', '/ecs/a (r2)']);
    expect(titles(found.warnings)).toEqual(['Region r2 could not be looked at']);
    aws.broken.add('r1');
    await expect(make(aws, { log_groups: ['/ecs/a'] }).discover(signal)).rejects.toMatchObject({
      code: 'AWS_UNREACHABLE',
    });
  });

  test('asks a linked account by ARN, and reads its group by ARN', async () => {
    const aws = new InMemoryAws();
    const arn = 'arn:aws-cn:logs:cn-north-1:999988887777:log-group:/ecs/far';
    aws.denied.add('logs:DescribeLogGroups');
    const { partitions } = await make(aws, { log_groups: [arn] }).discover(signal);
    aws.intercept = () => ({ events: [], $metadata: {} });
    const read = partitions[0]?.read({ fromMillis: 0, toMillis: 1, priority: 'live' }, signal);
    for await (const page of read ?? []) expect(page.records).toEqual([]);
    expect(aws.filterInputs[0]).toMatchObject({ logGroupIdentifier: arn });
    expect(aws.filterInputs[0]).not.toHaveProperty('logGroupName');
  });
});

describe('the check', () => {
  test('names each group that cannot be read, with the next step', async () => {
    const aws = new InMemoryAws();
    aws.addGroup('cn-north-1', '/ecs/a');
    const source = make(aws, { log_groups: ['/ecs/a', '/nope'] });
    expect((await source.check(signal)).map(({ status, title }) => `${status} ${title}`)).toEqual([
      'ok Identity of account test',
      'ok List log groups of cn-north-1',
      'ok Read /ecs/a (cn-north-1)',
      'failed /nope',
    ]);
    aws.denied.add('logs:FilterLogEvents');
    expect((await source.check(signal))[2]).toMatchObject({ status: 'failed', code: 'AWS_DENIED' });
  });
});

describe('the options', () => {
  test.each([
    {},
    { log_groups: [] },
    { log_groups: ['/a(/'] },
    { log_groups: ['a'], log_stream_prefix: 'x', log_streams: ['y'] },
    { log_groups: ['a'], log_group: 'b' },
  ])('refuse %j', (input) => expect(cloudWatchLogsOptions.safeParse(input).success).toBe(false));
  test('are described, each of them', () => {
    const { properties } = z.toJSONSchema(cloudWatchLogsOptions, { io: 'input' });
    for (const option of Object.values(properties ?? {})) expect(option).toHaveProperty('description');
  });
});
