import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { stringify } from 'yaml';
import type { Python } from './find-python.ts';
import { expectEqual, logferry, runProcess, succeed } from './run-process.ts';

const FILL = fileURLToPath(new URL('./fill_moto.py', import.meta.url));
const REGION = 'us-east-1';
const START_MILLIS = 30_000;

interface Filled {
  readonly group: string;
  readonly recent: number;
  readonly old: number;
  readonly task: string;
}

/** Discovery, run and backfill against a server that others wrote, reached by AWS_ENDPOINT_URL alone. */
export async function oursAgainstMoto({ python }: Python, tell: (what: string) => void): Promise<void> {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const moto = spawn(python, ['-m', 'moto.server', '-H', '127.0.0.1', '-p', String(port)], {
    stdio: 'ignore',
  });
  const dir = mkdtempSync(join(tmpdir(), 'logferry-interop-'));
  try {
    await untilUp(url);
    const filled = JSON.parse(
      await succeed(runProcess(python, [FILL, url, REGION], {}), 'fill_moto.py'),
    ) as Filled;
    const env = {
      AWS_ENDPOINT_URL: url,
      AWS_ACCESS_KEY_ID: 'testing',
      AWS_SECRET_ACCESS_KEY: 'testing',
      AWS_REGION: REGION,
    };
    const config = writeConfig(dir);
    await checkDiscovery(env, config, filled, tell);
    await checkReading(env, config, dir, filled, tell);
  } finally {
    moto.kill('SIGKILL');
    await once(moto, 'exit');
    rmSync(dir, { recursive: true, force: true });
  }
}

async function checkDiscovery(
  env: Readonly<Record<string, string>>,
  config: string,
  filled: Filled,
  tell: (what: string) => void,
): Promise<void> {
  const tree = await succeed(logferry(['discover', '-o', 'json', '-c', config], env), 'discover');
  for (const expected of ['"interop"', '"web"', '"app"', filled.group])
    if (!tree.includes(expected)) throw new Error(`discover does not show ${expected}: ${tree}`);
  tell('discover: cluster › service › container → log group');
  await succeed(logferry(['check', '-c', config], env), 'check');
  tell('check');
}

async function checkReading(
  env: Readonly<Record<string, string>>,
  config: string,
  dir: string,
  filled: Filled,
  tell: (what: string) => void,
): Promise<void> {
  const run = async () =>
    (await succeed(logferry(['run', 'ecs', '-c', config], env), 'run')).trimEnd().split('\n').at(-1);
  expectEqual(await run(), `total ${filled.recent}`, 'the last line of the first run');
  expectEqual(await run(), 'total 0', 'the last line of the second run');
  tell(`run: total ${filled.recent}, then total 0`);
  const backfill = await succeed(
    logferry(['backfill', 'ecs', '--from', '3h', '-c', config], env),
    'backfill',
  );
  expectEqual(backfill.trimEnd().split('\n').at(-1), `total ${filled.old}`, 'the last line of the backfill');
  tell(`backfill: total ${filled.old}, without what run had read`);
  const lines = readFileSync(join(dir, 'data', 'out.ndjson'), 'utf8')
    .trimEnd()
    .split('\n');
  const records = lines.map((line) => JSON.parse(line) as { id: string; tags: Record<string, string> });
  expectEqual(records.length, filled.recent + filled.old, 'lines delivered');
  expectEqual(new Set(records.map(({ id }) => id)).size, records.length, 'distinct event ids delivered');
  expectEqual(new Set(records.map(({ tags }) => tags['task_id'])).size, 1, 'tasks among the tags');
  expectEqual(records[0]?.tags['task_id'], filled.task, 'the task of the lines');
  tell(`${records.length} lines delivered, each once, tagged with their task`);
}

function writeConfig(dir: string): string {
  const path = join(dir, 'logferry.yaml');
  const config = {
    version: 1,
    data_dir: './data',
    sources: { ecs: { type: 'aws_ecs', discover: { clusters: ['interop'] }, start_from: '-15m' } },
    destinations: { out: { type: 'file', inputs: ['ecs'], path: 'out.ndjson' } },
  };
  writeFileSync(path, stringify(config));
  return path;
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new Error('No port is free.');
  return address.port;
}

async function untilUp(url: string): Promise<void> {
  const endMillis = Date.now() + START_MILLIS;
  for (;;) {
    const isUp = await fetch(url).then(
      () => true,
      () => false,
    );
    if (isUp) return;
    if (Date.now() > endMillis) throw new Error('moto did not start.');
    await sleep(100);
  }
}
