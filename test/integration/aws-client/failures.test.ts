import { describe, expect, test } from 'vitest';
import type { FaultRule } from '../../../src/demo/endpoint/faults/fault.ts';
import {
  GROUP,
  HastyClock,
  KEY,
  KEYS,
  never,
  REGION,
  readMessages,
  startAccounts,
  startEndpoint,
  startServer,
} from './testing/aws-ground.ts';

async function faulty(...rules: readonly FaultRule[]) {
  const endpoint = await startEndpoint();
  for (const rule of rules) endpoint.faults.add(rule);
  const clock = new HastyClock();
  const { accounts, metrics } = startAccounts(
    { test: { ...KEYS, regions: [REGION], endpoint: endpoint.url } },
    { clock },
  );
  return { endpoint, clock, metrics, account: accounts.get('test') };
}

const denied = 'is not authorized to perform: logs:FilterLogEvents';

/** Every failure, its code, how often it is tried, and a word of its message or hint that a person needs. */
const FAILURES: readonly (readonly [string, FaultRule, string, number, RegExp])[] = [
  ['throttling', { kind: 'throttle' }, 'AWS_THROTTLED', 8, /same quota/],
  [
    'throttling as ECS says it',
    { kind: 'error', code: 'ClientException', message: 'Rate exceeded' },
    'AWS_THROTTLED',
    8,
    /headroom/,
  ],
  ['a denied action', { kind: 'deny' }, 'AWS_DENIED', 1, /Allow logs:FilterLogEvents on \/ecs\/app/],
  [
    'an explicit deny',
    {
      kind: 'error',
      code: 'AccessDeniedException',
      message: `x ${denied} with an explicit deny in a service control policy`,
    },
    'AWS_DENIED',
    1,
    /SCP/,
  ],
  [
    'an encrypted group',
    { kind: 'error', code: 'AccessDeniedException', message: 'The specified KMS key is not allowed' },
    'AWS_DENIED',
    1,
    /kms:Decrypt/,
  ],
  [
    'a group that is not there',
    { kind: 'error', code: 'ResourceNotFoundException', message: 'The specified log group does not exist.' },
    'AWS_NOT_FOUND',
    1,
    /\/ecs\/app.*deleted/,
  ],
  [
    'a log class that cannot be read',
    { kind: 'error', code: 'InvalidOperationException', message: 'not supported for this log class' },
    'AWS_LOG_CLASS',
    1,
    /Insights/,
  ],
  [
    'parameters that are not accepted',
    { kind: 'error', code: 'InvalidParameterException', message: 'Invalid filter pattern' },
    'AWS_INVALID_REQUEST',
    1,
    /filter pattern/,
  ],
  [
    'a wrong secret',
    {
      kind: 'error',
      code: 'InvalidSignatureException',
      message: 'The request signature we calculated does not match',
      status: 403,
    },
    'AWS_CREDENTIALS_INVALID',
    1,
    /secret access key/,
  ],
  [
    'an unknown key',
    {
      kind: 'error',
      code: 'UnrecognizedClientException',
      message: 'The security token included in the request is invalid.',
    },
    'AWS_CREDENTIALS_INVALID',
    1,
    /deactivated/,
  ],
  [
    'an expired session',
    {
      kind: 'error',
      code: 'ExpiredTokenException',
      message: 'The security token included in the request is expired',
    },
    'AWS_CREDENTIALS_EXPIRED',
    1,
    /new key and session token/,
  ],
  [
    'a Region that is not enabled',
    { kind: 'error', code: 'OptInRequired', message: 'You are not subscribed' },
    'AWS_REGION_WRONG',
    1,
    /enabled/,
  ],
  ['a server error', { kind: 'server-error' }, 'AWS_UNAVAILABLE', 4, /Health Dashboard/],
  [
    'an internal failure',
    { kind: 'server-error', code: 'InternalFailure' },
    'AWS_UNAVAILABLE',
    4,
    /Health Dashboard/,
  ],
  ['a proxy that fails', { kind: 'html', status: 502 }, 'AWS_UNAVAILABLE', 4, /HTTP 502/],
  [
    'a page to sign in',
    { kind: 'html', status: 200 },
    'AWS_BAD_REPLY',
    4,
    /is an endpoint of this AWS service/,
  ],
  [
    'a body of another shape',
    { kind: 'body', body: '{"events":7}' },
    'AWS_BAD_REPLY',
    4,
    /cannot be understood/,
  ],
  [
    'a body that is cut off',
    { kind: 'truncate', how: 'cut-json' },
    'AWS_BAD_REPLY',
    4,
    /cannot be understood/,
  ],
  ['a body shorter than was promised', { kind: 'truncate', how: 'short' }, 'AWS_UNREACHABLE', 4, /network/],
  ['a reset', { kind: 'reset' }, 'AWS_UNREACHABLE', 4, /tried again/],
  ['a reset in the body', { kind: 'reset-in-body' }, 'AWS_UNREACHABLE', 4, /tried again/],
  ['a server that does not answer', { kind: 'hang' }, 'AWS_UNREACHABLE', 4, /did not answer in time/],
  [
    'a body that stops',
    { kind: 'slow', delayMillis: 0, bodyDelayMillis: 1500 },
    'AWS_UNREACHABLE',
    4,
    /network|in time/,
  ],
  [
    'an error that nobody knows',
    { kind: 'error', code: 'BrandNewException', message: 'Something new' },
    'AWS_INVALID_REQUEST',
    1,
    /Something new/,
  ],
];

