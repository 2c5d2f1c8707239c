import { AssumeRoleCommand, GetCallerIdentityCommand } from '@aws-sdk/client-sts';
import { describe, expect, test } from 'vitest';
import { FakeClock } from '../../../foundation/fake-clock.ts';
import { CREDENTIALS, startWire } from '../testing/wire-clients.ts';

const ROLE = 'arn:aws:iam::123456789012:role/collector';
const ask = { RoleArn: ROLE, RoleSessionName: 'logferry' };

describe('AssumeRole', () => {
  test('gives keys that work, name the role, and expire', async () => {
    const clock = new FakeClock(Date.now());
    const wire = await startWire({
      clock,
      credentials: [CREDENTIALS],
      roles: [{ arn: ROLE, externalId: 'x & y' }],
    });
    const { Credentials } = await wire.sts().send(new AssumeRoleCommand({ ...ask, ExternalId: 'x & y' }));
    const session = {
      accessKeyId: Credentials?.AccessKeyId ?? '',
      secretAccessKey: Credentials?.SecretAccessKey ?? '',
      sessionToken: Credentials?.SessionToken ?? '',
    };
    expect(Credentials?.Expiration?.getTime()).toBe(clock.now() + 3_600_000);
    const me = await wire.sts(session).send(new GetCallerIdentityCommand({}));
    expect(me.Arn).toBe('arn:aws:sts::123456789012:assumed-role/collector/logferry');
    clock.setWallClock(clock.now() + 3_600_000);
    const late = wire.sts(session).send(new GetCallerIdentityCommand({}));
    await expect(late).rejects.toMatchObject({ name: 'ExpiredToken' });
  });

  test('is denied without the external id, and for a role that is not there', async () => {
    const wire = await startWire({ credentials: [CREDENTIALS], roles: [{ arn: ROLE, externalId: 'right' }] });
    const denied = {
      name: 'AccessDenied',
      message: `User: arn:aws:iam::123456789012:user/demo is not authorized to perform: sts:AssumeRole on resource: ${ROLE}`,
      $metadata: { httpStatusCode: 403 },
    };
    await expect(wire.sts().send(new AssumeRoleCommand(ask))).rejects.toMatchObject(denied);
    const wrong = new AssumeRoleCommand({ ...ask, ExternalId: 'wrong' });
    await expect(wire.sts().send(wrong)).rejects.toMatchObject(denied);
    const other = new AssumeRoleCommand({ ...ask, RoleArn: `${ROLE}2`, ExternalId: 'right' });
    await expect(wire.sts().send(other)).rejects.toMatchObject({ name: 'AccessDenied' });
  });
});
