/** The eighth loss: what was pushed before a crash is pushed again, and no id tells it from lines that are the same. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';
import { stringify } from 'yaml';
import type { ReceivedPoint } from '../../../src/demo/datakit/received-point.ts';
import { startDataKitStandIn } from '../../../src/demo/datakit/start-datakit-stand-in.ts';
import { startAwsEndpoint } from '../../../src/demo/endpoint/start-aws-endpoint.ts';
import { createAwsWorld } from '../../../src/demo/world/create-aws-world.ts';
import { systemClock } from '../../../src/foundation/clock.ts';
import { seededRandom } from '../../../src/foundation/random.ts';
import type { CollectOnceOptions } from '../../seed-way/collect-once.ts';
import { tally } from './testing/tally.ts';
import { GROUP, REGION, STREAM } from './testing/two-ways.ts';

const SEED_CHILD = fileURLToPath(new URL('./testing/seed-child.ts', import.meta.url));
const LOGFERRY_CHILD = fileURLToPath(new URL('../../crash/path-child.ts', import.meta.url));
const LINES = 400;
/** Lines that an application really wrote twice in one millisecond. */
const TWINS = 10;
const KILLED = { code: null, signal: 'SIGKILL' };
const ENDED = { code: 0, signal: null };

test('collectors that are killed between push and cursor', async () => {
  const dir = mkdtempSync(join(tmpdir(), 'logferry-eight-'));
  const world = createAwsWorld();
  world.createLogGroup({ region: REGION, name: GROUP });
  const endpoint = await startAwsEndpoint({ world, clock: systemClock, random: seededRandom(1) });
  const seedDataKit = await startDataKitStandIn({ clock: systemClock });
  const logferryDataKit = await startDataKitStandIn({ clock: systemClock });
  onTestFinished(async () => {
    await endpoint.close();
    await seedDataKit.close();
    await logferryDataKit.close();
    rmSync(dir, { recursive: true, force: true });
  });
  const from = Date.now() - 40_000;
  const events = Array.from({ length: LINES - TWINS }, (_, n) => ({
    timestampMillis: from + n * 20,
    message: `line ${n}`,
  }));
  const ids = world.putEvents(REGION, GROUP, STREAM, [...events, ...events.slice(0, TWINS)]);
  const messages = world.events(REGION, GROUP).map(({ message }) => message);

  const options: CollectOnceOptions = {
    endpoint: endpoint.url,
    region: REGION,
    groups: [GROUP],
    datakitUrl: seedDataKit.url,
    intervalSeconds: 120,
  };
  const seedArgs = [JSON.stringify(options), join(dir, 'cache.json')];
  expect(await run(SEED_CHILD, [...seedArgs, 'killed'])).toEqual(KILLED);
  expect(await run(SEED_CHILD, seedArgs)).toEqual(ENDED);
  const seedPoints = seedDataKit.received.toArray();
  expect(tally(messages, messagesOf(seedPoints))).toEqual({ lost: 0, twice: LINES });
  const cleaned = distinctBy(seedPoints, ({ measurement, tags, fields }) =>
    JSON.stringify([measurement, tags, fields]),
  );
  expect(tally(messages, messagesOf(cleaned))).toEqual({ lost: TWINS, twice: 0 });

  const config = writeConfig(dir, endpoint.url, logferryDataKit.url);
  expect(await run(LOGFERRY_CHILD, [config, 'sent', 'datakit', '1'])).toEqual(KILLED);
  expect(await run(LOGFERRY_CHILD, [config, 'none'])).toEqual(ENDED);
  // To DataKit the batch in flight goes again; its ids tell, and what is written twice by the application stays.
  const points = logferryDataKit.received.toArray();
  expect(tally(ids, idsOf(points))).toEqual({ lost: 0, twice: LINES });
  expect(tally(ids, idsOf(distinctBy(points, idOf)))).toEqual({ lost: 0, twice: 0 });
  expect(tally(ids, writtenIds(dir))).toEqual({ lost: 0, twice: 0 });
});

const messagesOf = (points: readonly ReceivedPoint[]) =>
  points.map(({ fields }) => String(fields['message']));
const idOf = ({ fields }: ReceivedPoint) => String(fields['event_id']);
const idsOf = (points: readonly ReceivedPoint[]) => points.map(idOf);

function distinctBy<T>(all: readonly T[], key: (one: T) => string): readonly T[] {
  return [...new Map(all.map((one) => [key(one), one])).values()];
}

async function run(script: string, args: readonly string[]): Promise<object> {
  const child = spawn(process.execPath, [script, ...args], { stdio: ['ignore', 'ignore', 'inherit'] });
  const [code, signal] = (await once(child, 'exit')) as [number | null, string | null];
  return { code, signal };
}

function writtenIds(dir: string): string[] {
  const lines = readFileSync(join(dir, 'data', 'out.ndjson'), 'utf8')
    .trimEnd()
    .split('\n');
  return lines.map((line) => (JSON.parse(line) as { readonly id: string }).id);
}

function writeConfig(dir: string, endpoint: string, datakit: string): string {
  const path = join(dir, 'logferry.yaml');
  const keys = { access_key_id: 'AKIATESTTESTTESTTEST', secret_access_key: 'any' };
  const inputs = ['logs'];
  const config = {
    version: 1,
    data_dir: './data',
    accounts: { test: { regions: [REGION], endpoint, ...keys } },
    sources: { logs: { type: 'cloudwatch_logs', account: 'test', log_groups: [GROUP] } },
    destinations: {
      file: { type: 'file', inputs, path: 'out.ndjson' },
      datakit: { type: 'datakit', inputs, url: datakit, linger: '0s' },
    },
  };
  writeFileSync(path, stringify(config));
  return path;
}
