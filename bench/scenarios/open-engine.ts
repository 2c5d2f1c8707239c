import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { createLogger } from '../../src/app/create-logger.ts';
import { Engine } from '../../src/app/engine.ts';
import { createPrometheusMetrics } from '../../src/app/prometheus-metrics.ts';
import { fullCatalogue } from '../../src/catalog/full-catalogue.ts';
import { loadConfig } from '../../src/config/load-config.ts';
import type { Metrics } from '../../src/contracts/metrics.ts';
import { systemClock } from '../../src/foundation/clock.ts';
import { systemRandom } from '../../src/foundation/random.ts';
import type { Surroundings } from '../worker/scenario.ts';
import { acknowledgeAll, holdBack } from './bench-sinks.ts';

export interface EngineSetup {
  readonly logGroups: readonly string[];
  readonly transforms: boolean;
  /** By id; `inputs` are added. */
  readonly destinations: Readonly<Record<string, object>>;
}

export interface OpenedEngine {
  readonly engine: Engine;
  /** Requests to AWS since the start. */
  readonly requests: () => number;
}

const SOURCE = 'logs';
const TRANSFORM = 'tidy';
/** So that neither the budget nor the bound of the spool is what is measured. */
const UNBOUNDED = { FilterLogEvents: 10_000, DescribeLogGroups: 10_000 };

export const SOURCE_ID = SOURCE;

/** The product's own engine, from a configuration file, on a state of its own on disk. */
export async function openEngine(surroundings: Surroundings, setup: EngineSetup): Promise<OpenedEngine> {
  const { dir } = surroundings;
  const path = join(dir, 'logferry.yaml');
  writeFileSync(path, stringify(configOf(surroundings, setup)));
  const config = await loadConfig(path, {
    catalogue: { ...fullCatalogue, sinks: [...fullCatalogue.sinks, holdBack, acknowledgeAll] },
    env: {},
    readFile: (file) => Promise.resolve(readFileSync(file, 'utf8')),
  });
  const { metrics, requests } = countedMetrics();
  const deps = {
    clock: systemClock,
    random: systemRandom,
    logger: createLogger({ level: 'warn', format: 'pretty' }, process.stderr, false),
    metrics,
    env: {},
  };
  return { engine: await Engine.open(config, deps, 'bench'), requests };
}

function configOf(
  { awsUrl, fromMillis }: Surroundings,
  { logGroups, transforms, destinations }: EngineSetup,
) {
  const startSeconds = Math.ceil((Date.now() - fromMillis) / 1000) + 60;
  return {
    version: 1,
    data_dir: './data',
    spool: { max_bytes: '64GiB' },
    accounts: {
      bench: {
        regions: ['us-east-1'],
        endpoint: awsUrl,
        access_key_id: 'AKIABENCHBENCHBENCHX',
        secret_access_key: 'any',
        requests_per_second: UNBOUNDED,
      },
    },
    sources: {
      [SOURCE]: {
        type: 'cloudwatch_logs',
        account: 'bench',
        log_groups: logGroups,
        start_from: `-${startSeconds}s`,
      },
    },
    ...(transforms && { transforms: { [TRANSFORM]: typicalTransforms() } }),
    destinations: Object.fromEntries(
      Object.entries(destinations).map(([id, options]) => [
        id,
        { ...options, inputs: [transforms ? TRANSFORM : SOURCE] },
      ]),
    ),
  };
}

/** Joins stack traces, reads levels, adds a tag. The last line is not waited for as long as by default (5 s). */
function typicalTransforms() {
  return {
    inputs: [SOURCE],
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
