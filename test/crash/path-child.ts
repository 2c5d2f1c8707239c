/**
 * The child of path-kill.test.ts: collects once and delivers, and kills itself with SIGKILL at a step of the way.
 * Arguments: the configuration, the step, the destination (where the step has one), and at which time it comes.
 */
import { buildComponents } from '../../src/app/build-components.ts';
import { loadProductConfig } from '../../src/app/load-product-config.ts';
import { noMetrics } from '../../src/contracts/metrics.ts';
import type { Sink } from '../../src/contracts/sink.ts';
import type { Spool } from '../../src/contracts/spool.ts';
import type { StateStore } from '../../src/contracts/state-store.ts';
import { systemClock } from '../../src/foundation/clock.ts';
import { silentLogger } from '../../src/foundation/logger.ts';
import { systemRandom } from '../../src/foundation/random.ts';
import { Pipeline } from '../../src/pipeline/pipeline.ts';
import { noCounts } from '../../src/pipeline/slice-reader.ts';
import { openSqliteState } from '../../src/state/sqlite/open-sqlite-state.ts';

export const STEPS = ['read', 'committed', 'sending', 'sent', 'acknowledged'] as const;
export type Step = (typeof STEPS)[number];

const [configPath = '', fatalStep = '', fatalDestination = '', fatalTime = '1'] = process.argv.slice(2);
let left = Number(fatalTime);

function reach(step: Step, destination = ''): void {
  if (step !== fatalStep || (destination !== '' && destination !== fatalDestination)) return;
  left--;
  if (left === 0) process.kill(process.pid, 'SIGKILL');
}

function watchedStore(store: StateStore): StateStore {
  const spool: Spool = Object.create(store.spool, {
    acknowledge: {
      value: async (...args: Parameters<Spool['acknowledge']>) => {
        await store.spool.acknowledge(...args);
        reach('acknowledged', args[0]);
      },
    },
  }) as Spool;
  // The spool's methods work on the real one.
  const bound = new Proxy(spool, {
    get: (target, name) => {
      if (name === 'acknowledge') return Reflect.get(target, name) as unknown;
      const value = Reflect.get(store.spool, name) as unknown;
      return typeof value === 'function' ? value.bind(store.spool) : value;
    },
  });
  return new Proxy(store, {
    get: (target, name) => {
      if (name === 'spool') return bound;
      if (name === 'commit')
        return async (...args: Parameters<StateStore['commit']>) => {
          reach('read');
          const outcome = await target.commit(...args);
          reach('committed');
          return outcome;
        };
      const value = Reflect.get(target, name) as unknown;
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
}

function watchedSink(id: string, sink: Sink): Sink {
  return {
    limits: sink.limits,
    open: (signal) => sink.open(signal),
    check: (signal) => sink.check(signal),
    close: () => sink.close(),
    write: async (batch, signal) => {
      reach('sending', id);
      const outcome = await sink.write(batch, signal);
      reach('sent', id);
      return outcome;
    },
  };
}

const deps = {
  clock: systemClock,
  random: systemRandom,
  logger: silentLogger,
  metrics: noMetrics,
  env: process.env,
};
const config = await loadProductConfig(configPath, process.env);
const components = buildComponents(config, deps);
const store = watchedStore(
  await openSqliteState({
    dir: config.dataDir,
    clock: systemClock,
    logger: silentLogger,
    maxSpoolBytes: config.spool.maxBytes,
    owner: 'path-child',
  }),
);
const destinations = components.destinations.map((one) => ({ ...one, sink: watchedSink(one.id, one.sink) }));
const pipeline = await Pipeline.open({ topology: { ...components, destinations }, store, ...deps });
const signal = AbortSignal.timeout(60_000);
for (const { id } of components.sources) await pipeline.collectOnce(id, noCounts(), signal);
const drained = await pipeline.drain(signal);
await pipeline.stop();
await components.close();
await store.close();
process.exit([...drained.values()].every((result) => result.drained) ? 0 : 1);
