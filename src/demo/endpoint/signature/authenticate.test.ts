import { DescribeLogGroupsCommand } from '@aws-sdk/client-cloudwatch-logs';
import { ListClustersCommand } from '@aws-sdk/client-ecs';
import { GetCallerIdentityCommand } from '@aws-sdk/client-sts';
import { describe, expect, test } from 'vitest';
import { CREDENTIALS, REGION, startWire } from '../testing/wire-clients.ts';

const describeGroups = new DescribeLogGroupsCommand({ logGroupNamePattern: 'ü & +' });
const whoAmI = new GetCallerIdentityCommand({});

describe('signatures', () => {
  test('of the right secret are accepted by every service', async () => {
    const wire = await startWire({ credentials: [CREDENTIALS] });
    expect((await wire.logs().send(describeGroups)).logGroups).toEqual([]);
    expect((await wire.ecs().send(new ListClustersCommand({}))).clusterArns).toEqual([]);
    expect((await wire.sts().send(whoAmI)).Account).toBe('123456789012');
  });

  test('of another secret are refused', async () => {
    const wire = await startWire({ credentials: [CREDENTIALS] });
    const wrong = { ...CREDENTIALS, secretAccessKey: 'guessed' };
    await expect(wire.logs(wrong).send(describeGroups)).rejects.toMatchObject({
      name: 'InvalidSignatureException',
      message: expect.stringMatching(/does not match the signature you provided/) as string,
    });
    await expect(wire.sts(wrong).send(whoAmI)).rejects.toMatchObject({ name: 'SignatureDoesNotMatch' });
  });

  test('of unknown keys and with wrong session tokens are refused', async () => {
    const wire = await startWire({ credentials: [CREDENTIALS] });
    const unknown = { ...CREDENTIALS, accessKeyId: 'AKIAOTHER' };
    const refused = { name: 'UnrecognizedClientException', $metadata: { httpStatusCode: 400 } };
    await expect(wire.logs(unknown).send(describeGroups)).rejects.toMatchObject(refused);
    const token = { ...CREDENTIALS, sessionToken: 'made up' };
    await expect(wire.logs(token).send(describeGroups)).rejects.toMatchObject(refused);
    await expect(wire.sts(unknown).send(whoAmI)).rejects.toMatchObject({ name: 'InvalidClientTokenId' });
  });

  test('of expired keys are refused, and accepted again when the key is renewed', async () => {
    const wire = await startWire({ credentials: [{ ...CREDENTIALS, expiresAtMillis: Date.now() - 1 }] });
    await expect(wire.logs().send(describeGroups)).rejects.toMatchObject({ name: 'ExpiredTokenException' });
    wire.endpoint.keys.put(CREDENTIALS);
    await expect(wire.logs().send(describeGroups)).resolves.toBeDefined();
  });

  test('more than five minutes off are refused, and the Date header tells by how much', async () => {
    const wire = await startWire({ credentials: [CREDENTIALS] });
    wire.endpoint.faults.skewClock(6 * 60_000);
    // The SDK learns the difference from the first refusal.
    const client = wire.logs();
    await expect(client.send(describeGroups)).rejects.toMatchObject({
      name: 'InvalidSignatureException',
      message: expect.stringMatching(
        /^Signature expired: \d{8}T\d{6}Z is now earlier than .* - 5 min\.\)$/,
      ) as string,
    });
    await expect(client.send(describeGroups)).resolves.toBeDefined();
    wire.endpoint.faults.skewClock(-6 * 60_000);
    await expect(wire.logs().send(describeGroups)).rejects.toThrow(/^Signature not yet current/);
  });

  test('are needed when keys are checked', async () => {
    const wire = await startWire({ credentials: [CREDENTIALS] });
    const unsigned = await fetch(wire.endpoint.url, {
      method: 'POST',
      headers: { 'x-amz-target': 'Logs_20140328.DescribeLogGroups' },
      body: '{}',
    });
    expect(unsigned.status).toBe(400);
    expect(await unsigned.json()).toEqual({
      __type: 'MissingAuthenticationTokenException',
      message: 'Missing Authentication Token',
    });
  });

  test('are not looked at without keys to check', async () => {
    const wire = await startWire();
    await expect(
      wire.logs({ accessKeyId: 'any', secretAccessKey: 'thing' }).send(describeGroups),
    ).resolves.toBeDefined();
  });

  test('decide the Region: one without content is empty, one of another partition knows no key', async () => {
    const wire = await startWire({ credentials: [CREDENTIALS] }, (world) =>
      world.createLogGroup({ region: REGION, name: '/here' }),
    );
    const all = new DescribeLogGroupsCommand({});
    expect((await wire.logs().send(all)).logGroups).toHaveLength(1);
    expect((await wire.logs(CREDENTIALS, 'us-east-1').send(all)).logGroups).toEqual([]);
    await expect(wire.logs(CREDENTIALS, 'cn-north-1').send(all)).rejects.toMatchObject({
      name: 'UnrecognizedClientException',
    });
  });
});
