import {
  type CloudWatchLogsClient,
  type FilteredLogEvent,
  FilterLogEventsCommand,
  type FilterLogEventsCommandInput,
  GetLogEventsCommand,
  paginateFilterLogEvents,
} from '@aws-sdk/client-cloudwatch-logs';
import { describe, expect, test } from 'vitest';
import { FakeClock } from '../../../foundation/fake-clock.ts';
import { fillGroup, GROUP, REGION, startWire } from '../testing/wire-clients.ts';

const NOON = Date.UTC(2026, 10, 20, 12);
const DAY = 86_400_000;

async function readAll(logs: CloudWatchLogsClient, more: Partial<FilterLogEventsCommandInput> = {}) {
  const pages: FilteredLogEvent[][] = [];
  for await (const page of paginateFilterLogEvents({ client: logs }, { logGroupName: GROUP, ...more })) {
    pages.push(page.events ?? []);
  }
  return { pages, events: pages.flat() };
}

const messages = (events: readonly { message?: string | undefined }[]) =>
  events.map(({ message }) => message);

describe('FilterLogEvents', () => {
  test('pages through more than 10,000 events and gives each of them once, by time', async () => {
    const wire = await startWire({}, (world) => fillGroup(world, NOON, 25_000, 3));
    const { pages, events } = await readAll(wire.logs());
    expect(pages.map((page) => page.length)).toEqual([10_000, 10_000, 5_000]);
    expect(
      events.map(({ eventId, logStreamName, timestamp, message }) => ({
        eventId,
        logStreamName,
        timestamp,
        message,
      })),
    ).toEqual(
      wire.world.events(REGION, GROUP).map((event) => ({
        eventId: event.id,
        logStreamName: event.stream,
        timestamp: event.timestampMillis,
        message: event.message,
      })),
    );
  });

  test('ends a page at one megabyte of text', async () => {
    const wire = await startWire({}, (world) => fillGroup(world, NOON, 30, 1, 'x'.repeat(100_000)));
    const { pages } = await readAll(wire.logs());
    expect(pages.map((page) => page.length)).toEqual([10, 10, 10]);
  });

  test('includes the events of both its ends', async () => {
    const wire = await startWire({}, (world) => fillGroup(world, NOON, 10));
    const { events } = await readAll(wire.logs(), { startTime: NOON + 2, endTime: NOON + 4 });
    expect(messages(events)).toEqual(['line 2', 'line 3', 'line 4']);
  });

  test('reads chosen streams, streams of a prefix, and patterns, with limits and pages', async () => {
    const wire = await startWire({}, (world) => fillGroup(world, NOON, 100, 4));
    const logs = wire.logs();
    const two = await readAll(logs, { logStreamNames: ['s1', 's3'], limit: 7 });
    expect(two.pages[0]).toHaveLength(7);
    expect(two.events).toHaveLength(50);
    expect(new Set(two.events.map((event) => event.logStreamName))).toEqual(new Set(['s1', 's3']));
    expect((await readAll(logs, { logStreamNamePrefix: 's2', limit: 10 })).events).toHaveLength(25);
    expect(messages((await readAll(logs, { filterPattern: '"line 42"' })).events)).toEqual(['line 42']);
  });

  test('pages inside one millisecond', async () => {
    const wire = await startWire({}, (world) => {
      world.createLogGroup({ region: REGION, name: GROUP });
      const events = Array.from({ length: 25 }, (_, index) => ({
        timestampMillis: NOON,
        message: `m${index}`,
      }));
      world.putEvents(REGION, GROUP, 's', events);
    });
    const { pages, events } = await readAll(wire.logs(), { limit: 10, startTime: NOON, endTime: NOON });
    expect(pages.map((page) => page.length)).toEqual([10, 10, 5]);
    expect(messages(events)).toEqual(Array.from({ length: 25 }, (_, index) => `m${index}`));
  });

  test('ends a page with a token when it has looked at enough, be it empty', async () => {
    const wire = await startWire({ scannedEvents: 40 }, (world) => fillGroup(world, NOON, 100));
    const { pages } = await readAll(wire.logs(), { filterPattern: '99' });
    expect(pages.map((page) => page.length)).toEqual([0, 0, 1]);
  });

  test('shows an event from the moment it is visible until its retention ends', async () => {
    const clock = new FakeClock(NOON);
    const wire = await startWire({ clock }, (world) => {
      world.createLogGroup({ region: REGION, name: GROUP, retentionDays: 1 });
      world.putEvents(REGION, GROUP, 's', [
        { timestampMillis: NOON - 2, message: 'seen' },
        { timestampMillis: NOON - 1, message: 'late', ingestedMillis: NOON + 60_000 },
        { timestampMillis: NOON + 3_600_000, message: 'ahead', ingestedMillis: NOON },
      ]);
    });
    const logs = wire.logs();
    expect(messages((await readAll(logs)).events)).toEqual(['seen', 'ahead']);
    clock.setWallClock(NOON + 60_000);
    expect(messages((await readAll(logs)).events)).toEqual(['seen', 'late', 'ahead']);
    clock.setWallClock(NOON + DAY);
    expect(messages((await readAll(logs)).events)).toEqual(['ahead']);
  });

  test('keeps a page’s token good while earlier and later events come in', async () => {
    const wire = await startWire({}, (world) => fillGroup(world, NOON, 4));
    const logs = wire.logs();
    const first = await logs.send(new FilterLogEventsCommand({ logGroupName: GROUP, limit: 2 }));
    wire.world.putEvents(REGION, GROUP, 's0', [
      { timestampMillis: NOON - 5, message: 'earlier' },
      { timestampMillis: NOON + 9, message: 'later' },
    ]);
    const rest = await readAll(logs, { nextToken: first.nextToken, limit: 2 });
    expect(messages(rest.events)).toEqual(['line 2', 'line 3', 'later']);
  });

  test('takes a token back only with the parameters it came with, and for 24 hours', async () => {
    const clock = new FakeClock(NOON);
    const wire = await startWire({ clock }, (world) => fillGroup(world, NOON - 1000, 100));
    const logs = wire.logs();
    const { nextToken } = await logs.send(new FilterLogEventsCommand({ logGroupName: GROUP, limit: 2 }));
    const again = (more: object) =>
      logs.send(new FilterLogEventsCommand({ logGroupName: GROUP, nextToken, ...more }));
    const refused = { name: 'InvalidParameterException' };
    await expect(again({ startTime: 5 })).rejects.toMatchObject(refused);
    await expect(again({ nextToken: `${nextToken}x1` })).rejects.toMatchObject(refused);
    await expect(again({ nextToken: 'nonsense' })).rejects.toMatchObject(refused);
    expect((await again({ limit: 3 })).events).toHaveLength(3);
    clock.setWallClock(NOON + DAY + 1);
    await expect(again({})).rejects.toMatchObject({
      ...refused,
      message: 'The specified nextToken has expired.',
    });
  });

  test('refuses the token of a group that was deleted and made again', async () => {
    const wire = await startWire({}, (world) => fillGroup(world, NOON, 5));
    const logs = wire.logs();
    const { nextToken } = await logs.send(new FilterLogEventsCommand({ logGroupName: GROUP, limit: 2 }));
    wire.world.deleteLogGroup(REGION, GROUP);
    wire.world.createLogGroup({ region: REGION, name: GROUP });
    const again = new FilterLogEventsCommand({ logGroupName: GROUP, limit: 2, nextToken });
    await expect(logs.send(again)).rejects.toMatchObject({ name: 'InvalidParameterException' });
  });

  test('refuses what is not there and what it cannot do in the words of the service', async () => {
    const wire = await startWire({}, (world) => {
      fillGroup(world, NOON, 1);
      world.createLogGroup({ region: REGION, name: '/rare', logGroupClass: 'INFREQUENT_ACCESS' });
    });
    const logs = wire.logs();
    const ask = (input: FilterLogEventsCommandInput) => logs.send(new FilterLogEventsCommand(input));
    await expect(ask({ logGroupName: '/no' })).rejects.toMatchObject({
      name: 'ResourceNotFoundException',
      message: 'The specified log group does not exist.',
      $metadata: { httpStatusCode: 400 },
    });
    await expect(ask({ logGroupName: GROUP, logStreamNames: ['no'] })).rejects.toMatchObject({
      message: 'The specified log stream does not exist.',
    });
    await expect(ask({ logGroupName: '/rare' })).rejects.toMatchObject({ name: 'InvalidOperationException' });
    const both = { logGroupName: GROUP, logGroupIdentifier: GROUP };
    await expect(ask(both)).rejects.toMatchObject({ name: 'InvalidParameterException' });
    await expect(ask({ logGroupName: GROUP, limit: 10_001 })).rejects.toThrow(/less than or equal to 10000/);
  });

  test('knows a group by its ARN', async () => {
    const wire = await startWire({}, (world) => fillGroup(world, NOON, 1));
    const arn = `arn:aws:logs:${REGION}:${wire.world.accountId}:log-group:${GROUP}`;
    const reply = await wire.logs().send(new FilterLogEventsCommand({ logGroupIdentifier: arn }));
    expect(reply.events).toHaveLength(1);
  });

  test('carries every text unharmed', async () => {
    const texts = [
      'NUL \0',
      'quote " \\ slash',
      'emoji 🦊',
      '\u001b[31mred\u001b[0m',
      'line\r\nbreak',
      '中文',
      '\u2028',
    ];
    const wire = await startWire({}, (world) => {
      world.createLogGroup({ region: REGION, name: GROUP });
      const events = texts.map((message, index) => ({ timestampMillis: NOON + index, message }));
      world.putEvents(REGION, GROUP, 'a "quoted" stream', events);
    });
    expect(messages((await readAll(wire.logs())).events)).toEqual(texts);
  });
});

