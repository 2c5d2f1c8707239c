/**
 * The whole of Logferry under load, killed with SIGKILL at random moments, also while it starts: AWS and a DataKit that both
 * fail now and then, transforms that hold lines, the log store, a file and DataKit as destinations. RANDOM_KILLS says how
 * often.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';
import { stringify } from 'yaml';
import { FAULT_REPLIES } from '../../src/demo/datakit/faults.ts';
import type { DataKitStandIn } from '../../src/demo/datakit/stand-in-options.ts';
import { startDataKitStandIn } from '../../src/demo/datakit/start-datakit-stand-in.ts';
import type { FaultRule } from '../../src/demo/endpoint/faults/fault.ts';
import { startAwsEndpoint } from '../../src/demo/endpoint/start-aws-endpoint.ts';
import { createAwsWorld } from '../../src/demo/world/create-aws-world.ts';
import { systemClock } from '../../src/foundation/clock.ts';
import { silentLogger } from '../../src/foundation/logger.ts';
import {
  pickOne,
  type Random,
  randomInteger,
  seededRandom,
  systemRandom,
} from '../../src/foundation/random.ts';
import { createChdbLogStore } from '../../src/logstore/chdb/chdb-log-store.ts';
import { storeDirectory } from '../../src/sinks/store/store-directory.ts';

const CHILD = fileURLToPath(new URL('./follow-child.ts', import.meta.url));
const KILLS = Number(process.env['RANDOM_KILLS'] ?? 15);
const REGION = 'us-east-1';
const GROUPS = ['/ecs/a', '/ecs/b'];
const PUT_EVERY_MILLIS = 100;
/** Of the kills, those that come before anything was read. */
const AT_START = 0.25;

const action = ['FilterLogEvents', 'DescribeLogGroups'];
const AWS_FAULTS: readonly FaultRule[] = [
  { kind: 'throttle', action, probability: 0.03 },
  { kind: 'server-error', action, probability: 0.03 },
  { kind: 'reset', action, probability: 0.02 },
  { kind: 'truncate', how: 'cut-json', action, probability: 0.02 },
  { kind: 'expired-token', action: 'FilterLogEvents', probability: 0.1 },
  { kind: 'empty-page', action: 'FilterLogEvents', probability: 0.05 },
  { kind: 'repeat-page', action: 'FilterLogEvents', probability: 0.05 },
  { kind: 'page-size', action: 'FilterLogEvents', maxItems: 100, probability: 0.5 },
];

