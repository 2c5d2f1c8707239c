/** The whole way from AWS to the store and to a DataKit, killed with SIGKILL at each of its steps. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { stringify } from 'yaml';
import { startDataKitStandIn } from '../../src/demo/datakit/start-datakit-stand-in.ts';
import { startAwsEndpoint } from '../../src/demo/endpoint/start-aws-endpoint.ts';
import { createAwsWorld } from '../../src/demo/world/create-aws-world.ts';
import { systemClock } from '../../src/foundation/clock.ts';
import { silentLogger } from '../../src/foundation/logger.ts';
import { seededRandom, systemRandom } from '../../src/foundation/random.ts';
import { createChdbLogStore } from '../../src/logstore/chdb/chdb-log-store.ts';
import { storeDirectory } from '../../src/sinks/store/store-directory.ts';
import type { Step } from './path-child.ts';

const CHILD = fileURLToPath(new URL('./path-child.ts', import.meta.url));
const REGION = 'us-east-1';
const GROUPS = ['/ecs/a', '/ecs/b'];
const EVENTS_A_ROUND = 400;
const BATCH_RECORDS = 150;
const IN_FLIGHT = 2;

const KILLS: readonly (readonly [step: Step, destination: string, time: number])[] = [
  ['read', '', 1],
  ['read', '', 2],
  ['committed', '', 1],
  ['committed', '', 2],
  ...(['local', 'file', 'datakit'] as const).flatMap((destination) => [
    ['sending', destination, 1] as const,
    ['sent', destination, 1] as const,
    ['acknowledged', destination, 1] as const,
  ]),
  // Small batches: some are delivered, some in flight, some still to come.
  ['sent', 'datakit', 3],
];

test(`killed at ${KILLS.length} steps: nothing lost, nothing twice in store and file, to DataKit only what was in flight`, async () => {
  const dir = mkdtempSync(join(tmpdir(), 'logferry-path-'));
  const world = createAwsWorld();
  for (const name of GROUPS) world.createLogGroup({ region: REGION, name });
  const endpoint = await startAwsEndpoint({ world, clock: systemClock, random: seededRandom(1) });
  const datakit = await startDataKitStandIn({ clock: systemClock, storage: { keep: 'event_ids' } });
  const configPath = writeConfig(dir, endpoint.url, datakit.url);
  const expected: string[] = [];
  const put = () => {
    for (const group of GROUPS) {
      const now = Date.now();
      const events = Array.from({ length: EVENTS_A_ROUND }, (_, n) => ({
        timestampMillis: now - n * 10,
        ingestedMillis: now,
        message: `line ${n}`,
      }));
      expected.push(...world.putEvents(REGION, group, 'app/web/1', events));
    }
  };
  try {
    let killed = 0;
    for (const [step, destination, time] of KILLS) {
      put();
      const { signal } = await run(configPath, [step, destination, String(time)]);
      if (signal === 'SIGKILL') killed++;
    }
    // Every step was really reached.
    expect(killed).toBe(KILLS.length);
    put();
    expect(await run(configPath, ['none'])).toEqual({ code: 0, signal: null });

    const wanted = expected.toSorted();
    expect((await storedIds(join(dir, 'data'))).toSorted()).toEqual(wanted);
    const lines = readFileSync(join(dir, 'data', 'out.ndjson'), 'utf8')
      .trimEnd()
      .split('\n');
    expect(lines.map((line) => (JSON.parse(line) as { id: string }).id).toSorted()).toEqual(wanted);
    expect([...datakit.received.eventIds.keys()].toSorted()).toEqual(wanted);
    const killsInFlight = KILLS.length;
    expect(datakit.received.duplicates).toBeLessThanOrEqual(killsInFlight * IN_FLIGHT * BATCH_RECORDS);
    // Otherwise the kills between sending and acknowledging showed nothing.
    expect(datakit.received.duplicates).toBeGreaterThan(0);
  } finally {
    await endpoint.close();
    await datakit.close();
    rmSync(dir, { recursive: true, force: true });
  }
});

async function run(
  configPath: string,
  args: readonly string[],
): Promise<{ code: number | null; signal: string | null }> {
  const child = spawn(process.execPath, [CHILD, configPath, ...args], {
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const [code, signal] = (await once(child, 'exit')) as [number | null, string | null];
  return { code, signal };
}

async function storedIds(dataDir: string): Promise<string[]> {
  const store = createChdbLogStore({
    dir: storeDirectory(dataDir, 'local'),
    clock: systemClock,
    random: systemRandom,
    logger: silentLogger,
  });
  try {
    const query = {
      fromMillis: 0,
      toMillis: Date.now() + 1000,
      query: { kind: 'all' as const },
      limit: 1_000_000,
    };
    const { records: found } = await store.search({ ...query, order: 'oldest' }, AbortSignal.timeout(30_000));
    return found.map(({ record }) => record.id);
  } finally {
    await store.close();
  }
}

function writeConfig(dir: string, aws: string, datakit: string): string {
  const path = join(dir, 'logferry.yaml');
  const keys = { access_key_id: 'AKIATESTTESTTESTTEST', secret_access_key: 'any' };
  const inputs = ['logs'];
  const config = {
    version: 1,
    data_dir: './data',
    accounts: {
      test: { regions: [REGION], endpoint: aws, ...keys, requests_per_second: { FilterLogEvents: 1000 } },
    },
    sources: { logs: { type: 'cloudwatch_logs', account: 'test', log_groups: GROUPS } },
    destinations: {
      local: { type: 'store', inputs },
      file: { type: 'file', inputs, path: 'out.ndjson' },
      datakit: {
        type: 'datakit',
        inputs,
        url: datakit,
        max_batch_records: BATCH_RECORDS,
        max_in_flight: IN_FLIGHT,
        linger: '0s',
      },
    },
  };
  writeFileSync(path, stringify(config));
  return path;
}
