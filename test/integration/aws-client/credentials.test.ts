import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import type { AwsEndpointOptions } from '../../../src/demo/endpoint/start-aws-endpoint.ts';
import {
  HastyClock,
  KEY,
  KEYS,
  never,
  REGION,
  readMessages,
  startAccounts,
  startEndpoint,
} from './testing/aws-ground.ts';

const ROLE = 'arn:aws:iam::123456789012:role/logferry';
const SESSION = {
  accessKeyId: 'ASIATESTTESTTESTTEST',
  secretAccessKey: 'CANARY-session',
  sessionToken: 'CANARY-token',
};

/** An account with these options, and whatever the environment and the shared files hold. */
async function ground(
  options: object,
  more: {
    clock?: HastyClock;
    endpoint?: Partial<AwsEndpointOptions>;
    env?: Record<string, string>;
    files?: Record<string, string>;
  } = {},
) {
  const endpoint = await startEndpoint(more.endpoint);
  const home = mkdtempSync(join(tmpdir(), 'logferry-aws-'));
  onTestFinished(() => rmSync(home, { recursive: true }));
  const paths = {
    AWS_CONFIG_FILE: join(home, 'config'),
    AWS_SHARED_CREDENTIALS_FILE: join(home, 'credentials'),
  };
  const write = (files: Record<string, string>) => {
    for (const [name, text] of Object.entries(files)) writeFileSync(join(home, name), text);
  };
  write(more.files ?? {});
  const clock = more.clock ?? new HastyClock();
  const { accounts } = startAccounts(
    { test: { regions: [REGION], endpoint: endpoint.url, ...options } },
    { env: { ...paths, ...more.env }, clock },
  );
  const account = accounts.get('test');
  const arn = async () => (await account.identity({ signal: never() })).arn;
  return { endpoint, account, clock, write, arn };
}

const profileFile = (
  name: string,
  { accessKeyId, secretAccessKey, sessionToken }: typeof SESSION | (typeof KEY & { sessionToken?: string }),
) =>
  `[${name}]\naws_access_key_id = ${accessKeyId}\naws_secret_access_key = ${secretAccessKey}\n${sessionToken ? `aws_session_token = ${sessionToken}\n` : ''}`;

