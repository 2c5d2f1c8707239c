import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';
import { createPrometheusMetrics } from '../../../../src/app/prometheus-metrics.ts';
import { accountOptions } from '../../../../src/aws/account-options.ts';
import type { AwsAccount, AwsAccounts } from '../../../../src/aws/aws-account.ts';
import type { AwsTimeouts } from '../../../../src/aws/client/connection.ts';
import { createAwsAccounts } from '../../../../src/aws/create-aws-accounts.ts';
import {
  type AwsEndpointOptions,
  startAwsEndpoint,
} from '../../../../src/demo/endpoint/start-aws-endpoint.ts';
import { createAwsWorld } from '../../../../src/demo/world/create-aws-world.ts';
import { type Clock, systemClock } from '../../../../src/foundation/clock.ts';
import { silentLogger } from '../../../../src/foundation/logger.ts';
import { seededRandom } from '../../../../src/foundation/random.ts';

export const REGION = 'us-east-1';
export const GROUP = '/ecs/app';
export const KEY = { accessKeyId: 'AKIATESTTESTTESTTEST', secretAccessKey: 'CANARY-secret' };
export const KEYS = { access_key_id: KEY.accessKeyId, secret_access_key: KEY.secretAccessKey };
export const never = () => new AbortController().signal;

/** A clock that does not wait, moves on by what it was asked to wait, and remembers it. Timeouts of 30 s are real. */
export class HastyClock implements Clock {
  readonly slept: number[] = [];
  #skippedMillis = 0;

  now(): number {
    return Date.now() + this.#skippedMillis;
  }

  monotonic(): number {
    return performance.now() + this.#skippedMillis;
  }

  skip(millis: number): void {
    this.#skippedMillis += millis;
  }

  async sleep(millis: number, signal?: AbortSignal): Promise<void> {
    if (millis >= 30_000) return await systemClock.sleep(millis, signal);
    signal?.throwIfAborted();
    this.slept.push(millis);
    this.#skippedMillis += millis;
    await new Promise((resolve) => setImmediate(resolve));
  }
}

const QUICK: AwsTimeouts = { connectMillis: 1000, replyMillis: 300, idleMillis: 300, attemptMillis: 1000 };

/** Accounts on the AWS SDK, as the product makes them, with nothing of this machine's environment. Ends with its test. */
export function startAccounts(
  configs: Readonly<Record<string, object>>,
  more: { env?: Record<string, string>; clock?: Clock } = {},
) {
  const metrics = createPrometheusMetrics();
  const accounts: AwsAccounts = createAwsAccounts(
    Object.fromEntries(Object.entries(configs).map(([id, options]) => [id, accountOptions.parse(options)])),
    {
      clock: more.clock ?? new HastyClock(),
      random: { next: () => 0.5 },
      logger: silentLogger,
      metrics,
      env: { HOME: '/nowhere', AWS_EC2_METADATA_DISABLED: 'true', ...more.env },
      timeouts: QUICK,
    },
  );
  onTestFinished(() => accounts.close());
  return { accounts, metrics };
}

/** The demo's endpoint with one log group of three events, in each Region. */
export async function startEndpoint(
  options: Partial<AwsEndpointOptions> = {},
  regions: readonly string[] = [REGION],
  partition: 'aws' | 'aws-cn' = 'aws',
) {
  const world = createAwsWorld({ partition });
  for (const region of regions) {
    world.createLogGroup({ region, name: GROUP });
    const now = Date.now();
    const events = [1, 2, 3].map((n) => ({ timestampMillis: now - 1000 * n, message: `${region} ${n}` }));
    world.putEvents(region, GROUP, 's', events);
  }
  const random = seededRandom(1);
  const endpoint = await startAwsEndpoint({
    world,
    clock: systemClock,
    random,
    credentials: [KEY],
    ...options,
  });
  onTestFinished(() => endpoint.close());
  return endpoint;
}

/** Any HTTP server, for replies that the endpoint does not give. */
export async function startServer(
  answer: (request: IncomingMessage, response: ServerResponse) => void,
): Promise<{ readonly url: string; readonly port: number }> {
  const server = createServer(answer);
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  onTestFinished(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => {
      server.close(resolve);
    });
  });
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}`, port };
}

export async function readMessages(account: AwsAccount, region = REGION, group = GROUP): Promise<string[]> {
  const { output } = await account.logs(region).filterLogEvents({ logGroupName: group }, { signal: never() });
  return (output.events ?? []).map(({ message }) => message ?? '');
}
