import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { Engine } from '../../../src/app/engine.ts';
import { loadProductConfig } from '../../../src/app/load-product-config.ts';
import { noMetrics } from '../../../src/contracts/metrics.ts';
import { startDataKitStandIn } from '../../../src/demo/datakit/start-datakit-stand-in.ts';
import { startAwsEndpoint } from '../../../src/demo/endpoint/start-aws-endpoint.ts';
import { createAwsWorld } from '../../../src/demo/world/create-aws-world.ts';
import { systemClock } from '../../../src/foundation/clock.ts';
import { silentLogger } from '../../../src/foundation/logger.ts';
import { seededRandom } from '../../../src/foundation/random.ts';

export const REGION = 'us-east-1';
export const GROUP = '/ecs/app';

/** A line of the `file` destination. */
export interface WrittenLine {
  readonly id: string;
  readonly message: string;
  readonly time: string;
}

/** An AWS endpoint, a DataKit and Logferry between them, in one process, on a folder of its own. */
export async function startWholePath(
  more: { readonly store?: boolean; readonly maxBatchRecords?: number } = {},
) {
  const dir = mkdtempSync(join(tmpdir(), 'logferry-whole-'));
  const world = createAwsWorld();
  world.createLogGroup({ region: REGION, name: GROUP });
  const endpoint = await startAwsEndpoint({ world, clock: systemClock, random: seededRandom(1) });
  const datakit = await startDataKitStandIn({ clock: systemClock });
  const inputs = ['logs'];
  const path = join(dir, 'logferry.yaml');
  writeFileSync(
    path,
    stringify({
      version: 1,
      data_dir: './data',
      accounts: {
        test: {
          regions: [REGION],
          endpoint: endpoint.url,
          access_key_id: 'AKIATESTTESTTESTTEST',
          secret_access_key: 'any',
          requests_per_second: { FilterLogEvents: 1000, DescribeLogGroups: 1000 },
        },
      },
      sources: {
        logs: {
          type: 'cloudwatch_logs',
          account: 'test',
          log_groups: [GROUP],
          start_from: '-15d',
          max_lateness: '14d',
        },
      },
      destinations: {
        file: { type: 'file', inputs, path: 'out.ndjson' },
        datakit: {
          type: 'datakit',
          inputs,
          url: datakit.url,
          linger: '0s',
          ...(more.maxBatchRecords !== undefined && { max_batch_records: more.maxBatchRecords }),
        },
        ...(more.store === true && { local: { type: 'store', inputs, retention: '90d' } }),
      },
    }),
  );
  const deps = {
    clock: systemClock,
    // The shortest waits that there are.
    random: { next: () => 0 },
    logger: silentLogger,
    metrics: noMetrics,
    env: {},
  };
  const engine = await Engine.open(await loadProductConfig(path, {}), deps, 'test');
  return {
    world,
    endpoint,
    datakit,
    engine,
    written: (): readonly WrittenLine[] =>
      readFileSync(join(dir, 'data', 'out.ndjson'), 'utf8')
        .split('\n')
        .filter((line) => line !== '')
        .map((line) => JSON.parse(line) as WrittenLine),
    close: async () => {
      await engine.close();
      await endpoint.close();
      await datakit.close();
      rmSync(dir, { recursive: true, force: true });
    },
  };
}