describe('keys come', () => {
  test('from the configuration', async () => {
    const { account, arn } = await ground(KEYS);
    expect(await arn()).toBe('arn:aws:iam::123456789012:user/demo');
    expect(await readMessages(account)).toHaveLength(3);
  });

  test('from the configuration with a session token', async () => {
    const { account } = await ground(
      {
        access_key_id: SESSION.accessKeyId,
        secret_access_key: SESSION.secretAccessKey,
        session_token: SESSION.sessionToken,
      },
      { endpoint: { credentials: [SESSION] } },
    );
    expect(await readMessages(account)).toHaveLength(3);
  });

  test('from the environment', async () => {
    const env = { AWS_ACCESS_KEY_ID: KEY.accessKeyId, AWS_SECRET_ACCESS_KEY: KEY.secretAccessKey };
    expect(await readMessages((await ground({}, { env })).account)).toHaveLength(3);
  });

  test('from a profile of the shared files, also one that the environment names', async () => {
    const files = { credentials: profileFile('prod', KEY) };
    expect(await readMessages((await ground({ profile: 'prod' }, { files })).account)).toHaveLength(3);
    const env = { AWS_PROFILE: 'prod' };
    expect(await readMessages((await ground({}, { files, env })).account)).toHaveLength(3);
  });

  test('from a profile whose Region and endpoint are taken too', async () => {
    const endpoint = await startEndpoint({}, ['eu-west-1']);
    const files = {
      config: `[profile prod]\nregion = eu-west-1\nservices = local\n\n[services local]\ncloudwatch_logs =\n  endpoint_url = ${endpoint.url}\n`,
      credentials: profileFile('prod', KEY),
    };
    const { account } = await ground({ profile: 'prod', regions: undefined, endpoint: undefined }, { files });
    expect(account.regions).toEqual(['eu-west-1']);
    expect(await readMessages(account, 'eu-west-1')).toHaveLength(3);
  });

  test('from a profile that assumes a role with the keys of another', async () => {
    const files = {
      config: `[profile prod]\nrole_arn = ${ROLE}\nsource_profile = base\nexternal_id = right-one\n`,
      credentials: profileFile('base', KEY),
    };
    const { account, arn } = await ground(
      { profile: 'prod' },
      { files, endpoint: { roles: [{ arn: ROLE, externalId: 'right-one' }] } },
    );
    expect(await arn()).toMatch(/^arn:aws:sts::123456789012:assumed-role\/logferry\//);
    expect(await readMessages(account)).toHaveLength(3);
  });

  test('from a role with an external id, asked for once for all calls', async () => {
    const { account, endpoint, arn } = await ground(
      { ...KEYS, role_arn: ROLE, external_id: 'right-one' },
      { endpoint: { roles: [{ arn: ROLE, externalId: 'right-one' }] } },
    );
    await Promise.all([readMessages(account), readMessages(account), arn()]);
    expect(await arn()).toBe('arn:aws:sts::123456789012:assumed-role/logferry/logferry');
    expect(endpoint.requests.count('AssumeRole')).toBe(1);
  });

  test('not from a role with a wrong external id: what the trust policy needs is said', async () => {
    const { account } = await ground(
      { ...KEYS, role_arn: ROLE, external_id: 'wrong' },
      { endpoint: { roles: [{ arn: ROLE, externalId: 'right-one' }] } },
    );
    const thrown = await readMessages(account).catch((error: unknown) => error);
    expect(thrown).toMatchObject({
      code: 'AWS_DENIED',
      hint: expect.stringContaining('external_id') as string,
    });
    expect(String(thrown)).toContain('sts:AssumeRole');
  });

  test('from nowhere: every place to put them is named', async () => {
    const { account } = await ground({});
    await expect(readMessages(account)).rejects.toMatchObject({
      code: 'AWS_CREDENTIALS_MISSING',
      hint: expect.stringMatching(/profile.*AWS_ACCESS_KEY_ID.*task role/) as string,
    });
  });
});

describe('keys that do not last', () => {
  test('of a role are renewed before they expire, once, however many wait for them', async () => {
    // Both ends go by one clock; signatures, which go by the machine's, are not looked at.
    const clock = new HastyClock();
    const options = { ...KEYS, role_arn: ROLE };
    const { account, endpoint } = await ground(options, {
      clock,
      endpoint: { clock, credentials: undefined },
    });
    await readMessages(account);
    clock.skip(50 * 60_000);
    await readMessages(account);
    expect(endpoint.requests.count('AssumeRole')).toBe(1);
    clock.skip(6 * 60_000);
    await Promise.all([readMessages(account), readMessages(account), readMessages(account)]);
    expect(endpoint.requests.count('AssumeRole')).toBe(2);
  });

  test('of a role that AWS ends early are replaced when they are refused', async () => {
    const { account, endpoint } = await ground({ ...KEYS, role_arn: ROLE });
    const { keys } = endpoint;
    const put = vi.spyOn(keys, 'put');
    await readMessages(account);
    keys.remove(put.mock.lastCall?.[0].accessKeyId ?? '');
    expect(await readMessages(account)).toHaveLength(3);
    expect(endpoint.requests.count('AssumeRole')).toBe(2);
  });

  test('of a role are used for as long as they are valid while STS fails', async () => {
    const { account, endpoint, clock } = await ground({ ...KEYS, role_arn: ROLE });
    await readMessages(account);
    endpoint.faults.add({ kind: 'server-error', action: 'AssumeRole' });
    clock.skip(56 * 60_000);
    expect(await readMessages(account)).toHaveLength(3);
  });

  test('of a profile are read again from its file when they are refused', async () => {
    const expired = { ...SESSION, expiresAtMillis: Date.now() - 1000 };
    const { account, write } = await ground(
      { profile: 'prod' },
      { files: { credentials: profileFile('prod', SESSION) }, endpoint: { credentials: [KEY, expired] } },
    );
    await expect(readMessages(account)).rejects.toMatchObject({
      code: 'AWS_CREDENTIALS_EXPIRED',
      hint: expect.stringContaining('aws sso login --profile prod') as string,
    });
    write({ credentials: profileFile('prod', KEY) });
    expect(await readMessages(account)).toHaveLength(3);
  });

  test('of the configuration cannot be renewed: it says so after one request', async () => {
    const { account, endpoint } = await ground(
      {
        access_key_id: SESSION.accessKeyId,
        secret_access_key: SESSION.secretAccessKey,
        session_token: SESSION.sessionToken,
      },
      { endpoint: { credentials: [{ ...SESSION, expiresAtMillis: Date.now() - 1000 }] } },
    );
    await expect(readMessages(account)).rejects.toMatchObject({ code: 'AWS_CREDENTIALS_EXPIRED' });
    expect(endpoint.requests.count('FilterLogEvents')).toBe(1);
  });
});

test('no error shows a secret or a whole key id', async () => {
  const { account } = await ground({
    access_key_id: 'AKIANOBODYNOBODYNOBO',
    secret_access_key: 'CANARY-guess',
  });
  const thrown = await readMessages(account).catch((error: unknown) => error as Error);
  const all = JSON.stringify([
    String(thrown),
    thrown,
    (thrown as Error).stack,
    (thrown as { hint?: string }).hint,
  ]);
  expect(all).toContain('AKIA…NOBO');
  expect(all).not.toMatch(/CANARY|AKIANOBODYNOBODYNOBO/);
});
