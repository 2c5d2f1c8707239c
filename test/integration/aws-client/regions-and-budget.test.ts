import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, onTestFinished, test } from 'vitest';
import { systemClock } from '../../../src/foundation/clock.ts';
import {
  GROUP,
  KEYS,
  never,
  REGION,
  readMessages,
  startAccounts,
  startEndpoint,
} from './testing/aws-ground.ts';

describe('Regions', () => {
  test('several of one account are read side by side, each by its own', async () => {
    const regions = ['us-east-1', 'eu-west-1', 'ap-south-1'];
    const endpoint = await startEndpoint({}, regions);
    const { accounts } = startAccounts({ test: { ...KEYS, regions, endpoint: endpoint.url } });
    const account = accounts.get('test');
    const read = await Promise.all(regions.map((region) => readMessages(account, region)));
    for (const [at, region] of regions.entries()) {
      expect(read[at]).toHaveLength(3);
      for (const message of read[at] ?? []) expect(message).toMatch(new RegExp(`^${region} `));
    }
    expect(endpoint.requests.recent.map(({ region }) => region).toSorted()).toEqual(regions.toSorted());
  });

  test('of China have identities of their partition', async () => {
    const endpoint = await startEndpoint({}, ['cn-north-1'], 'aws-cn');
    const { accounts } = startAccounts({ cn: { ...KEYS, regions: ['cn-north-1'], endpoint: endpoint.url } });
    expect(await accounts.get('cn').identity({ signal: never() })).toMatchObject({ partition: 'aws-cn' });
    expect(await readMessages(accounts.get('cn'), 'cn-north-1')).toHaveLength(3);
  });

  test('lead to their own addresses, those of China and GovCloud too', async () => {
    const { url, asked } = await startProxy();
    const { accounts } = startAccounts(
      {
        test: { ...KEYS, regions: ['cn-north-1'] },
        role: { ...KEYS, regions: ['cn-northwest-1'], role_arn: 'arn:aws-cn:iam::123456789012:role/x' },
      },
      { env: { HTTPS_PROXY: url } },
    );
    const account = accounts.get('test');
    const fails = async (call: Promise<unknown>) =>
      await expect(call).rejects.toMatchObject({ name: 'LogferryError' });
    await fails(readMessages(account, 'cn-north-1'));
    await fails(account.ecs('cn-northwest-1').listClusters({}, { signal: never() }));
    await fails(account.identity({ signal: never() }));
    await fails(readMessages(account, 'us-gov-west-1'));
    await fails(readMessages(account, 'us-east-1'));
    await fails(readMessages(accounts.get('role'), 'cn-northwest-1'));
    expect([...asked].toSorted()).toEqual([
      'ecs.cn-northwest-1.amazonaws.com.cn:443',
      'logs.cn-north-1.amazonaws.com.cn:443',
      'logs.us-east-1.amazonaws.com:443',
      'logs.us-gov-west-1.amazonaws.com:443',
      'sts.cn-north-1.amazonaws.com.cn:443',
      'sts.cn-northwest-1.amazonaws.com.cn:443',
    ]);
  });
});

