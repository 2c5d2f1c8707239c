import { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
import { ECSClient } from '@aws-sdk/client-ecs';
import { STSClient } from '@aws-sdk/client-sts';
import { onTestFinished } from 'vitest';
import { type Clock, systemClock } from '../../../foundation/clock.ts';
import { seededRandom } from '../../../foundation/random.ts';
import { createAwsWorld } from '../../world/create-aws-world.ts';
import type { ReadableAwsWorld } from '../../world/readable-aws-world.ts';
import { type AwsEndpoint, type AwsEndpointOptions, startAwsEndpoint } from '../start-aws-endpoint.ts';

export const REGION = 'eu-west-1';
export const GROUP = '/ecs/shop';
export const CREDENTIALS = { accessKeyId: 'AKIADEMO', secretAccessKey: 'very-secret' };

type Credentials = typeof CREDENTIALS & { readonly sessionToken?: string };

/** A running endpoint and the clients of the AWS SDK, as anybody would make them, without retries. */
export interface Wire {
  readonly world: ReadableAwsWorld;
  readonly endpoint: AwsEndpoint;
  logs(credentials?: Credentials, region?: string): CloudWatchLogsClient;
  ecs(credentials?: Credentials, region?: string): ECSClient;
  sts(credentials?: Credentials, region?: string): STSClient;
}

/** Ends with the test that calls it. */
export async function startWire(
  options: Partial<AwsEndpointOptions> = {},
  fill: (world: ReadableAwsWorld) => void = () => {},
): Promise<Wire> {
  const world = options.world ?? createAwsWorld();
  fill(world);
  const clock: Clock = systemClock;
  const endpoint = await startAwsEndpoint({ world, clock, random: seededRandom(1), ...options });
  const config = (credentials: Credentials = CREDENTIALS, region = REGION) => ({
    endpoint: endpoint.url,
    region,
    credentials,
    maxAttempts: 1,
  });
  const closing = <T extends { destroy(): void }>(client: T): T => {
    onTestFinished(() => client.destroy());
    return client;
  };
  onTestFinished(() => endpoint.close());
  return {
    world,
    endpoint,
    logs: (...from) => closing(new CloudWatchLogsClient(config(...from))),
    ecs: (...from) => closing(new ECSClient(config(...from))),
    sts: (...from) => closing(new STSClient(config(...from))),
  };
}

/** A group with `count` events a millisecond apart, turn by turn in `streams` streams. */
export function fillGroup(
  world: ReadableAwsWorld,
  startMillis: number,
  count: number,
  streams = 1,
  text = 'line',
): void {
  world.createLogGroup({ region: REGION, name: GROUP });
  for (let index = 0; index < count; index++) {
    const event = { timestampMillis: startMillis + index, message: `${text} ${index}` };
    world.putEvents(REGION, GROUP, `s${index % streams}`, [event]);
  }
}