describe('a failure that lasts', () => {
  test.each(FAILURES)('%s', async (_name, rule, code, attempts, says) => {
    const { account, endpoint, metrics } = await faulty(rule);
    const thrown = await readMessages(account).catch((error: unknown) => error as Error & { hint?: string });
    expect(thrown).toMatchObject({ name: 'LogferryError', code });
    expect(String(thrown)).toMatch(/logs:FilterLogEvents on \/ecs\/app in us-east-1 \(account test\)/);
    expect(`${String(thrown)} ${(thrown as { hint?: string }).hint}`).toMatch(says);
    // What is cut off is written down only when it ends.
    await expect.poll(() => endpoint.requests.count('FilterLogEvents'), { timeout: 8000 }).toBe(attempts);
    const outcome = code === 'AWS_THROTTLED' ? 'throttled' : code;
    expect(await metrics.render()).toContain(
      `logferry_aws_requests_total{account="test",region="${REGION}",api="FilterLogEvents",outcome="${outcome}"} ${attempts}`,
    );
  });

  test('a port where nobody listens, and a name that no DNS knows', async () => {
    const reading = (endpoint: string) =>
      readMessages(startAccounts({ test: { ...KEYS, regions: [REGION], endpoint } }).accounts.get('test'));
    // Port 1 is nobody's.
    await expect(reading('http://127.0.0.1:1')).rejects.toMatchObject({
      code: 'AWS_UNREACHABLE',
      hint: expect.stringContaining('Nothing listens') as string,
    });
    await expect(reading('http://nobody.invalid')).rejects.toMatchObject({
      code: 'AWS_UNREACHABLE',
      hint: expect.stringContaining('DNS') as string,
    });
  });
});

describe('a failure that passes', () => {
  const PASSING = FAILURES.filter(([, , , attempts]) => attempts > 1);

  test.each(PASSING)('%s: it is tried again, and the reply is right', async (_name, rule) => {
    const { account, clock } = await faulty({ ...rule, times: 2 });
    expect(await readMessages(account)).toHaveLength(3);
    expect(clock.slept.length).toBeGreaterThanOrEqual(2);
  });

  test('waits longer each time', async () => {
    const { account, clock } = await faulty({ kind: 'server-error', times: 3 });
    await readMessages(account);
    expect(clock.slept).toEqual([100, 200, 400]);
  });

  test.each([
    ['throttling', 400, { __type: 'ThrottlingException', message: 'Rate exceeded' }],
    ['an overload', 503, { __type: 'ServiceUnavailableException', message: 'later' }],
  ])(
    '%s that says how long to wait is waited for as long, however long ours would be',
    async (_name, status, body) => {
      let asked = 0;
      const server = await startServer((_request, response) => {
        asked++;
        const headers = { 'content-type': 'application/x-amz-json-1.1', 'x-amzn-errortype': body.__type };
        if (asked === 1)
          response.writeHead(status, { ...headers, 'retry-after': '7' }).end(JSON.stringify(body));
        else response.writeHead(200, headers).end('{"events":[]}');
      });
      const clock = new HastyClock();
      const { accounts } = startAccounts(
        {
          test: {
            ...KEYS,
            regions: [REGION],
            endpoint: server.url,
            requests_per_second: { FilterLogEvents: 1000 },
          },
        },
        { clock },
      );
      expect(await readMessages(accounts.get('test'))).toEqual([]);
      expect(clock.slept[0]).toBe(7000);
    },
  );

  test('a clock that is wrong by minutes is corrected, and the reply is dated by the service', async () => {
    for (const minutes of [-20, 20]) {
      const { account, endpoint } = await faulty();
      endpoint.faults.skewClock(minutes * 60_000);
      const { serverMillis } = await account
        .logs(REGION)
        .filterLogEvents({ logGroupName: GROUP }, { signal: never() });
      expect(Math.abs(serverMillis - (Date.now() + minutes * 60_000))).toBeLessThan(5000);
      expect(endpoint.requests.count('FilterLogEvents')).toBe(2);
    }
  });

  test('what is refused with a clock that is wrong by hours is refused for its own reason', async () => {
    for (const hours of [-3, 3]) {
      const { account, endpoint } = await faulty({ kind: 'deny' });
      endpoint.faults.skewClock(hours * 3_600_000);
      for (let read = 0; read < 3; read++)
        await expect(readMessages(account)).rejects.toMatchObject({ code: 'AWS_DENIED' });
      endpoint.keys.put({ ...KEY, secretAccessKey: 'another' });
      await expect(readMessages(account)).rejects.toMatchObject({ code: 'AWS_CREDENTIALS_INVALID' });
    }
  });

  test('who gives up while it waits is told so at once, and nothing more is sent', async () => {
    const endpoint = await startEndpoint();
    endpoint.faults.add({ kind: 'hang' });
    const { accounts } = startAccounts({ test: { ...KEYS, regions: [REGION], endpoint: endpoint.url } });
    const stop = new AbortController();
    const reading = accounts
      .get('test')
      .logs(REGION)
      .filterLogEvents({ logGroupName: GROUP }, { signal: stop.signal });
    await expect.poll(() => endpoint.requests.count('FilterLogEvents')).toBe(1);
    stop.abort(new Error('enough'));
    await expect(reading).rejects.toThrow('enough');
    expect(endpoint.requests.count('FilterLogEvents')).toBe(1);
  });
});
