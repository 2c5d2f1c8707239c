import {
  DescribeLogGroupsCommand,
  FilterLogEventsCommand,
  type FilterLogEventsCommandInput,
} from '@aws-sdk/client-cloudwatch-logs';
import { DescribeServicesCommand, ListClustersCommand } from '@aws-sdk/client-ecs';
import { describe, expect, test } from 'vitest';
import { FakeClock } from '../../../foundation/fake-clock.ts';
import { fillGroup, GROUP, REGION, startWire, type Wire } from '../testing/wire-clients.ts';
import type { FaultRule } from './fault.ts';

const NOON = Date.UTC(2026, 10, 20, 12);

async function faultyWire(...rules: FaultRule[]) {
  const wire = await startWire({}, (world) => fillGroup(world, NOON, 10, 2));
  const handles = rules.map((rule) => wire.endpoint.faults.add(rule));
  return { wire, handles, filter: filterOf(wire) };
}

function filterOf(wire: Wire) {
  const logs = wire.logs();
  return (more: Partial<FilterLogEventsCommandInput> = {}) =>
    logs.send(new FilterLogEventsCommand({ logGroupName: GROUP, ...more }));
}

const messages = ({ events = [] }: { events?: { message?: string | undefined }[] | undefined }) =>
  events.map(({ message }) => message);

describe('pages', () => {
  test('are empty with a token that goes on', async () => {
    const { filter } = await faultyWire({ kind: 'empty-page', times: 2 });
    const first = await filter();
    const second = await filter({ nextToken: first.nextToken });
    const third = await filter({ nextToken: second.nextToken });
    expect([first, second, third].map((page) => page.events?.length)).toEqual([0, 0, 10]);
    expect(second.nextToken).not.toBe(first.nextToken);
    expect(third.nextToken).toBeUndefined();
  });

  test('are partial', async () => {
    const { filter } = await faultyWire({ kind: 'page-size', maxItems: 4 });
    const first = await filter();
    const second = await filter({ nextToken: first.nextToken });
    expect(messages(first)).toEqual(['line 0', 'line 1', 'line 2', 'line 3']);
    expect(messages(second)[0]).toBe('line 4');
  });

  test('repeat with the token that was sent', async () => {
    const { filter } = await faultyWire(
      { kind: 'page-size', maxItems: 4 },
      { kind: 'repeat-page', skip: 1, times: 2 },
    );
    const first = await filter();
    const second = await filter({ nextToken: first.nextToken });
    const again = await filter({ nextToken: second.nextToken });
    expect(second.nextToken).toBe(first.nextToken);
    expect(messages(again)).toEqual(messages(second));
  });

  test('lose the order across streams, and keep it inside of one', async () => {
    const { filter } = await faultyWire({ kind: 'unsort' });
    const { events = [] } = await filter();
    const streams = events.map((event) => event.logStreamName);
    expect(streams.join()).toMatch(/^(s0,){5}(s1,?){5}$|^(s1,){5}(s0,?){5}$/);
    const first = events.filter((event) => event.logStreamName === streams[0]);
    expect(messages({ events: first })).toEqual(
      messages({ events: first }).toSorted((a = '', b = '') => a.localeCompare(b)),
    );
  });

  test('are refused as expired only when a token comes', async () => {
    const { filter, wire } = await faultyWire(
      { kind: 'page-size', maxItems: 4 },
      { kind: 'expired-token', times: 1 },
    );
    const { nextToken } = await filter();
    await expect(filter({ nextToken })).rejects.toMatchObject({ name: 'InvalidParameterException' });
    await expect(filter({ nextToken })).resolves.toBeDefined();
    expect(wire.endpoint.requests.counts().FilterLogEvents).toEqual({ ok: 2, InvalidParameterException: 1 });
  });
});

