import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { CANARY, type CliGround, GROUP, KEY_ID, startCliGround } from './testing/cli-ground.ts';
import { policyIn } from './testing/policy-in.ts';
import { closedUrl } from './testing/web-server.ts';

let ground: CliGround;
beforeEach(async () => {
  ground = await startCliGround();
  ground.putEvents(3);
});
afterEach(() => ground.close());

const check = async (...args: string[]) => await ground.run(['check', ...args]);

test('what is well is ticked, and ends with 0', async () => {
  ground.write();
  const { code, stdout, stderr } = await check();
  expect(stdout).toMatch(/✓ configuration .*logferry\.yaml/);
  expect(stdout).toContain('✓ Identity of account test: arn:aws:iam::123456789012:user/demo');
  expect(stdout).toContain('✓ List log groups of us-east-1: 1 to read');
  expect(stdout).toContain(`✓ Read ${GROUP} (us-east-1)`);
  expect(stdout).toMatch(/✓ File .*out\.ndjson/);
  expect(stdout).toContain('✓ It takes log records');
  expect(stdout).not.toContain('✗');
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
});

test('checking delivers nothing', async () => {
  ground.write();
  expect((await check()).code).toBe(0);
  expect(ground.written()).toEqual([]);
  expect(ground.datakit.received.count).toBe(0);
});

describe('keys that AWS does not accept end with 4, and the key itself is not shown', () => {
  test.each([
    ['a wrong secret', { secret_access_key: `${CANARY}-wrong` }, 'SignatureDoesNotMatch'],
    ['an unknown key id', { access_key_id: 'AKIANOBODYNOBODYNOBO' }, 'InvalidClientTokenId'],
  ])('%s', async (_name, account, reason) => {
    ground.write({ account });
    const { code, stdout, stderr } = await check('logs');
    expect(stdout).toMatch(
      /✗ Identity of account test: sts:GetCallerIdentity .* AWS does not accept access key AKIA…/,
    );
    expect(stdout).toContain(reason);
    expect(stdout).toMatch(/next Check the access key id and the secret access key/);
    expect(stderr).toContain('error AWS_CREDENTIALS_INVALID');
    expect(stdout + stderr).not.toContain(KEY_ID);
    expect(code).toBe(4);
  });

  test('no key at all: says where one can be put', async () => {
    ground.write({ account: { access_key_id: undefined, secret_access_key: undefined } });
    const { code, stdout, stderr } = await check('logs');
    expect(stdout).toContain('AWS_CREDENTIALS_MISSING');
    expect(stderr).toMatch(/next {2}Give the account test a profile, keys or a role/);
    expect(code).toBe(4);
  });

  test('a session that has expired', async () => {
    const key = {
      accessKeyId: 'ASIATESTTESTTESTTEST',
      secretAccessKey: CANARY,
      sessionToken: `${CANARY}-token`,
    };
    ground.endpoint.keys.put({ ...key, expiresAtMillis: Date.now() - 1000 });
    ground.write({ account: { access_key_id: key.accessKeyId, session_token: key.sessionToken } });
    const { code, stdout } = await check('logs');
    expect(stdout).toContain('AWS_CREDENTIALS_EXPIRED');
    expect(stdout).toMatch(/next Set a new key and session token/);
    expect(code).toBe(4);
  });
});

