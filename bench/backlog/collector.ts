import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { stringify } from 'yaml';
import { BENCH_GROUP } from '../load/bench-group.ts';
import type { BacklogOptions } from './options.ts';

const BIN = fileURLToPath(new URL('../../bin/logferry', import.meta.url));
const START_MILLIS = 60_000;

export interface CollectorSetup extends BacklogOptions {
  readonly runDir: string;
  readonly awsUrl: string;
  readonly datakitUrl: string;
  readonly fromMillis: number;
}

/** `logferry up`, as everybody starts it. */
export class Collector {
  readonly dataDir: string;
  readonly pid: number;
  readonly #child: ChildProcess;
  readonly #url: string;

  private constructor(child: ChildProcess, url: string, dataDir: string) {
    this.#child = child;
    this.pid = child.pid ?? 0;
    this.#url = url;
    this.dataDir = dataDir;
  }

  static async start(setup: CollectorSetup): Promise<Collector> {
    const { runDir, nodeOptions, env } = setup;
    const config = join(runDir, 'logferry.yaml');
    writeFileSync(config, stringify(configOf(setup)));
    const child = spawn(process.execPath, [...nodeOptions, BIN, 'up', '-c', config], {
      stdio: ['ignore', 'ignore', 'pipe'],
      env: { ...process.env, ...env, AWS_EC2_METADATA_DISABLED: 'true' },
    });
    try {
      return new Collector(child, await urlOf(child), join(runDir, 'data'));
    } catch (thrown) {
      child.kill('SIGKILL');
      throw thrown;
    }
  }

  get hasEnded(): boolean {
    return this.#child.exitCode !== null || this.#child.signalCode !== null;
  }

  /** Sums over the series of each name. */
  async metrics(): Promise<ReadonlyMap<string, number>> {
    const text = await (await fetch(`${this.#url}/metrics`)).text();
    const sums = new Map<string, number>();
    for (const line of text.split('\n')) {
      const [, name, value] = /^(\w+)(?:\{.*\})? (\S+)$/.exec(line) ?? [];
      if (name !== undefined) sums.set(name, (sums.get(name) ?? 0) + Number(value));
    }
    return sums;
  }

  /** As a service manager does; resolves to the exit code. */
  async stop(): Promise<number | null> {
    if (this.hasEnded) return this.#child.exitCode;
    const ended = once(this.#child, 'exit');
    this.#child.kill('SIGTERM');
    const [code] = (await ended) as [number | null];
    return code;
  }

  kill(): void {
    if (!this.hasEnded) this.#child.kill('SIGKILL');
  }
}

function configOf({ awsUrl, datakitUrl, fromMillis, spoolBytes }: CollectorSetup): object {
  const startSeconds = Math.ceil((Date.now() - fromMillis) / 1000) + 60;
  return {
    version: 1,
    data_dir: './data',
    server: { listen: '127.0.0.1:0' },
    log: { level: 'info', format: 'json' },
    spool: { max_bytes: spoolBytes },
    accounts: {
      backlog: {
        regions: ['us-east-1'],
        endpoint: awsUrl,
        access_key_id: 'AKIABENCHBENCHBENCHX',
        secret_access_key: 'any',
        // So that the budget is not what is waited for.
        requests_per_second: { FilterLogEvents: 10_000, DescribeLogGroups: 10_000 },
      },
    },
    sources: {
      logs: {
        type: 'cloudwatch_logs',
        account: 'backlog',
        log_groups: [BENCH_GROUP],
        start_from: `-${startSeconds}s`,
      },
    },
    // Lines are not joined, so that each event is a point of its own and can be counted.
    transforms: { tidy: { inputs: ['logs'], level: 'auto', enrich: { tags: { env: 'backlog' } } } },
    destinations: { datakit: { type: 'datakit', inputs: ['tidy'], url: datakitUrl } },
  };
}

async function urlOf(child: ChildProcess): Promise<string> {
  let said = '';
  const { stderr } = child;
  if (stderr === null) throw new Error('It has no standard error.');
  const ended = once(child, 'exit').then(([code]) => {
    throw new Error(`Logferry ended (${String(code)}): ${said}`);
  });
  const told = new Promise<string>((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`Logferry did not come up: ${said}`)), START_MILLIS);
    stderr.setEncoding('utf8').on('data', (text: string) => {
      if (said.length < 10_000) said += text;
      const [, url] = /"url":"(http:[^"]+)"/.exec(said) ?? [];
      if (url === undefined) return;
      clearTimeout(timer);
      resolve(url);
    });
  });
  return await Promise.race([told, ended]);
}
