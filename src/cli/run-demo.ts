import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative, resolve } from 'node:path';
import { stringify } from 'yaml';
import { loadProductConfig } from '../app/load-product-config.ts';
import { Server } from '../app/server.ts';
import type { DataKitStandIn } from '../demo/datakit/stand-in-options.ts';
import { startDataKitStandIn } from '../demo/datakit/start-datakit-stand-in.ts';
import { type AwsEndpoint, startAwsEndpoint } from '../demo/endpoint/start-aws-endpoint.ts';
import { DemoFleet } from '../demo/fleet/demo-fleet.ts';
import { createAwsWorld } from '../demo/world/create-aws-world.ts';
import { describeError, LogferryError } from '../foundation/logferry-error.ts';
import { seededRandom } from '../foundation/random.ts';
import type { CliContext } from './cli-context.ts';
import { commandDeps } from './command-deps.ts';
import { linePrinter } from './output/line-printer.ts';
import { painter } from './output/paint.ts';
import { portProblem } from './port-problem.ts';

export interface DemoOptions {
  readonly dir?: string;
  readonly port?: string;
  readonly seed: string;
  readonly quietLines?: boolean;
  readonly keep?: boolean;
}

/** Good for the demo's endpoint, and for nothing else in the world. */
const DEMO_KEY = {
  accessKeyId: 'AKIADEMODEMODEMODEMO',
  secretAccessKey: 'the-demo-endpoint-takes-this-key-only',
};
const USUAL_PORT = 8787;
/** By this the demo knows a configuration of its own again. */
const FIRST_LINE = '# Made by `logferry demo`.';
const STORE_ID = 'local';
const LINES_MILLIS = 1000;
const STATUS_MILLIS = 10_000;
const LINES_AT_ONCE = 12;
const HISTORY_MILLIS = 30_000;

interface Demo {
  readonly cli: CliContext;
  readonly fleet: DemoFleet;
  readonly endpoint: AwsEndpoint;
  readonly datakit: DataKitStandIn;
  readonly server: Server;
  readonly configPath: string;
}

/** `logferry demo`: a fleet, the AWS endpoint that it stands behind, a DataKit, and Logferry between them. */
export async function runDemo(cli: CliContext, options: DemoOptions): Promise<void> {
  const seed = wholeNumber(options.seed, '--seed', 0, 2 ** 32 - 1);
  const port = await choosePort(options.port);
  if (options.dir !== undefined) refuseForeignConfig(options.dir);
  const dir =
    options.dir === undefined ? mkdtempSync(join(tmpdir(), 'logferry-demo-')) : resolve(options.dir);
  // Also where it ends in a hurry: by a second Ctrl-C, or because nobody reads its lines any more.
  const isTemporary = options.dir === undefined && options.keep !== true;
  if (isTemporary) process.once('exit', () => rmSync(dir, { recursive: true, force: true, maxRetries: 5 }));
  // A terminal that is closed is no reason to leave its data behind.
  process.once('SIGHUP', () => process.emit('SIGTERM'));
  cli.stderr.write('Making two hours of history of a small ECS fleet …\n');
  const world = createAwsWorld();
  const fleet = new DemoFleet({ world, clock: cli.clock, seed, startMillis: cli.clock.now() });
  fleet.backfill();
  const endpoint = await startAwsEndpoint({
    world,
    clock: cli.clock,
    random: seededRandom(seed),
    credentials: [DEMO_KEY],
  });
  const datakit = await startDataKitStandIn({ clock: cli.clock, storage: { keep: 'event_ids' } });
  const stopFleet = new AbortController();
  const running = fleet.run(stopFleet.signal);
  try {
    const configPath = writeDemoConfig(dir, fleet.region, endpoint.url, datakit.url, port);
    const config = await loadProductConfig(configPath, { ...cli.env });
    const deps = commandDeps(cli, { level: 'warn', format: 'auto' });
    const server = await Server.start(config, deps);
    // The other commands find the server through the configuration.
    if (port === 0)
      writeDemoConfig(dir, fleet.region, endpoint.url, datakit.url, Number(new URL(server.url).port));
    const demo: Demo = { cli, fleet, endpoint, datakit, server, configPath };
    try {
      await showDemo(demo);
    } finally {
      await server.stop();
    }
  } finally {
    stopFleet.abort();
    await running;
    await datakit.close();
    await endpoint.close();
  }
}

