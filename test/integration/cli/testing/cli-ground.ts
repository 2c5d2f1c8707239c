import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'vitest';
import { stringify } from 'yaml';
import { startDataKitStandIn } from '../../../../src/demo/datakit/start-datakit-stand-in.ts';
import { startAwsEndpoint } from '../../../../src/demo/endpoint/start-aws-endpoint.ts';
import { DemoFleet } from '../../../../src/demo/fleet/demo-fleet.ts';
import type { AwsWorldOptions } from '../../../../src/demo/world/create-aws-world.ts';
import { createAwsWorld } from '../../../../src/demo/world/create-aws-world.ts';
import { systemClock } from '../../../../src/foundation/clock.ts';
import { seededRandom } from '../../../../src/foundation/random.ts';
import { type CliProcess, type CliResult, startCli } from './start-cli.ts';

export const GROUP = '/ecs/app';
export const STREAM = 'app/web/0123456789abcdef0123456789abcdef';
export const KEY_ID = 'AKIATESTTESTTESTTEST';
/** The secret of the configuration: nothing that the command line says may hold it. */
export const CANARY = 'canary/Zq81secret+that+nobody+may+see';

type Part = Readonly<Record<string, unknown>>;

export interface ConfigParts {
  readonly account?: Part;
  readonly source?: Part;
  readonly sources?: Part;
  readonly transforms?: Part;
  readonly destinations?: Part;
  readonly top?: Part;
}

export interface CliGround extends Awaited<ReturnType<typeof startCliGround>> {}

/** An AWS endpoint and a DataKit in this process, and a folder for the command line to work in. */
export async function startCliGround(options: AwsWorldOptions & { readonly region?: string } = {}) {
  const { region = 'us-east-1', ...worldOptions } = options;
  const dir = mkdtempSync(join(tmpdir(), 'logferry-cli-'));
  const world = createAwsWorld(worldOptions);
  world.createLogGroup({ region, name: GROUP });
  const endpoint = await startAwsEndpoint({
    world,
    clock: systemClock,
    random: seededRandom(1),
    credentials: [{ accessKeyId: KEY_ID, secretAccessKey: CANARY }],
    regions: [region],
  });
  const datakit = await startDataKitStandIn({ clock: systemClock });
  const started: CliProcess[] = [];
  const said: string[] = [];

  const config = (parts: ConfigParts = {}) => ({
    version: 1,
    data_dir: './data',
    server: { listen: '127.0.0.1:0' },
    accounts: {
      test: {
        regions: [region],
        endpoint: endpoint.url,
        access_key_id: KEY_ID,
        secret_access_key: CANARY,
        requests_per_second: { FilterLogEvents: 1000, DescribeLogGroups: 1000 },
        ...parts.account,
      },
    },
    sources: parts.sources ?? {
      logs: {
        type: 'cloudwatch_logs',
        account: 'test',
        log_groups: [GROUP],
        start_from: '-1d',
        ...parts.source,
      },
    },
    ...(parts.transforms && { transforms: parts.transforms }),
    destinations: parts.destinations ?? {
      file: { type: 'file', inputs: ['logs'], path: 'out.ndjson' },
      datakit: { type: 'datakit', inputs: ['logs'], url: datakit.url, linger: '0s' },
    },
    ...parts.top,
  });

  const start = (args: readonly string[], env?: Readonly<Record<string, string>>): CliProcess => {
    const process_ = startCli(args, { cwd: dir, ...(env && { env }) });
    started.push(process_);
    void process_.ended.then(({ stdout, stderr }) => said.push(stdout, stderr));
    return process_;
  };

  return {
    dir,
    region,
    world,
    endpoint,
    datakit,
    config,
    write: (parts: ConfigParts | string = {}, name = 'logferry.yaml') =>
      writeFileSync(join(dir, name), typeof parts === 'string' ? parts : stringify(config(parts))),
    start,
    run: (args: readonly string[], env?: Readonly<Record<string, string>>): Promise<CliResult> =>
      start(args, env).ended,
    /** Event ids in the file destination, in its order. */
    written: (): readonly string[] => {
      const path = join(dir, 'data', 'out.ndjson');
      if (!existsSync(path)) return [];
      return (
        readFileSync(path, 'utf8')
          .split('\n')
          // Behind the last line break stands nothing, or what is just being written.
          .slice(0, -1)
          .map((line) => (JSON.parse(line) as { id: string }).id)
      );
    },
    /** Events a second apart, the latest `agoMillis` ago; answers their ids, sorted. */
    putEvents: (count: number, agoMillis = 1000, group = GROUP): readonly string[] => {
      const endMillis = Date.now() - agoMillis;
      const events = Array.from({ length: count }, (_, n) => ({
        timestampMillis: endMillis - n * 1000,
        message: `line ${n} of ${count}`,
      }));
      return world.putEvents(region, group, STREAM, events).toSorted();
    },
    /** The demo's fleet in the Region of this ground, with two hours of history. */
    addFleet: (): DemoFleet => {
      const fleet = new DemoFleet({ world, clock: systemClock, seed: 1, region, startMillis: Date.now() });
      fleet.backfill();
      return fleet;
    },
    close: async () => {
      for (const one of started) if (one.child.exitCode === null) one.kill('SIGKILL');
      await Promise.all(started.map(({ ended }) => ended));
      await endpoint.close();
      await datakit.close();
      rmSync(dir, { recursive: true, force: true });
      // Whatever was done: the secret came out nowhere.
      for (const text of said) expect(text).not.toContain(CANARY);
    },
  };
}

/** A test with a ground of its own, which may run beside others. */
export function inGround(work: (ground: CliGround) => Promise<void>): () => Promise<void> {
  return async () => {
    const ground = await startCliGround();
    try {
      await work(ground);
    } finally {
      await ground.close();
    }
  };
}
