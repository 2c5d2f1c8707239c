import { fileURLToPath } from 'node:url';
import { startAwsEndpoint } from '../../src/demo/endpoint/start-aws-endpoint.ts';
import { DemoFleet } from '../../src/demo/fleet/demo-fleet.ts';
import { createAwsWorld } from '../../src/demo/world/create-aws-world.ts';
import { systemClock } from '../../src/foundation/clock.ts';
import { seededRandom } from '../../src/foundation/random.ts';
import type { Python } from './find-python.ts';
import { expectEqual, runProcess, succeed } from './run-process.ts';

const READ = fileURLToPath(new URL('./read_with_boto3.py', import.meta.url));
const KEY = { accessKeyId: 'AKIAINTEROPINTEROP00', secretAccessKey: 'only-for-this-test' };
const GROUP = '/ecs/demo-task';
const MINUTE = 60_000;

/** Programs of others read the demo's endpoint, signatures checked, and see what is in its world. */
export async function othersAgainstOurs(
  { python, aws }: Python,
  tell: (what: string) => void,
): Promise<void> {
  const world = createAwsWorld();
  const startMillis = Date.now();
  const fleet = new DemoFleet({ world, clock: systemClock, seed: 7, startMillis });
  fleet.backfill();
  const endpoint = await startAwsEndpoint({
    world,
    clock: systemClock,
    random: seededRandom(7),
    credentials: [KEY],
  });
  try {
    const [from, to] = [startMillis - 100 * MINUTE, startMillis - 10 * MINUTE];
    const expected = fleet.expectedEvents(GROUP, from, to).length;
    const text = await succeed(
      runProcess(
        python,
        [
          READ,
          endpoint.url,
          fleet.region,
          KEY.accessKeyId,
          KEY.secretAccessKey,
          GROUP,
          String(from),
          String(to),
        ],
        {},
      ),
      'read_with_boto3.py',
    );
    const seen = JSON.parse(text) as Record<string, unknown>;
    expectEqual([seen['events'], seen['distinct']], [expected, expected], 'events and distinct ids');
    expectEqual(seen['groups'], fleet.logGroups.toSorted(), 'log groups');
    expectEqual(seen['account'], world.accountId, 'account');
    expectEqual(seen['missing_group'], 'ResourceNotFoundException', 'error of a missing group');
    expectEqual(seen['wrong_secret'], 'InvalidSignatureException', 'error of a wrong secret');
    tell(
      `boto3: ${expected} events in pages of 500, ${String(seen['services'])} services, ${String(seen['tasks'])} tasks, errors`,
    );

    const [program, ...first] = aws;
    const call = async (...args: string[]) =>
      JSON.parse(
        await succeed(
          runProcess(program, [...first, '--output', 'json', ...args], {
            AWS_ENDPOINT_URL: endpoint.url,
            AWS_ACCESS_KEY_ID: KEY.accessKeyId,
            AWS_SECRET_ACCESS_KEY: KEY.secretAccessKey,
            AWS_DEFAULT_REGION: fleet.region,
          }),
          `aws ${args.join(' ')}`,
        ),
      ) as Record<string, unknown[]>;
    const range = ['--start-time', String(from), '--end-time', String(to)];
    const filtered = await call('logs', 'filter-log-events', '--log-group-name', GROUP, ...range);
    expectEqual(filtered['events']?.length, expected, 'events of aws logs filter-log-events');
    expectEqual(
      (await call('ecs', 'list-clusters'))['clusterArns']?.length,
      1,
      'clusters of aws ecs list-clusters',
    );
    expectEqual((await call('sts', 'get-caller-identity'))['Account'], world.accountId, 'account of aws sts');
    tell('AWS command line: logs, ecs, sts');
  } finally {
    await endpoint.close();
  }
}
