import {
  CreateLogGroupCommand,
  CreateLogStreamCommand,
  DeleteLogGroupCommand,
  DescribeLogStreamsCommand,
  FilterLogEventsCommand,
  ListLogGroupsCommand,
  PutLogEventsCommand,
  PutRetentionPolicyCommand,
  paginateDescribeLogGroups,
  paginateDescribeLogStreams,
} from '@aws-sdk/client-cloudwatch-logs';
import { describe, expect, test } from 'vitest';
import { FakeClock } from '../../../foundation/fake-clock.ts';
import { GROUP, REGION, startWire } from '../testing/wire-clients.ts';

const NOW = Date.UTC(2026, 10, 20, 12);

describe('log groups', () => {
  test('are listed by name in pages of at most 50, by prefix and by pattern', async () => {
    const names = Array.from({ length: 120 }, (_, index) => `/ecs/app-${String(index).padStart(3, '0')}`);
    const wire = await startWire({}, (world) => {
      for (const name of names.toReversed()) world.createLogGroup({ region: REGION, name, retentionDays: 7 });
    });
    const client = wire.logs();
    const sizes: number[] = [];
    const found: (string | undefined)[] = [];
    for await (const { logGroups = [] } of paginateDescribeLogGroups(
      { client },
      { logGroupNamePrefix: '/ecs/' },
    )) {
      sizes.push(logGroups.length);
      found.push(...logGroups.map((group) => group.logGroupName));
      expect(logGroups[0]).toMatchObject({ retentionInDays: 7, creationTime: 0, logGroupClass: 'STANDARD' });
      expect(logGroups[0]?.arn).toBe(`${logGroups[0]?.logGroupArn}:*`);
    }
    expect(sizes).toEqual([50, 50, 20]);
    expect(found).toEqual(names);
    const byExpression = await client.send(
      new ListLogGroupsCommand({ logGroupNamePattern: '^/ecs/app-01|-119' }),
    );
    expect(byExpression.logGroups).toHaveLength(11);
  });

  test('are made, filled, bounded and deleted over the wire', async () => {
    const clock = new FakeClock(NOW);
    const wire = await startWire({ clock });
    const client = wire.logs();
    const named = { logGroupName: GROUP };
    await client.send(new CreateLogGroupCommand(named));
    await expect(client.send(new CreateLogGroupCommand(named))).rejects.toMatchObject({
      name: 'ResourceAlreadyExistsException',
    });
    const put = (timestamps: readonly number[]) =>
      client.send(
        new PutLogEventsCommand({
          ...named,
          logStreamName: 's',
          logEvents: timestamps.map((timestamp) => ({ timestamp, message: `at ${timestamp}` })),
        }),
      );
    await expect(put([NOW])).rejects.toMatchObject({ message: 'The specified log stream does not exist.' });
    await client.send(new CreateLogStreamCommand({ ...named, logStreamName: 's' }));
    const [old, ahead] = [NOW - 15 * 86_400_000, NOW + 3 * 3_600_000];
    const { rejectedLogEventsInfo } = await put([old, NOW, NOW + 3_600_000, ahead]);
    expect(rejectedLogEventsInfo).toEqual({ tooOldLogEventEndIndex: 1, tooNewLogEventStartIndex: 3 });
    await expect(put([NOW, NOW - 1])).rejects.toThrow(/chronological order/);
    const { events } = await client.send(new FilterLogEventsCommand(named));
    expect(events?.map((event) => event.ingestionTime)).toEqual([NOW, NOW]);
    await client.send(new PutRetentionPolicyCommand({ ...named, retentionInDays: 1 }));
    clock.setWallClock(NOW + 86_400_000 + 1);
    expect((await client.send(new FilterLogEventsCommand(named))).events).toHaveLength(1);
    await client.send(new DeleteLogGroupCommand(named));
    await expect(client.send(new FilterLogEventsCommand(named))).rejects.toMatchObject({
      name: 'ResourceNotFoundException',
    });
  });
});

describe('log streams', () => {
  test('are listed by name or by their last event, with the times of what is shown', async () => {
    const clock = new FakeClock(NOW);
    const wire = await startWire({ clock }, (world) => {
      world.createLogGroup({ region: REGION, name: GROUP });
      const times = (...millis: number[]) =>
        millis.map((timestampMillis) => ({ timestampMillis, message: 'x' }));
      world.putEvents(REGION, GROUP, 'a', times(NOW - 50, NOW - 10, NOW + 10));
      world.putEvents(REGION, GROUP, 'b', times(NOW - 30));
      world.putEvents(REGION, GROUP, 'c', times(NOW - 5));
      world.putEvents(REGION, GROUP, 'of tomorrow', times(NOW + 9999));
    });
    const client = wire.logs();
    const byName: (string | undefined)[] = [];
    const pages = paginateDescribeLogStreams({ client }, { logGroupName: GROUP, limit: 2 });
    for await (const { logStreams = [] } of pages)
      byName.push(...logStreams.map((stream) => stream.logStreamName));
    expect(byName).toEqual(['a', 'b', 'c']);
    const latest = await client.send(
      new DescribeLogStreamsCommand({
        logGroupName: GROUP,
        orderBy: 'LastEventTime',
        descending: true,
        limit: 2,
      }),
    );
    expect(latest.logStreams?.map((stream) => stream.logStreamName)).toEqual(['c', 'a']);
    expect(latest.logStreams?.[1]).toMatchObject({
      firstEventTimestamp: NOW - 50,
      lastEventTimestamp: NOW - 10,
    });
    const both = { logGroupName: GROUP, orderBy: 'LastEventTime', logStreamNamePrefix: 'a' } as const;
    await expect(client.send(new DescribeLogStreamsCommand(both))).rejects.toThrow(
      /Cannot order by LastEventTime/,
    );
  });
});