test(
  `killed ${KILLS} times at random moments: nothing lost, nothing twice in store and file, to DataKit only repeats that their id tells`,
  async () => {
    const random = systemRandom;
    const ground = await startGround();
    let startMillis = 1000;
    let kills = 0;
    while (kills < KILLS) {
      const child = spawn(process.execPath, [CHILD, ground.configPath, 'follow'], {
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      const begun = performance.now();
      const exited = once(child, 'exit') as Promise<[number | null, string | null]>;
      if (random.next() < AT_START) await setTimeout(random.next() * startMillis);
      else {
        await once(child.stdout, 'data');
        startMillis = performance.now() - begun;
        await setTimeout(random.next() * 1500);
      }
      child.kill('SIGKILL');
      expect(await exited).toEqual([null, 'SIGKILL']);
      kills++;
    }
    ground.endpoint.faults.clear();
    ground.datakit.faults.clear();
    const wanted = await ground.stopPutting();
    const last = spawn(process.execPath, [CHILD, ground.configPath, 'finish'], {
      stdio: ['ignore', 'ignore', 'inherit'],
    });
    expect(await once(last, 'exit')).toEqual([0, null]);

    expect(tally(wanted, await storedMessages(ground.dataDir)), 'store').toEqual({ lost: 0, twice: 0 });
    const file = readFileSync(join(ground.dataDir, 'out.ndjson'), 'utf8').trimEnd().split('\n');
    const written = file.map((line) => (JSON.parse(line) as { message: string }).message);
    expect(tally(wanted, written), 'file').toEqual({ lost: 0, twice: 0 });
    const { messages, repeats } = byEventId(ground.datakit);
    expect(tally(wanted, messages), 'DataKit').toEqual({ lost: 0, twice: 0 });
    console.log(`${kills} kills, ${wanted} lines, ${file.length} records, ${repeats} repeats to DataKit`);
    // It was worth looking.
    expect(wanted).toBeGreaterThan(KILLS * 50);
  },
  120_000 + KILLS * 15_000,
);

/** Everything but Logferry, with lines that go on being written; each line has a number of its own. */
async function startGround() {
  const dir = mkdtempSync(join(tmpdir(), 'logferry-random-kill-'));
  const world = createAwsWorld();
  for (const name of GROUPS) world.createLogGroup({ region: REGION, name });
  const endpoint = await startAwsEndpoint({ world, clock: systemClock, random: seededRandom(1) });
  for (const fault of AWS_FAULTS) endpoint.faults.add(fault);
  const datakit = await startDataKitStandIn({ clock: systemClock });
  datakit.faults.add({ kind: 'reply', reply: FAULT_REPLIES.serverError }, { probability: 0.05 });
  datakit.faults.add({ kind: 'reset', taken: true }, { probability: 0.05 });
  const configPath = join(dir, 'logferry.yaml');
  writeFileSync(configPath, stringify(configOf(endpoint.url, datakit.url)));
  onTestFinished(async () => {
    await endpoint.close();
    await datakit.close();
    rmSync(dir, { recursive: true, force: true });
  });
  const stop = new AbortController();
  const random = seededRandom(2);
  let lines = 0;
  const putting = (async () => {
    while (!stop.signal.aborted) {
      for (const group of GROUPS) {
        const now = Date.now();
        const messages = someLines(random, () => lines++);
        const events = messages.map((message) => ({ timestampMillis: now, message }));
        world.putEvents(REGION, group, `app/web/${pickOne(random, [1, 2])}`, events);
      }
      await setTimeout(PUT_EVERY_MILLIS, undefined, { signal: stop.signal }).catch(() => {});
    }
  })();
  return {
    configPath,
    dataDir: join(dir, 'data'),
    endpoint,
    datakit,
    /** Answers how many lines were written. */
    stopPutting: async () => {
      stop.abort();
      await putting;
      return lines;
    },
  };
}

/** Lines of a service, and now and then a stack trace, which is joined. */
function someLines(random: Random, next: () => number): string[] {
  if (random.next() < 0.8)
    return Array.from({ length: randomInteger(random, 1, 30) }, () => `INFO request <${next()}> done`);
  const frames = Array.from(
    { length: randomInteger(random, 1, 9) },
    () => `\tat shop.Order.pay(<${next()}>)`,
  );
  return [`ERROR java.lang.IllegalStateException: <${next()}>`, ...frames];
}

/** Each number below `wanted` belongs into one message, once. */
function tally(
  wanted: number,
  messages: Iterable<string>,
): { readonly lost: number; readonly twice: number } {
  const times = new Uint32Array(wanted);
  let twice = 0;
  for (const message of messages)
    for (const [, number] of message.matchAll(/<(\d+)>/g)) {
      const index = Number(number);
      if ((times[index] ?? 1) > 0) twice++;
      else times[index] = 1;
    }
  return { lost: times.filter((count) => count === 0).length, twice };
}

/**
 * The messages that DataKit got, by event id; what came again under an id is the same. But for the nanoseconds within its
 * millisecond, which keep the order within a batch: after a restart batches are cut otherwise.
 */
function byEventId(datakit: DataKitStandIn) {
  const points = new Map<string, string>();
  let repeats = 0;
  for (const { measurement, tags, fields, timestampNanos } of datakit.received) {
    const id = String(fields['event_id']);
    const content = JSON.stringify([measurement, tags, { ...fields }, String(timestampNanos / 1_000_000n)]);
    const before = points.get(id);
    if (before === undefined) points.set(id, content);
    else {
      repeats++;
      expect(content).toBe(before);
    }
  }
  return { messages: points.values(), repeats };
}

async function storedMessages(dataDir: string): Promise<string[]> {
  const store = createChdbLogStore({
    dir: storeDirectory(dataDir, 'local'),
    clock: systemClock,
    random: systemRandom,
    logger: silentLogger,
  });
  try {
    const filter = { fromMillis: 0, toMillis: Date.now() + 1000, query: { kind: 'all' as const } };
    const page = await store.search(
      { ...filter, limit: 10_000_000, order: 'oldest' },
      AbortSignal.timeout(60_000),
    );
    return page.records.map(({ record }) => record.message);
  } finally {
    await store.close();
  }
}

function configOf(aws: string, datakit: string): object {
  const inputs = ['parts'];
  const keys = { access_key_id: 'AKIATESTTESTTESTTEST', secret_access_key: 'any' };
  return {
    version: 1,
    data_dir: './data',
    accounts: {
      test: { regions: [REGION], endpoint: aws, ...keys, requests_per_second: { FilterLogEvents: 1000 } },
    },
    sources: { logs: { type: 'cloudwatch_logs', account: 'test', log_groups: GROUPS, every: '1s' } },
    transforms: {
      parts: { type: 'chain', inputs: ['logs'], multiline: { languages: ['java'], max_wait: '300ms' } },
    },
    destinations: {
      local: { type: 'store', inputs },
      file: { type: 'file', inputs, path: 'out.ndjson' },
      datakit: {
        type: 'datakit',
        inputs,
        url: datakit,
        max_batch_records: 50,
        max_in_flight: 3,
        linger: '0s',
      },
    },
  };
}
