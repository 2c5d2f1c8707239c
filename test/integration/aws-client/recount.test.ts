/** The other way to the events of a log group: GetLogEvents, stream by stream, at the demo's endpoint. */
import { describe, expect, onTestFinished, test } from 'vitest';
import { type LogGroup, toLogGroup } from '../../../src/aws/log-groups/log-group.ts';
import { namedStreams } from '../../../src/aws/log-groups/named-streams.ts';
import { recountByStream, type StreamsToRead } from '../../../src/aws/log-groups/recount-by-stream.ts';
import { startAwsEndpoint } from '../../../src/demo/endpoint/start-aws-endpoint.ts';
import { createAwsWorld } from '../../../src/demo/world/create-aws-world.ts';
import { systemClock } from '../../../src/foundation/clock.ts';
import { seededRandom } from '../../../src/foundation/random.ts';
import { KEYS, never, REGION, startAccounts } from './testing/aws-ground.ts';

const GROUP = '/ecs/many';
const NOW = Date.now();
const RANGE = { fromMillis: NOW - 120_000, toMillis: NOW - 60_001 };

async function setUp(more: { filter?: StreamsToRead['filter']; own?: string } = {}) {
  const world = createAwsWorld();
  const endpoint = await startAwsEndpoint({ world, clock: systemClock, random: seededRandom(1) });
  onTestFinished(() => endpoint.close());
  world.createLogGroup({ region: REGION, name: GROUP });
  const { accounts } = startAccounts({ test: { regions: [REGION], endpoint: endpoint.url, ...KEYS } });
  const api = accounts.get('test').logs(REGION);
  const described = await api.describeLogGroups({ logGroupNamePrefix: GROUP }, { signal: never() });
  const group = toLogGroup(described.output.logGroups?.[0] ?? {}, REGION, false, 0) as LogGroup;
  const recount = async () => {
    const filter = more.filter ?? {};
    const parts = { group, filter, api, origins: namedStreams(group, 's', more.own) };
    const result = await recountByStream(parts, RANGE, never());
    if (result.kind === 'impossible') return result.reason;
    const messages: string[] = [];
    for await (const page of result.pages) messages.push(...page.records.map(({ message }) => message));
    return messages.toSorted();
  };
  const put = (stream: string, ...events: (readonly [string, number])[]) =>
    world.putEvents(
      REGION,
      GROUP,
      stream,
      events.map(([message, timestampMillis]) => ({ message, timestampMillis })),
    );
  return { endpoint, recount, put };
}

describe('the events of a range, stream by stream', () => {
  test('are all of it, both ends inclusive, in every stream that may have some', async () => {
    const { recount, put } = await setUp();
    put('a', ['before', RANGE.fromMillis - 1], ['first', RANGE.fromMillis], ['last', RANGE.toMillis]);
    put('a', ['after', RANGE.toMillis + 1]);
    put('b', ['other', RANGE.fromMillis + 5], ['much later', NOW - 1000]);
    put('old', ['long ago', NOW - 20 * 3_600_000]);
    expect(await recount()).toEqual(['first', 'last', 'other']);
  });

  test('come in pages until the token comes back, empty pages among them', async () => {
    const { endpoint, recount, put } = await setUp();
    put('a', ...Array.from({ length: 7 }, (_, n) => [`m${n}`, RANGE.fromMillis + n] as const));
    endpoint.faults.add({ kind: 'empty-page', action: 'GetLogEvents', times: 2 });
    endpoint.faults.add({ kind: 'page-size', action: 'GetLogEvents', maxItems: 3 });
    expect(await recount()).toHaveLength(7);
  });

  test('are those of the streams that are read', async () => {
    for (const [filter, expected] of [
      [{ streamPrefix: 'app/' }, ['app/x']],
      [{ streamNames: ['other', 'not there'] }, ['other']],
    ] as const) {
      const { recount, put } = await setUp({ filter });
      for (const name of ['app/x', 'other']) put(name, [name, RANGE.fromMillis]);
      expect(await recount()).toEqual(expected);
    }
    const own = await setUp({ own: 'own' });
    own.put('own', ['own', RANGE.fromMillis]);
    own.put('a', ['a', RANGE.fromMillis]);
    expect(await own.recount()).toEqual(['a']);
  });

  test('are not counted where only the service can filter, may not be asked, or has too many streams', async () => {
    expect(await (await setUp({ filter: { filterPattern: 'ERROR' } })).recount()).toBe('filter_pattern');
    const denied = await setUp();
    denied.endpoint.faults.add({ kind: 'deny', action: 'DescribeLogStreams' });
    expect(await denied.recount()).toBe('denied');
    const many = await setUp();
    for (let n = 0; n < 41; n++) many.put(`s${n}`, ['m', RANGE.fromMillis]);
    expect(await many.recount()).toBe('too_many_streams');
  });
});
