import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { noMetrics } from '../../contracts/metrics.ts';
import type { Page } from '../../contracts/pull-source.ts';
import { LogferryError } from '../../foundation/logferry-error.ts';
import { silentLogger } from '../../foundation/logger.ts';
import { readEvent } from './event-record.ts';
import { type LogGroup, toLogGroup } from './log-group.ts';
import { logGroupPartition, partitionKey } from './log-group-partition.ts';
import { namedStreams } from './named-streams.ts';
import { InMemoryAws, type MemoryEvent } from './testing/in-memory-aws.ts';

const REGION = 'cn-north-1';
const NAME = '/ecs/api';
const slice = { fromMillis: 0, toMillis: 1000, priority: 'live' } as const;

function setUp(events: MemoryEvent[], own?: string) {
  const aws = new InMemoryAws();
  aws.addGroup(REGION, NAME, { retentionInDays: 1 }, events);
  const group = toLogGroup(aws.at(REGION).groups[0] ?? {}, REGION, false, 0) as LogGroup;
  const dropped: string[] = [];
  const partition = logGroupPartition({
    sourceId: 's',
    group,
    newestGroup: () => group,
    filter: {},
    api: aws.logs(REGION),
    origins: namedStreams(group, 'ds', own),
    logger: silentLogger,
    metrics: { ...noMetrics, count: (_, labels) => dropped.push(Object.values(labels).join(' ')) },
  });
  const read = async (range: { fromMillis: number; toMillis: number } = slice) => {
    const pages: Page[] = [];
    for await (const page of partition.read({ ...slice, ...range }, new AbortController().signal))
      pages.push(page);
    return pages;
  };
  return { aws, group, partition, read, dropped };
}

const event = (number: number, timestamp = number): MemoryEvent => ({
  logStreamName: 'a',
  timestamp,
  message: `m${number}`,
  ingestionTime: timestamp + 5,
  eventId: `e${number}`,
});
const events = (count: number) => Array.from({ length: count }, (_, index) => event(index));
const ids = (pages: readonly Page[]) => pages.flatMap(({ records }) => records.map(({ id }) => id));

describe('reading a slice', () => {
  test('takes both ends in, and nothing beyond', async () => {
    const { read } = setUp([event(1, 99), event(2, 100), event(3, 200), event(4, 201)]);
    expect(ids(await read({ fromMillis: 100, toMillis: 200 }))).toEqual(['e2', 'e3']);
  });

  test('reads more events of one millisecond than a page holds', async () => {
    const { aws, read } = setUp(Array.from({ length: 7 }, (_, index) => event(index, 5)));
    aws.pageSize = 3;
    expect(ids(await read({ fromMillis: 5, toMillis: 5 }))).toHaveLength(7);
  });

  test('goes on after an empty page that carries a token', async () => {
    const { aws, read } = setUp(events(3));
    let empties = 0;
    aws.intercept = () =>
      empties++ < 3 ? { events: [], nextToken: `0${empties}`, $metadata: {} } : undefined;
    // The made-up tokens 01, 02, 03 are offsets for the service in memory: skip none of the events.
    aws.at(REGION).events.set(NAME, [event(90), event(91), event(92), ...events(3)]);
    const pages = await read();
    expect(pages).toHaveLength(4);
    expect(ids(pages)).toEqual(['e0', 'e1', 'e2']);
  });

  test('begins again when a token comes twice, and ends when it then goes on', async () => {
    const { aws, read } = setUp(events(6));
    aws.pageSize = 2;
    let turns = 0;
    aws.intercept = (input) =>
      input.nextToken === '2' && turns++ === 0 ? { events: [], nextToken: '2', $metadata: {} } : undefined;
    expect(ids(await read())).toEqual(['e0', 'e1', 'e0', 'e1', 'e2', 'e3', 'e4', 'e5']);
  });

  test('gives up with AWS_BAD_REPLY when a token is repeated for ever', async () => {
    const { aws, read } = setUp(events(1));
    aws.intercept = () => ({ events: [], nextToken: 'same', $metadata: {} });
    await expect(read()).rejects.toMatchObject({ code: 'AWS_BAD_REPLY' });
    expect(aws.filterInputs).toHaveLength(6);
  });

  test('begins again when a token has expired, from the start of the slice and without it', async () => {
    const { aws, read } = setUp(events(5));
    aws.pageSize = 2;
    let turns = 0;
    aws.intercept = (input) => {
      if (input.nextToken === '4' && turns++ === 0)
        throw new LogferryError('AWS_INVALID_REQUEST', 'The specified nextToken is invalid.');
      return undefined;
    };
    expect(new Set(ids(await read()))).toEqual(new Set(['e0', 'e1', 'e2', 'e3', 'e4']));
    expect(aws.filterInputs.map(({ nextToken }) => nextToken)).toEqual([
      undefined,
      '2',
      '4',
      undefined,
      '2',
      '4',
    ]);
  });

  test('takes the same error without a token for what it is', async () => {
    const { aws, read } = setUp([]);
    aws.intercept = () => {
      throw new LogferryError('AWS_INVALID_REQUEST', 'bad pattern');
    };
    await expect(read()).rejects.toMatchObject({ code: 'AWS_INVALID_REQUEST' });
    expect(aws.filterInputs).toHaveLength(1);
  });

  test('throws AWS_NOT_FOUND for a group that was deleted', async () => {
    const { aws, read } = setUp([]);
    aws.at(REGION).events.delete(NAME);
    await expect(read()).rejects.toMatchObject({ code: 'AWS_NOT_FOUND' });
  });

  test('shares the origin among the records of a stream, and tells the clock of the service', async () => {
    const { aws, read } = setUp(events(4));
    aws.pageSize = 2;
    const pages = await read();
    expect(new Set(pages.flatMap(({ records }) => records.map(({ origin }) => origin))).size).toBe(1);
    expect(pages[0]?.serverMillis).toBe(42);
  });
});

