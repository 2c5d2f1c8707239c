import { describe, expect, test } from 'vitest';
import type { LogGroup } from './log-group.ts';
import { parseLogGroupArn } from './log-group.ts';
import { ownLogsOf } from './own-logs.ts';
import { parseEcsStreamName } from './stream-name.ts';
import { streamTags } from './stream-tags.ts';
import { taskId } from './testing/in-memory-aws.ts';

const group: LogGroup = {
  name: '/ecs/api',
  arn: 'arn:aws:logs:r:1:log-group:/ecs/api',
  region: 'r',
  accountId: '1',
  unreadableClass: false,
  linked: false,
};

describe('a stream name', () => {
  test('is split from the right, because the prefix may hold slashes', () => {
    expect(parseEcsStreamName(`team/a/ecs/app/${taskId(7)}`)).toEqual({
      prefix: 'team/a/ecs',
      container: 'app',
      taskId: taskId(7),
    });
  });
  test.each([
    '',
    '/',
    'app',
    `app/${taskId(1)}`,
    `/app/${taskId(1)}`,
    `p//${taskId(1)}`,
    'a/b/c',
    '2026/11/23/[$LATEST]ab',
  ])('of another form says nothing: %j', (name) => expect(parseEcsStreamName(name)).toBeUndefined());
  test('gives the tags of a task, or else the stream as host', () => {
    const stream = `ecs/app/${taskId(7)}`;
    expect(streamTags(group, stream)).toEqual({
      log_group: '/ecs/api',
      log_stream: stream,
      aws_region: 'r',
      aws_account_id: '1',
      host: taskId(7),
      container_name: 'app',
      task_id: taskId(7),
    });
    expect(streamTags(group, 'i-0abc')).toMatchObject({ host: 'i-0abc' });
    expect(streamTags(group, 'i-0abc')).not.toHaveProperty('task_id');
  });
});

test('the ARN of a log group is read with and without the star at its end', () => {
  const arn = 'arn:aws-cn:logs:cn-north-1:12:log-group:/ecs/a';
  expect(parseLogGroupArn(`${arn}:*`)).toEqual({
    arn,
    partition: 'aws-cn',
    region: 'cn-north-1',
    accountId: '12',
    name: '/ecs/a',
  });
  expect(parseLogGroupArn('/ecs/a')).toBeUndefined();
});

test('the own log group is told by the container metadata, and by nothing else', () => {
  const metadata = {
    LogDriver: 'awslogs',
    LogOptions: { 'awslogs-group': '/ecs/lf', 'awslogs-region': 'r', 'awslogs-stream': 's' },
    Labels: {
      'com.amazonaws.ecs.task-arn': 'arn:aws:ecs:r:1:task/c/t',
      'com.amazonaws.ecs.task-definition-family': 'lf',
    },
  };
  expect(ownLogsOf(metadata)).toEqual({
    groupArn: 'arn:aws:logs:r:1:log-group:/ecs/lf',
    group: '/ecs/lf',
    region: 'r',
    stream: 's',
    family: 'lf',
  });
  for (const odd of [null, 'x', {}, { ...metadata, LogDriver: 'splunk' }, { ...metadata, Labels: 5 }])
    expect(ownLogsOf(odd)).toBeUndefined();
});