/** Known before two hours of history are made: the port that was asked for, the usual one, or any that is free. */
async function choosePort(given: string | undefined): Promise<number> {
  const port = given === undefined ? USUAL_PORT : wholeNumber(given, '--port', 0, 65_535);
  const problem = await portProblem('127.0.0.1', port);
  if (problem === undefined) return port;
  if (given === undefined) return 0;
  throw new LogferryError('PORT_IN_USE', `The demo cannot listen on 127.0.0.1:${port}.`, {
    hint: 'Name another port, or `--port 0` for one that is free.',
    cause: problem,
  });
}

/** The configuration of somebody else is not written over. */
function refuseForeignConfig(dir: string): void {
  const path = join(dir, 'logferry.yaml');
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (thrown) {
    if ((thrown as NodeJS.ErrnoException).code === 'ENOENT') return;
    throw new LogferryError('USAGE', `${path} cannot be read.`, { cause: thrown });
  }
  if (text.startsWith(FIRST_LINE)) return;
  throw new LogferryError('USAGE', `${path} is there already, and no demo wrote it.`, {
    hint: 'Name another folder for the demo, or leave --dir out.',
  });
}

function writeDemoConfig(dir: string, region: string, aws: string, datakit: string, port: number): string {
  mkdirSync(dir, { recursive: true });
  const path = join(dir, 'logferry.yaml');
  const config = {
    version: 1,
    data_dir: './data',
    server: { listen: `127.0.0.1:${port}` },
    accounts: {
      demo: {
        regions: [region],
        endpoint: aws,
        access_key_id: DEMO_KEY.accessKeyId,
        secret_access_key: DEMO_KEY.secretAccessKey,
        // Nobody else calls this endpoint.
        headroom: 0,
      },
    },
    sources: {
      ecs_services: {
        type: 'aws_ecs',
        account: 'demo',
        discover: { clusters: ['*'], services: ['*'], exclude: ['demo-task'] },
        source: 'ecs_log_source',
        every: '2s',
        discover_every: '15s',
        start_from: '-2h',
      },
      demo_task: {
        type: 'cloudwatch_logs',
        account: 'demo',
        log_groups: ['/ecs/demo-task'],
        source: 'ecs_log_source',
        every: '2s',
        start_from: '-2h',
      },
    },
    transforms: { tidy: { inputs: ['ecs_services', 'demo_task'], multiline: 'auto', level: 'auto' } },
    destinations: {
      [STORE_ID]: { type: 'store', inputs: ['tidy'], retention: '7d', max_disk: '1GiB' },
      datakit: { type: 'datakit', inputs: ['tidy'], url: datakit },
    },
  };
  writeFileSync(path, `${FIRST_LINE} The key is good for the demo's endpoint only.\n${stringify(config)}`, {
    mode: 0o600,
  });
  return path;
}

async function showDemo(demo: Demo): Promise<void> {
  const { cli } = demo;
  banner(demo);
  const ended = new AbortController();
  const showing = Promise.all([showLines(demo, ended.signal), showStatus(demo, ended.signal)]);
  if (!cli.signal.aborted) await once(cli.signal, 'abort');
  ended.abort();
  await showing;
  cli.stderr.write('\n');
  await tellStatus(demo).catch(() => {});
  cli.stderr.write('Stopping …\n');
}