describe('an event', () => {
  test('without id gets the same id however it is read, and equal ones are told apart', async () => {
    const nameless = { logStreamName: 'a', timestamp: 5, message: 'same' };
    const { aws, read } = setUp([
      nameless,
      nameless,
      { ...nameless, message: 'other' },
      { ...nameless, timestamp: 9 },
    ]);
    const whole = ids(await read());
    aws.pageSize = 1;
    expect(ids(await read())).toEqual(whole);
    expect(ids(await read({ fromMillis: 5, toMillis: 5 }))).toEqual(whole.slice(0, 3));
    expect(new Set(whole).size).toBe(4);
  });

  test('keeps its message as it is', async () => {
    const message = '\u0000\ud800 \u001b[31m\r\n😀';
    const { read } = setUp([{ ...event(1), message }]);
    expect((await read())[0]?.records[0]?.message).toBe(message);
  });

  test('that is ill-typed becomes what can be made of it, or is counted', async () => {
    const { aws, read, dropped } = setUp([]);
    const odd = [
      { timestamp: '7', message: { a: 1 }, eventId: 'x' },
      null,
      3,
      {},
      { message: 'no time' },
      { ingestionTime: 8 },
    ];
    aws.intercept = () => ({ events: odd as object[], $metadata: {} });
    const records = (await read())[0]?.records ?? [];
    expect(records.map(({ timestampMillis, message }) => [timestampMillis, message])).toEqual([
      [7, '{"a":1}'],
      [8, ''],
    ]);
    expect(dropped).toEqual(Array.from({ length: 4 }, () => 's malformed'));
  });

  test('without id keeps it when the slice begins again', async () => {
    const nameless = { logStreamName: 'a', timestamp: 5, message: 'same' };
    const { aws, read } = setUp([nameless, nameless, nameless]);
    aws.pageSize = 2;
    let turns = 0;
    aws.intercept = (input) =>
      input.nextToken === '2' && turns++ === 0 ? { events: [], nextToken: '2', $metadata: {} } : undefined;
    const read5 = ids(await read());
    expect(read5).toHaveLength(5);
    expect(new Set(read5).size).toBe(3);
  });

  test('of any shape is read as text or not at all', () => {
    const kinds = new Set<string>();
    fc.assert(
      fc.property(fc.jsonValue(), fc.jsonValue(), (timestamp, message) => {
        readEvent(timestamp);
        const event = readEvent({ timestamp, message, logStreamName: message, eventId: timestamp });
        kinds.add(event === undefined ? 'none' : typeof event.message);
      }),
    );
    expect([...kinds].sort()).toEqual(['none', 'string']);
  });

  test('of the own stream is left out and counted once, however often it is read', async () => {
    const { read, dropped } = setUp([event(1), event(2), { ...event(3), logStreamName: 'b' }], 'a');
    expect(ids(await read())).toEqual(['e3']);
    await read();
    expect(dropped).toEqual(['s own_logs', 's own_logs']);
  });
});

test('the key follows the group itself and the filter, not the order of the stream names', () => {
  const { group } = setUp([]);
  const key = partitionKey('s', group, {});
  expect(key).toBe(`s|arn:aws-cn:logs:cn-north-1:111122223333:log-group:/ecs/api`);
  expect(partitionKey('s', { ...group, creationMillis: 2000 }, {})).toBe(key);
  expect(partitionKey('other', group, {})).not.toBe(key);
  expect(partitionKey('s', { ...group, retentionMillis: 1 }, {})).toBe(key);
  const filtered = partitionKey('s', group, { streamNames: ['a', 'b'] });
  expect(filtered).not.toBe(key);
  expect(partitionKey('s', group, { streamNames: ['b', 'a'] })).toBe(filtered);
  expect(setUp([]).partition).toMatchObject({
    title: '/ecs/api (cn-north-1)',
    retentionMillis: 86_400_000,
    createdMillis: 1000,
  });
});