describe('the budget', () => {
  /** The most requests of an API within any second, by the endpoint's own book. */
  const busiestSecond = (times: readonly number[]) =>
    Math.max(...times.map((from) => times.filter((at) => at >= from && at < from + 1000).length));

  test('is kept by one account, however many call, and shared by entries with the same key', async () => {
    const endpoint = await startEndpoint();
    const entry = {
      ...KEYS,
      regions: [REGION],
      endpoint: endpoint.url,
      requests_per_second: { FilterLogEvents: 20 },
    };
    const { accounts } = startAccounts({ one: entry, two: entry }, { clock: systemClock });
    const begun = performance.now();
    const reading = Array.from({ length: 60 }, (_, at) =>
      readMessages(accounts.get(at % 2 === 0 ? 'one' : 'two')),
    );
    await Promise.all(reading);
    const tookSeconds = (performance.now() - begun) / 1000;
    const times = endpoint.requests.recent.map(({ atMillis }) => atMillis);
    expect(times).toHaveLength(60);
    // A fifth of a second's worth may go at once after a rest.
    expect(busiestSecond(times)).toBeLessThanOrEqual(20 + 4 + 1);
    expect(tookSeconds).toBeGreaterThan((60 - 4) / 20 - 0.1);
    expect(tookSeconds).toBeLessThan(5);
  });

  test('of one Region or API is not that of another', async () => {
    const endpoint = await startEndpoint({}, ['us-east-1', 'eu-west-1']);
    const slow = { FilterLogEvents: 1 };
    const { accounts } = startAccounts(
      {
        test: {
          ...KEYS,
          regions: ['us-east-1', 'eu-west-1'],
          endpoint: endpoint.url,
          requests_per_second: slow,
        },
      },
      { clock: systemClock },
    );
    const account = accounts.get('test');
    const begun = performance.now();
    await Promise.all([
      readMessages(account, 'us-east-1'),
      readMessages(account, 'eu-west-1'),
      account.logs('us-east-1').describeLogGroups({}, { signal: never() }),
      account.ecs('us-east-1').listClusters({}, { signal: never() }),
    ]);
    expect(performance.now() - begun).toBeLessThan(900);
  });

  test('is halved by throttling, says so in the metrics, and everything arrives in the end', async () => {
    const endpoint = await startEndpoint();
    endpoint.faults.add({ kind: 'throttle', action: 'FilterLogEvents', perSecond: 15, burst: 5 });
    const { accounts, metrics } = startAccounts(
      {
        test: {
          ...KEYS,
          regions: [REGION],
          endpoint: endpoint.url,
          requests_per_second: { FilterLogEvents: 60 },
        },
      },
      { clock: systemClock },
    );
    const read = await Promise.all(Array.from({ length: 40 }, () => readMessages(accounts.get('test'))));
    expect(read.every((messages) => messages.length === 3)).toBe(true);
    const throttled = endpoint.requests.count('FilterLogEvents', 'ThrottlingException');
    expect(throttled).toBeGreaterThan(0);
    // Without backing off most requests would be refused: 60 are asked where 15 are allowed.
    expect(throttled).toBeLessThan(40);
    const text = await metrics.render();
    const labels = `account="test",region="${REGION}",api="FilterLogEvents"`;
    expect(text).toContain(`logferry_aws_throttles_total{${labels}} ${throttled}`);
    const rate = Number(new RegExp(`budget_requests_per_second\\{${labels}\\} (\\S+)`).exec(text)?.[1]);
    expect(rate).toBeLessThan(60);
  });
});

test('an account that is not configured is named with those that are', () => {
  const { accounts } = startAccounts({ one: { regions: [REGION] }, two: { regions: [REGION] } });
  expect(() => accounts.get('three')).toThrow(/no account "three"/);
  expect(accounts.get('one').id).toBe('one');
});

test('an account that is closed refuses who waits', async () => {
  const endpoint = await startEndpoint();
  const { accounts } = startAccounts(
    {
      test: {
        ...KEYS,
        regions: [REGION],
        endpoint: endpoint.url,
        requests_per_second: { FilterLogEvents: 0.5 },
      },
    },
    { clock: systemClock },
  );
  const reading = [1, 2, 3].map(() => readMessages(accounts.get('test'), REGION, GROUP));
  await reading[0];
  await accounts.close();
  await expect(reading[2]).rejects.toMatchObject({ code: 'INTERRUPTED' });
  await Promise.allSettled(reading);
});

/** A proxy that writes down where to it is asked to connect, and lets nobody through. */
async function startProxy() {
  const asked = new Set<string>();
  const server = createServer((_request, response) => response.writeHead(502).end());
  server.on('connect', (request, socket) => {
    asked.add(request.url ?? '');
    socket.end('HTTP/1.1 502 Bad Gateway\r\n\r\n');
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return { asked, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
}
