import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { loadProductConfig } from '../../../../src/app/load-product-config.ts';
import { createPrometheusMetrics } from '../../../../src/app/prometheus-metrics.ts';
import { Server } from '../../../../src/app/server.ts';
import { systemClock } from '../../../../src/foundation/clock.ts';
import { silentLogger } from '../../../../src/foundation/logger.ts';
import { systemRandom } from '../../../../src/foundation/random.ts';
import type { LogRecord } from '../../../../src/record/log-record.ts';

export type LogsGround = Awaited<ReturnType<typeof startLogsGround>>;

interface ServerEvent {
  readonly event: string;
  readonly data: unknown;
}

/** A server with a store called `local`, to which records are appended directly. */
export async function startLogsGround() {
  const dir = mkdtempSync(join(tmpdir(), 'logferry-logs-'));
  const path = join(dir, 'logferry.yaml');
  const config = {
    version: 1,
    data_dir: './data',
    server: { listen: '127.0.0.1:0' },
    sources: {
      nothing: { type: 'cloudwatch_logs', account: 'nobody', log_groups: ['/none'], every: '1h' },
    },
    // Refused at once: nothing listens there.
    accounts: {
      nobody: {
        regions: ['us-east-1'],
        endpoint: 'http://127.0.0.1:9',
        access_key_id: 'AKIATESTTESTTESTTEST',
        secret_access_key: 'x',
      },
    },
    destinations: { local: { type: 'store', inputs: ['nothing'], retention: '3650d' } },
  };
  writeFileSync(path, stringify(config));
  const server = await Server.start(await loadProductConfig(path, {}), {
    clock: systemClock,
    random: systemRandom,
    logger: silentLogger,
    metrics: createPrometheusMetrics(),
    env: {},
  });
  const { url } = server;
  return {
    url,
    path,
    fetch: (target: string) => fetch(`${url}${target}`),
    get: async <Body>(target: string) => {
      const reply = await fetch(`${url}${target}`);
      return { status: reply.status, body: (await reply.json()) as Body };
    },
    append: async (records: readonly LogRecord[]) => {
      const store = server.engine.components.logStore('local');
      await store.append(records, { redelivery: false }, AbortSignal.timeout(20_000));
    },
    /** Server-sent events, one after the other. */
    events: async (target: string) => {
      const end = new AbortController();
      const reply = await fetch(`${url}${target}`, { signal: end.signal });
      const stream = eventsOf(reply);
      return {
        next: async () => (await stream.next()).value as ServerEvent | undefined,
        close: () => end.abort(),
      };
    },
    stop: async () => {
      await server.stop(0);
      rmSync(dir, { recursive: true, force: true });
    },
  };
}

async function* eventsOf(reply: Response): AsyncGenerator<ServerEvent> {
  if (reply.body === null) return;
  let text = '';
  for await (const chunk of reply.body.pipeThrough(new TextDecoderStream())) {
    text += chunk;
    for (;;) {
      const end = text.indexOf('\n\n');
      if (end === -1) break;
      const lines = text.slice(0, end).split('\n');
      text = text.slice(end + 2);
      const event = lines.find((line) => line.startsWith('event: '))?.slice(7);
      const data = lines.find((line) => line.startsWith('data: '))?.slice(6);
      if (event !== undefined && data !== undefined) yield { event, data: JSON.parse(data) as unknown };
    }
  }
}