describe('a denied action ends with 4, and carries the least policy to copy', () => {
  test('logs:FilterLogEvents', async () => {
    ground.endpoint.faults.add({ kind: 'deny', action: 'FilterLogEvents' });
    ground.write();
    const { code, stdout, stderr } = await check();
    expect(stdout).toContain(`✗ Read ${GROUP} (us-east-1): logs:FilterLogEvents on ${GROUP} in us-east-1`);
    expect(policyIn(stdout)).toEqual([
      {
        Effect: 'Allow',
        Action: ['logs:FilterLogEvents'],
        Resource: `arn:aws:logs:us-east-1:123456789012:log-group:${GROUP}:*`,
      },
    ]);
    // What is well is shown all the same.
    expect(stdout).toContain('✓ It takes log records');
    expect(stderr).toMatch(/^error AWS_DENIED 1 check failed; the most severe: logs, Read \/ecs\/app/);
    expect(stderr).toMatch(
      /next {2}Allow logs:FilterLogEvents on \/ecs\/app to this identity; .* see above\.\n$/,
    );
    expect(code).toBe(4);
  });

  test('logs:DescribeLogGroups alone: groups that are named are read all the same', async () => {
    ground.endpoint.faults.add({ kind: 'deny', action: 'DescribeLogGroups' });
    ground.write();
    const { code, stdout } = await check('logs');
    expect(stdout).toContain('! Log groups of us-east-1 cannot be listed');
    expect(policyIn(stdout)).toEqual([
      { Effect: 'Allow', Action: ['logs:DescribeLogGroups'], Resource: '*' },
    ]);
    expect(stdout).toContain(`✓ Read ${GROUP} (us-east-1)`);
    expect(code).toBe(0);
  });

  test('where a policy of the identity would not help, none is shown', async () => {
    const message = (why: string) =>
      `User: arn:aws:iam::123456789012:user/demo is not authorized to perform: logs:FilterLogEvents on resource: * ${why}`;
    const cases = [
      [
        'with an explicit deny in a service control policy',
        'A policy denies logs:FilterLogEvents on /ecs/app explicitly',
      ],
      [
        'because no VPC endpoint policy allows the action',
        'Let the VPC endpoint policy allow logs:FilterLogEvents',
      ],
    ] as const;
    ground.write();
    for (const [why, hint] of cases) {
      ground.endpoint.faults.clear();
      const fault = { kind: 'error' as const, code: 'AccessDeniedException', message: message(why) };
      ground.endpoint.faults.add({ ...fault, action: 'FilterLogEvents' });
      const { code, stdout } = await check('logs');
      expect(stdout).toContain(`next ${hint}`);
      expect(stdout).not.toContain('"Statement"');
      expect(code).toBe(4);
    }
  });
});

test('a Region that does not exist ends with 2', async () => {
  ground.write({ account: { regions: ['eu-west-9'] } });
  const { code, stdout, stderr } = await check('logs');
  expect(stdout).toMatch(/✗ Identity .* the Region does not exist or is not enabled/);
  expect(stderr).toContain('error AWS_REGION_WRONG');
  expect(stderr).toContain('next  Check the spelling of the Region eu-west-9');
  expect(code).toBe(2);
});

test('a port where nobody listens in the place of AWS ends with 1', async () => {
  const endpoint = await closedUrl();
  ground.write({ account: { endpoint } });
  const { code, stdout, stderr } = await check('logs');
  expect(stdout).toContain(`could not reach ${endpoint}: connect ECONNREFUSED`);
  expect(stdout).toContain(`next Nothing listens at ${endpoint}: check the address and the port.`);
  expect(stderr).toContain('error AWS_UNREACHABLE');
  expect(code).toBe(1);
});

test('a web server in the place of AWS ends with 1', async () => {
  ground.endpoint.faults.add({ kind: 'html', status: 200 });
  ground.write();
  const { code, stdout } = await check('logs');
  expect(stdout).toContain('AWS_BAD_REPLY');
  expect(stdout).toContain(`next Check that ${ground.endpoint.url} is an endpoint of this AWS service.`);
  expect(code).toBe(1);
});

test('with --json the checklist is data, and the failure is too', async () => {
  ground.endpoint.faults.add({ kind: 'deny', action: 'FilterLogEvents' });
  ground.write();
  const { code, stdout, stderr } = await check('--json');
  const { checks } = JSON.parse(stdout) as {
    checks: { kind: string; id: string; report: { status: string; code?: string; fix?: string }[] }[];
  };
  expect(checks.map(({ kind, id }) => `${kind} ${id}`)).toEqual([
    'source logs',
    'destination file',
    'destination datakit',
  ]);
  expect(checks[0]?.report.map(({ status }) => status)).toEqual(['ok', 'ok', 'failed']);
  const failed = checks[0]?.report[2];
  expect(failed?.code).toBe('AWS_DENIED');
  const { error } = JSON.parse(stderr) as { error: { code: string; hint: string } };
  expect(error).toMatchObject({ code: 'AWS_DENIED', hint: failed?.fix });
  expect(policyIn(error.hint)).toHaveLength(1);
  expect(code).toBe(4);
});

test('an id that is not in the configuration ends with 2 and says which there are', async () => {
  ground.write();
  const { code, stderr } = await check('log');
  expect(stderr).toContain('There is no source or destination "log".');
  expect(stderr).toContain('There are: logs, file, datakit.');
  expect(code).toBe(2);
});
