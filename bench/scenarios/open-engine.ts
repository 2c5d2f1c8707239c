import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { createLogger } from '../../src/app/create-logger.ts';
import { Engine } from '../../src/app/engine.ts';
import { createPrometheusMetrics } from '../../src/app/prometheus-metrics.ts';
import type { SinkDefinition } from '../../src/catalog/catalogue.ts';
import { fullCatalogue } from '../../src/catalog/full-catalogue.ts';
import { loadConfig } from '../../src/config/load-config.ts';
import type { Metrics } from '../../src/contracts/metrics.ts';
import { type Clock, systemClock } from '../../src/foundation/clock.ts';
import { systemRandom } from '../../src/foundation/random.ts';
import type { Addresses } from '../worker/scenario.ts';
import { acknowledgeAll, holdBack } from './bench-sinks.ts';

export interface EngineSetup {
  /** By id; `type` and `account` are added. */
  readonly sources: Readonly<Record<string, object>>;
  readonly transforms: boolean;
  /** By id; `inputs` are added. */
  readonly destinations: Readonly<Record<string, object>>;
  /** As by the quota table when left out. */
  readonly requestsPerSecond?: Readonly<Record<string, number>>;
  /** The machine's when left out. */
  readonly clock?: Clock;
}

export interface OpenedEngine {
  readonly engine: Engine;
  /** Requests to AWS since the start. */
  readonly requests: () => number;
}

const TRANSFORM = 'tidy';
/** So that the budget is not what is measured. */
export const UNBOUNDED = { FilterLogEvents: 10_000, DescribeLogGroups: 10_000 };

/** The product's own engine, from a configuration file, on a state of its own on disk. */
export async function openEngine(
  addresses: Addresses,
  setup: EngineSetup,
  sinks: readonly SinkDefinition[] = [holdBack, acknowledgeAll],
): Promise<OpenedEngine> {
  const { dir } = addresses;
  const path = join(dir, 'logferry.yaml');
  writeFileSync(path, stringify(configOf(addresses, setup)));
  const config = await loadConfig(path, {
    catalogue: { ...fullCatalogue, sinks: [...fullCatalogue.sinks, ...sinks] },
    env: {},
    readFile: (file) => Promise.resolve(readFileSync(file, 'utf8')),
  });
  const { metrics, requests } = countedMetrics();
  const deps = {
    clock: setup.clock ?? systemClock,
    random: systemRandom,
    logger: createLogger({ level: 'warn', format: 'pretty' }, process.stderr, false),
    metrics,
    env: {},
  };
  return { engine: await Engine.open(config, deps, 'bench'), requests };
}

function configOf(
  { awsUrl }: Addresses,
  { sources, transforms, destinations, requestsPerSecond }: EngineSetup,
) {
  const sourceIds = Object.keys(sources);
  return {
    version: 1,
    data_dir: './data',
    // So that its bound is not what is measured.
    spool: { max_bytes: '64GiB' },
    accounts: {
      bench: {
        regions: ['us-east-1'],
        endpoint: awsUrl,
        access_key_id: 'AKIABENCHBENCHBENCHX',
        secret_access_key: 'any',
        ...(requestsPerSecond && { requests_per_second: requestsPerSecond }),
      },
    },
    sources: Object.fromEntries(
      Object.entries(sources).map(([id, options]) => [
        id,
        { type: 'cloudwatch_logs', account: 'bench', ...options },
      ]),
    ),
    ...(transforms && { transforms: { [TRANSFORM]: typicalTransforms(sourceIds) } }),
    destinations: Object.fromEntries(
      Object.entries(destinations).map(([id, options]) => [
        id,
        { ...options, inputs: transforms ? [TRANSFORM] : sourceIds },
      ]),
    ),
  };
}

/** Joins stack traces, reads levels, adds a tag. The last line is not waited for as long as by default (5 s). */
function typicalTransforms(inputs: readonly string[]) {
  return {
    inputs,
    multiline: { languages: ['auto'], max_wait: '100ms' },
    level: 'auto',
    enrich: { tags: { env: 'bench' } },
  };
}

/** The product's own metrics, and the number of requests beside them. */
function countedMetrics(): { metrics: Metrics; requests: () => number } {
  const real = createPrometheusMetrics();
  let requests = 0;
  const count: Metrics['count'] = (name, labels, by = 1) => {
    if (name === 'logferry_aws_requests_total') requests += by;
    real.count(name, labels, by);
  };
  return { metrics: { ...real, count }, requests: () => requests };
}