function banner({ cli, endpoint, datakit, server, configPath, fleet }: Demo): void {
  const paint = painter(cli);
  const shown = relative(process.cwd(), configPath);
  const path = shown.startsWith('..') ? configPath : shown;
  const rows: (readonly [string, string])[] = [
    ['console', `${server.url}/logs?range=2h  (the logs, what is collected, and how far; in a browser)`],
    ['status', `${server.url}/api/v1/status   ${server.url}/metrics`],
    ['AWS', `${endpoint.url}  (CloudWatch Logs, ECS, STS; region ${fleet.region})`],
    ['DataKit', datakit.url],
    ['tail', `bin/logferry tail -f -c ${path}`],
    ['tree', `bin/logferry discover -c ${path}`],
    [
      'aws cli',
      `AWS_ACCESS_KEY_ID=${DEMO_KEY.accessKeyId} AWS_SECRET_ACCESS_KEY=${DEMO_KEY.secretAccessKey} AWS_REGION=${fleet.region} AWS_ENDPOINT_URL=${endpoint.url} aws logs describe-log-groups`,
    ],
  ];
  cli.stderr.write(
    `\n${paint('bold', 'Logferry demo')}: all of this is made up, and runs on this machine only.\n`,
  );
  for (const [name, text] of rows) cli.stderr.write(`  ${paint('cyan', name.padEnd(8))} ${text}\n`);
  cli.stderr.write(
    `${paint('dim', 'Below: lines as the local store has them; errors rise with an incident about 20 minutes ago. Ctrl-C ends.')}\n\n`,
  );
}

/** What arrives in the store, a few lines a second: history goes by unseen. */
async function showLines({ cli, server }: Demo, signal: AbortSignal): Promise<void> {
  const print = linePrinter(cli, 'pretty');
  while (!signal.aborted) {
    const store = server.engine.components.logStore(STORE_ID);
    const request = {
      query: { kind: 'all' as const },
      fromMillis: cli.clock.now() - HISTORY_MILLIS,
      backlog: 0,
      maxRecords: LINES_AT_ONCE,
    };
    try {
      for await (const { records, leftOut } of store.tail(request, signal)) {
        for (const { record } of records) await print(record);
        if (leftOut.tooMany > 0) cli.stderr.write(`        … ${leftOut.tooMany} more of the same second\n`);
      }
    } catch (thrown) {
      if (signal.aborted) return;
      cli.stderr.write(`warning the store could not be read: ${describeError(thrown)}\n`);
    }
    await cli.clock.sleep(LINES_MILLIS, signal).catch(() => {});
  }
}

async function showStatus(demo: Demo, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    await demo.cli.clock.sleep(STATUS_MILLIS, signal).catch(() => {});
    if (!signal.aborted) await tellStatus(demo).catch(() => {});
  }
}

/** `── 5 log groups · store 71,204 · DataKit 71,204 (0 twice) · waiting 0 · lag 2 s` */
async function tellStatus({ cli, datakit, server }: Demo): Promise<void> {
  const { sources, destinations } = await server.engine.pipeline.status();
  const groups = new Set(sources.flatMap(({ partitions }) => partitions.map(({ title }) => title))).size;
  const lag = Math.max(0, ...sources.map(({ lagMillis }) => lagMillis ?? 0));
  const waiting = destinations.reduce((sum, { waiting: of }) => sum + of.waitingRecords, 0);
  const delivered = destinations.map(({ id, delivered: records }) => `${id} ${records.toLocaleString('en')}`);
  const text = [
    `${groups} log groups`,
    ...delivered,
    `the DataKit counted ${datakit.received.count.toLocaleString('en')} (${datakit.received.duplicates} twice)`,
    `waiting ${waiting.toLocaleString('en')}`,
    `lag ${(lag / 1000).toFixed(1)} s`,
  ].join(' · ');
  cli.stderr.write(`${painter(cli)(['bold', 'cyan'], `── ${text}`)}\n`);
}

function wholeNumber(text: string, option: string, min: number, max: number): number {
  const value = Number(text);
  if (Number.isInteger(value) && value >= min && value <= max && text.trim() !== '') return value;
  throw new LogferryError('USAGE', `${option} is a whole number from ${min} to ${max}.`);
}
