import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { onTestFinished } from 'vitest';
import { stringify } from 'yaml';
import { Engine } from '../../../../src/app/engine.ts';
import { loadProductConfig } from '../../../../src/app/load-product-config.ts';
import { noMetrics } from '../../../../src/contracts/metrics.ts';
import type { WorldEvent, WorldLogGroup } from '../../../../src/demo/aws-world.ts';
import {
  type AwsEndpointOptions,
  startAwsEndpoint,
} from '../../../../src/demo/endpoint/start-aws-endpoint.ts';
import { createAwsWorld } from '../../../../src/demo/world/create-aws-world.ts';
import type { Logger } from '../../../../src/foundation/logger.ts';
import { seededRandom } from '../../../../src/foundation/random.ts';
import { noCounts } from '../../../../src/pipeline/slice-reader.ts';
import { tally } from '../../eight-losses/testing/tally.ts';
import { HoppingClock, WrongClock } from './hopping-clock.ts';

export const REGION = 'us-east-1';
export const GROUP = '/ecs/shop';
export const STREAM = 'ecs/shop/0123456789abcdef0123456789abcdef';
export const SECOND = 1000;
export const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;
/** A whole minute, at which the world begins. */
export const START = Date.UTC(2026, 10, 20, 12);
export const NOTHING_WRONG = { lost: 0, twice: 0 };
export const KEY = { accessKeyId: 'AKIATESTTESTTESTTEST', secretAccessKey: 'any' };

const ANY_RATE = 1_000_000;

export interface HazardGroundOptions extends Pick<AwsEndpointOptions, 'credentials' | 'scannedEvents'> {
  readonly groups?: readonly Omit<WorldLogGroup, 'region'>[];
  /** Options of the source, over `cloudwatch_logs` of the groups, from ten minutes ago. */
  readonly source?: Readonly<Record<string, unknown>>;
  /** How far Logferry's clock is ahead of the service's. */
  readonly aheadMillis?: number;
  /** What the account may ask of FilterLogEvents; as much as it wants when left out. */
  readonly requestsPerSecond?: number;
  readonly env?: Readonly<Record<string, string>>;
}

interface Told {
  readonly message: string;
  readonly details: Readonly<Record<string, unknown>>;
}

/** A line of the `file` destination. */
interface WrittenLine {
  readonly id: string;
  readonly message: string;
}

/** An AWS endpoint and, behind its own clock, the whole of Logferry into a file. Ends with its test. */
export async function startHazardGround(options: HazardGroundOptions = {}) {
  const groups = options.groups ?? [{ name: GROUP }];
  const time = new HoppingClock(START);
  const clock = new WrongClock(time, options.aheadMillis);
  const world = createAwsWorld();
  for (const group of groups) world.createLogGroup({ region: REGION, ...group });
  const endpoint = await startAwsEndpoint({ ...options, world, clock: time, random: seededRandom(1) });
  const dir = mkdtempSync(join(tmpdir(), 'logferry-hazards-'));
  const path = join(dir, 'logferry.yaml');
  writeFileSync(path, stringify(configOf(options, endpoint.url)));
  const told: Told[] = [];
  // The shortest waits that there are.
  const random = { next: () => 0 };
  const deps = { clock, random, logger: keepWarnings(told), metrics: noMetrics, env: options.env ?? {} };
  const open = async () => await Engine.open(await loadProductConfig(path, {}), deps, 'test');
  let engine = await open();
  onTestFinished(async () => {
    await engine.close();
    await endpoint.close();
    rmSync(dir, { recursive: true, force: true });
  });
  const written = (): readonly WrittenLine[] => {
    const file = join(dir, 'data', 'out.ndjson');
    if (!existsSync(file)) return [];
    const lines = readFileSync(file, 'utf8').split('\n');
    return lines.filter((line) => line !== '').map((line) => JSON.parse(line) as WrittenLine);
  };
  /** One poll of everything; answers what it counted. */
  const collect = async () => {
    const counts = noCounts();
    await engine.pipeline.collectOnce('logs', counts, AbortSignal.timeout(30_000));
    return counts;
  };
  return {
    world,
    endpoint,
    clock,
    told,
    written,
    now: () => time.now(),
    pass: (millis: number) => time.pass(millis),
    put: (events: readonly WorldEvent[], group = GROUP) => [
      ...world.putEvents(REGION, group, STREAM, events),
    ],
    collect,
    /** As `collect`, where long waits are a part of it. */
    collectForLong: async () => {
      const collecting = collect();
      let isOver = false;
      const over = collecting.then(
        () => (isOver = true),
        () => (isOver = true),
      );
      while (!isOver) {
        time.pass(SECOND);
        await Promise.race([over, setTimeout(2)]);
      }
      return await collecting;
    },
    /** What the file has of what should be there, by event ids. */
    result: async (wanted: readonly string[]) => {
      await engine.pipeline.drain(AbortSignal.timeout(30_000));
      return tally(
        wanted,
        written().map(({ id }) => id),
      );
    },
    status: async () => {
      const [source] = (await engine.pipeline.status()).sources;
      if (source === undefined) throw new Error('There is a source.');
      return source;
    },
    checkpoint: async (group = GROUP) => {
      const found = (await engine.store.list('logs|')).find(({ key }) => key.endsWith(`:${group}`));
      if (found === undefined) throw new Error(`${group} has no checkpoint.`);
      return found.checkpoint;
    },
    seenIds: async (group = GROUP) => {
      const [stored] = (await engine.store.list('logs|')).filter(({ key }) => key.endsWith(`:${group}`));
      const seen = stored === undefined ? [] : ((await engine.store.load(stored.key))?.seen ?? []);
      return seen.reduce((sum, { hashes }) => sum + hashes.length / 8, 0);
    },
    restart: async () => {
      await engine.close();
      engine = await open();
    },
  };
}

export type HazardGround = Awaited<ReturnType<typeof startHazardGround>>;

/** One event in each step of time, from `fromMillis` on, each line another. */
export function lines(count: number, fromMillis: number, stepMillis: number): WorldEvent[] {
  return Array.from({ length: count }, (_, n) => ({
    timestampMillis: fromMillis + n * stepMillis,
    message: `line ${fromMillis} ${n}`,
  }));
}

function configOf({ groups, source, requestsPerSecond }: HazardGroundOptions, endpoint: string): object {
  return {
    version: 1,
    data_dir: './data',
    accounts: {
      test: {
        regions: [REGION],
        endpoint,
        access_key_id: KEY.accessKeyId,
        secret_access_key: KEY.secretAccessKey,
        requests_per_second: {
          FilterLogEvents: requestsPerSecond ?? ANY_RATE,
          DescribeLogGroups: ANY_RATE,
        },
      },
    },
    sources: {
      logs: {
        type: 'cloudwatch_logs',
        account: 'test',
        log_groups: groups?.map(({ name }) => name) ?? [GROUP],
        start_from: '-10m',
        ...source,
      },
    },
    // One file, whatever the clocks say: it is rotated by its age.
    destinations: { file: { type: 'file', inputs: ['logs'], path: 'out.ndjson', max_age: '365d' } },
  };
}

function keepWarnings(told: Told[]): Logger {
  const tell = (details: object, message: string) => {
    told.push({ message, details: details as Told['details'] });
  };
  const logger: Logger = {
    debug: () => {},
    info: tell,
    warn: tell,
    error: tell,
    child: () => logger,
  };
  return logger;
}
