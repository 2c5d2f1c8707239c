import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { stringify } from 'yaml';
import { Engine } from '../../../../src/app/engine.ts';
import { loadProductConfig } from '../../../../src/app/load-product-config.ts';
import { noMetrics } from '../../../../src/contracts/metrics.ts';
import type { FakeClock } from '../../../../src/foundation/fake-clock.ts';
import { silentLogger } from '../../../../src/foundation/logger.ts';
import { noCounts } from '../../../../src/pipeline/slice-reader.ts';

export interface LogferryOptions {
  readonly clock: FakeClock;
  readonly region: string;
  readonly groups: readonly string[];
  readonly endpoint: string;
  readonly datakit: string;
  /** Options of the source; `cloudwatch_logs` of the groups, from a minute ago, when left out. */
  readonly source?: Readonly<Record<string, unknown>>;
  readonly transforms?: Readonly<Record<string, unknown>>;
}

/** A line of the `file` destination. */
export interface WrittenLine {
  readonly id: string;
  readonly message: string;
}

const REQUESTS_A_SECOND = 100_000;

/** Logferry from the AWS endpoint to DataKit and to a file, on a folder of its own that outlives `restart`. */
export async function startLogferry(options: LogferryOptions) {
  const { clock } = options;
  const dir = mkdtempSync(join(tmpdir(), 'logferry-eight-'));
  const path = join(dir, 'logferry.yaml');
  writeFileSync(path, stringify(configOf(options)));
  const open = async () => {
    // The shortest waits that there are.
    const random = { next: () => 0 };
    const deps = { clock, random, logger: silentLogger, metrics: noMetrics, env: {} };
    return await Engine.open(await loadProductConfig(path, {}), deps, 'test');
  };
  let engine = await open();
  return {
    /** Reads everything up to now into the spool. */
    collect: () => engine.pipeline.collectOnce('logs', noCounts(), AbortSignal.timeout(30_000)),
    /** As `collect`, and every destination has it. Waits between two tries end early. */
    run: async () => {
      const signal = AbortSignal.timeout(30_000);
      await engine.pipeline.collectOnce('logs', noCounts(), signal);
      const drained = await endingWaits(clock, engine.pipeline.drain(signal));
      for (const [id, result] of drained)
        if (!result.drained) throw new Error(`${id} has not got everything: ${result.detail}`);
    },
    status: () => engine.pipeline.status(),
    engine: () => engine,
    stop: () => engine.close(),
    start: async () => {
      engine = await open();
    },
    written: (): readonly WrittenLine[] => {
      const file = join(dir, 'data', 'out.ndjson');
      if (!existsSync(file)) return [];
      const lines = readFileSync(file, 'utf8').split('\n');
      return lines.filter((line) => line !== '').map((line) => JSON.parse(line) as WrittenLine);
    },
    close: async () => {
      await engine.close();
      rmSync(dir, { recursive: true, force: true });
    },
  };
}

/** So slowly that a write under way, which waits for its timeout too, is over long before that. */
async function endingWaits<T>(clock: FakeClock, work: Promise<T>): Promise<T> {
  const over = new AbortController();
  const isOver = work.then(
    () => over.abort(),
    () => over.abort(),
  );
  while (!over.signal.aborted) {
    await Promise.race([isOver, setTimeout(20)]);
    await clock.advance(100);
  }
  return await work;
}

function configOf(options: LogferryOptions): object {
  const inputs = options.transforms === undefined ? ['logs'] : Object.keys(options.transforms).slice(-1);
  const source = options.source ?? {
    type: 'cloudwatch_logs',
    log_groups: options.groups,
    start_from: '-1m',
  };
  return {
    version: 1,
    data_dir: './data',
    accounts: {
      test: {
        regions: [options.region],
        endpoint: options.endpoint,
        access_key_id: 'AKIATESTTESTTESTTEST',
        secret_access_key: 'any',
        // Time stands still: the budget must hold what the whole test asks for.
        requests_per_second: Object.fromEntries(
          ['FilterLogEvents', 'GetLogEvents', 'DescribeLogGroups', 'DescribeLogStreams'].map((api) => [
            api,
            REQUESTS_A_SECOND,
          ]),
        ),
      },
    },
    sources: { logs: { account: 'test', source: 'ecs_log_source', ...source } },
    ...(options.transforms !== undefined && { transforms: options.transforms }),
    destinations: {
      file: { type: 'file', inputs, path: 'out.ndjson' },
      datakit: { type: 'datakit', inputs, url: options.datakit, linger: '0s' },
    },
  };
}