describe('errors', () => {
  test('throttle above a rate, for each action, and let go as time passes', async () => {
    const clock = new FakeClock(NOON + 60_000);
    const wire = await startWire({ clock }, (world) => fillGroup(world, NOON, 10));
    wire.endpoint.faults.add({ kind: 'throttle', perSecond: 2, burst: 2 });
    const filter = filterOf(wire);
    await filter();
    await filter();
    const throttled = {
      name: 'ThrottlingException',
      message: 'Rate exceeded',
      $metadata: { httpStatusCode: 400 },
    };
    await expect(filter()).rejects.toMatchObject(throttled);
    await expect(wire.logs().send(new DescribeLogGroupsCommand({}))).resolves.toBeDefined();
    await clock.advance(500);
    await expect(filter()).resolves.toBeDefined();
  });

  test('come with a probability that the seed decides', async () => {
    const { filter } = await faultyWire({ kind: 'throttle', probability: 0.5 });
    const outcomes: boolean[] = [];
    for (let index = 0; index < 40; index++)
      outcomes.push(
        await filter().then(
          () => true,
          () => false,
        ),
      );
    const passed = outcomes.filter(Boolean).length;
    expect(passed).toBeGreaterThan(8);
    expect(passed).toBeLessThan(32);
  });

  test('deny in the words of the service', async () => {
    const { filter, wire } = await faultyWire({ kind: 'deny' });
    const user = 'User: arn:aws:iam::123456789012:user/demo is not authorized to perform:';
    const group = `arn:aws:logs:${REGION}:123456789012:log-group:${GROUP}:log-stream:`;
    await expect(filter()).rejects.toMatchObject({
      name: 'AccessDeniedException',
      message: `${user} logs:FilterLogEvents on resource: ${group} because no identity-based policy allows the logs:FilterLogEvents action`,
    });
    const service = new DescribeServicesCommand({ cluster: 'shop', services: ['web'] });
    await expect(wire.ecs().send(service)).rejects.toThrow(
      `${user} ecs:DescribeServices on resource: arn:aws:ecs:${REGION}:123456789012:service/shop/web because`,
    );
  });

  test('are narrowed to action, Region and group, and counted', async () => {
    const { filter, wire, handles } = await faultyWire({
      kind: 'server-error',
      action: ['FilterLogEvents'],
      region: REGION,
      group: GROUP,
      times: 1,
    });
    await expect(wire.ecs().send(new ListClustersCommand({}))).resolves.toBeDefined();
    const broken = { name: 'ServiceUnavailableException', $metadata: { httpStatusCode: 503 } };
    await expect(filter()).rejects.toMatchObject(broken);
    await expect(filter()).resolves.toBeDefined();
    expect(handles[0]?.hits).toBe(1);
    expect(wire.endpoint.requests.count('FilterLogEvents', 'ServiceUnavailableException')).toBe(1);
    expect(wire.endpoint.requests.recent.at(-1)).toMatchObject({
      action: 'FilterLogEvents',
      region: REGION,
      parameters: { logGroupName: GROUP },
      outcome: 'ok',
    });
  });

  test('end when their rule is removed', async () => {
    const { filter, handles } = await faultyWire({ kind: 'server-error', code: 'InternalFailure' });
    await expect(filter()).rejects.toMatchObject({ name: 'InternalFailure' });
    handles[0]?.remove();
    await expect(filter()).resolves.toBeDefined();
  });

  test('can be any there is', async () => {
    const { filter } = await faultyWire({
      kind: 'error',
      code: 'KMSAccessDenied',
      message: 'no key',
      status: 400,
    });
    await expect(filter()).rejects.toMatchObject({ name: 'KMSAccessDenied', message: 'no key' });
  });
});

describe('the way of a reply', () => {
  const post = async (wire: Wire) => {
    const reply = await fetch(wire.endpoint.url, {
      method: 'POST',
      headers: { 'x-amz-target': 'Logs_20140328.FilterLogEvents' },
      body: JSON.stringify({ logGroupName: GROUP }),
    });
    return { reply, text: await reply.text() };
  };

  test('ends before the length that was promised', async () => {
    const { wire } = await faultyWire({ kind: 'truncate', how: 'short' });
    await expect(post(wire)).rejects.toThrow(/terminated/);
    expect(wire.endpoint.requests.count('FilterLogEvents', 'truncate')).toBe(1);
  });

  test('carries JSON that is cut, of the length that was promised', async () => {
    const { wire, filter } = await faultyWire({ kind: 'truncate', how: 'cut-json', keep: 0.9 });
    const { reply, text } = await post(wire);
    expect(reply.headers.get('content-length')).toBe(String(Buffer.byteLength(text)));
    expect(() => JSON.parse(text) as unknown).toThrow(SyntaxError);
    await expect(filter()).rejects.toThrow(/JSON/);
  });

  test('is reset before the reply and inside of it', async () => {
    const { wire } = await faultyWire({ kind: 'reset', times: 1 }, { kind: 'reset-in-body' });
    await expect(post(wire)).rejects.toThrow(/fetch failed/);
    await expect(post(wire)).rejects.toThrow(/terminated/);
    expect(wire.endpoint.requests.counts().FilterLogEvents).toEqual({ reset: 1, 'reset-in-body': 1 });
  });

  test('hangs until the endpoint is closed', async () => {
    const { wire } = await faultyWire({ kind: 'hang' });
    const pending = post(wire).catch((error: unknown) => error);
    while (wire.endpoint.requests.count('FilterLogEvents') === 0)
      await new Promise((resolve) => setImmediate(resolve));
    await wire.endpoint.close();
    expect(await pending).toBeInstanceOf(TypeError);
  });

  test('is slow in front of the reply and in the middle of it', async () => {
    const clock = new FakeClock(NOON + 60_000);
    const wire = await startWire({ clock }, (world) => fillGroup(world, NOON, 10));
    wire.endpoint.faults.add({ kind: 'slow', delayMillis: 1000, bodyDelayMillis: 500 });
    const pending = post(wire);
    for (const millis of [1000, 500]) {
      while (clock.sleeping === 0) await new Promise((resolve) => setImmediate(resolve));
      await clock.advance(millis);
    }
    expect(JSON.parse((await pending).text)).toHaveProperty('events');
  });

  test('is taken by a proxy’s page, or by anything else', async () => {
    const { wire, filter } = await faultyWire(
      { kind: 'html', status: 200, times: 1 },
      { kind: 'html', times: 1 },
      { kind: 'body', body: '{"events":"none"}' },
    );
    const [signIn, gateway, wrong] = [await post(wire), await post(wire), await post(wire)];
    expect([signIn.reply.status, gateway.reply.status, wrong.text]).toEqual([200, 502, '{"events":"none"}']);
    expect(signIn.text).toContain('<html>');
    await expect(filter()).resolves.toBeDefined();
  });

  test('carries the date of a clock that is wrong', async () => {
    const { wire } = await faultyWire();
    wire.endpoint.faults.skewClock(-3_600_000);
    const { reply } = await post(wire);
    const skewMillis = Date.parse(reply.headers.get('date') ?? '') - Date.now();
    expect(Math.abs(skewMillis + 3_600_000)).toBeLessThan(60_000);
  });
});
