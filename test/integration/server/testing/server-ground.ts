import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { stringify } from 'yaml';
import { loadProductConfig } from '../../../../src/app/load-product-config.ts';
import { createPrometheusMetrics } from '../../../../src/app/prometheus-metrics.ts';
import { Server } from '../../../../src/app/server.ts';
import { startDataKitStandIn } from '../../../../src/demo/datakit/start-datakit-stand-in.ts';
import { startAwsEndpoint } from '../../../../src/demo/endpoint/start-aws-endpoint.ts';
import { createAwsWorld } from '../../../../src/demo/world/create-aws-world.ts';
import { type Clock, systemClock } from '../../../../src/foundation/clock.ts';
import { type Logger, silentLogger } from '../../../../src/foundation/logger.ts';
import { seededRandom } from '../../../../src/foundation/random.ts';

export const REGION = 'us-east-1';
export const GROUPS = ['/ecs/a', '/ecs/b'] as const;

type Parts = Record<string, unknown>;

/** Sources and destinations of a configuration. */
export interface Wanted {
  readonly sources?: Parts;
  readonly destinations?: Parts;
  readonly more?: Parts;
}

export const source = (group: string, more: object = {}) => ({
  type: 'cloudwatch_logs',
  account: 'test',
  log_groups: [group],
  every: '1s',
  start_from: '-1h',
  ...more,
});
export const file = (path: string, inputs: readonly string[]) => ({ type: 'file', inputs, path });

/** An AWS endpoint, a DataKit, and servers between them on one folder. Ends with its test. */
export async function startGround() {
  const dir = mkdtempSync(join(tmpdir(), 'logferry-server-'));
  const world = createAwsWorld();
  for (const name of GROUPS) world.createLogGroup({ region: REGION, name });
  const endpoint = await startAwsEndpoint({ world, clock: systemClock, random: seededRandom(1) });
  const datakit = await startDataKitStandIn({ clock: systemClock });
  const path = join(dir, 'logferry.yaml');
  const metrics = createPrometheusMetrics();
  const logged: string[] = [];
  const keep = (details: object, message: string) => logged.push(`${message} ${JSON.stringify(details)}`);
  const logger: Logger = { ...silentLogger, warn: keep, error: keep, child: () => logger };
  const servers: Server[] = [];

  const write = ({ sources = {}, destinations = {}, more = {} }: Wanted) =>
    writeFileSync(
      path,
      stringify({
        version: 1,
        data_dir: './data',
        server: { listen: '127.0.0.1:0' },
        accounts: {
          test: {
            regions: [REGION],
            endpoint: endpoint.url,
            access_key_id: 'AKIATESTTESTTESTTEST',
            secret_access_key: 'CANARY-secret',
            requests_per_second: { FilterLogEvents: 1000, DescribeLogGroups: 1000 },
          },
        },
        sources,
        destinations,
        ...more,
      }),
    );
  /** `maxSpoolBytes`: below what a configuration may say, so that it is full sooner. */
  const start = async (more: { readonly clock?: Clock; readonly maxSpoolBytes?: number } = {}) => {
    const { clock = systemClock, maxSpoolBytes } = more;
    const deps = { clock, random: { next: () => 0 }, logger, metrics, env: {} };
    const loaded = await loadProductConfig(path, {});
    const spool = maxSpoolBytes === undefined ? loaded.spool : { maxBytes: maxSpoolBytes };
    const server = await Server.start({ ...loaded, spool }, deps);
    servers.push(server);
    return server;
  };
  onTestFinished(async () => {
    for (const server of servers) await server.stop(0);
    await endpoint.close();
    await datakit.close();
    rmSync(dir, { recursive: true, force: true });
  });

  return {
    world,
    endpoint,
    datakit,
    metrics,
    logged,
    path,
    dir,
    write,
    start,
    /** Puts events there now; resolves to their ids. */
    put: (group: string, count: number, ageMillis = 1000) => {
      const now = Date.now() - ageMillis;
      const events = Array.from({ length: count }, (_, n) => ({
        timestampMillis: now - n,
        message: `line ${n}`,
      }));
      return world.putEvents(REGION, group, 'app/web/1', events);
    },
    /** Ids in a file destination, in their order. */
    written: (name: string): string[] => {
      const file = join(dir, 'data', name);
      if (!existsSync(file)) return [];
      const lines = readFileSync(file, 'utf8').split('\n').slice(0, -1);
      return lines.map((line) => (JSON.parse(line) as { id: string }).id);
    },
  };
}

export async function getJson<Body>(server: Server, path: string, init: RequestInit = {}) {
  const reply = await fetch(`${server.url}${path}`, init);
  return { status: reply.status, body: (await reply.json()) as Body };
}

export async function postJson<Body>(server: Server, path: string, body: unknown) {
  return await getJson<Body>(server, path, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
}