describe('GetLogEvents', () => {
  test('goes forward to where the sent token comes back, and on from there when more comes', async () => {
    const wire = await startWire({}, (world) => fillGroup(world, NOON, 5));
    const logs = wire.logs();
    const next = (nextToken?: string) =>
      logs.send(
        new GetLogEventsCommand({
          logGroupName: GROUP,
          logStreamName: 's0',
          startFromHead: true,
          limit: 3,
          nextToken,
        }),
      );
    const first = await next();
    const second = await next(first.nextForwardToken);
    const end = await next(second.nextForwardToken);
    expect(messages(first.events ?? [])).toEqual(['line 0', 'line 1', 'line 2']);
    expect(messages(second.events ?? [])).toEqual(['line 3', 'line 4']);
    expect(end.events).toEqual([]);
    expect(end.nextForwardToken).toBe(second.nextForwardToken);
    wire.world.putEvents(REGION, GROUP, 's0', [{ timestampMillis: NOON + 100, message: 'new' }]);
    expect(messages((await next(end.nextForwardToken)).events ?? [])).toEqual(['new']);
  });

  test('begins at the tail without startFromHead, and goes backward by the other token', async () => {
    const wire = await startWire({}, (world) => fillGroup(world, NOON, 5));
    const logs = wire.logs();
    const next = (nextToken?: string) =>
      logs.send(new GetLogEventsCommand({ logGroupName: GROUP, logStreamName: 's0', limit: 2, nextToken }));
    const last = await next();
    const before = await next(last.nextBackwardToken);
    const first = await next(before.nextBackwardToken);
    const end = await next(first.nextBackwardToken);
    expect([last, before, first, end].map((page) => messages(page.events ?? []))).toEqual([
      ['line 3', 'line 4'],
      ['line 1', 'line 2'],
      ['line 0'],
      [],
    ]);
    expect(end.nextBackwardToken).toBe(first.nextBackwardToken);
  });

  test('leaves out the event at its endTime', async () => {
    const wire = await startWire({}, (world) => fillGroup(world, NOON, 5));
    const input = { logGroupName: GROUP, logStreamName: 's0', startTime: NOON + 1, endTime: NOON + 3 };
    const reply = await wire.logs().send(new GetLogEventsCommand(input));
    expect(messages(reply.events ?? [])).toEqual(['line 1', 'line 2']);
  });
});
