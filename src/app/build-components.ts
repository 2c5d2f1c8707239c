import type { AwsAccounts } from '../aws/aws-account.ts';
import { createAwsAccounts } from '../aws/create-aws-accounts.ts';
import type { LoadedConfig } from '../config/loaded-config.ts';
import type { ComponentContext } from '../contracts/component.ts';
import type { LogStore } from '../contracts/log-store.ts';
import type { Metrics } from '../contracts/metrics.ts';
import type { Clock } from '../foundation/clock.ts';
import type { Logger } from '../foundation/logger.ts';
import type { Random } from '../foundation/random.ts';
import { createChdbLogStore } from '../logstore/chdb/chdb-log-store.ts';
import type { Topology } from '../pipeline/topology.ts';
import { storeDirectory } from '../sinks/store/store-directory.ts';
import { releaseHeld } from '../transforms/release-held.ts';

export interface ComponentDeps {
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
  readonly metrics: Metrics;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** Everything that a configuration names, made; nothing of it connected or started. */
export interface Components extends Topology {
  readonly accounts: AwsAccounts;
  /** The log store of a destination of type `store`; the same object for the same id. */
  logStore(destination: string): LogStore;
  /** Sinks are closed by who opened them (their delivery); this closes sources, log stores and accounts. */
  close(): Promise<void>;
}

export function buildComponents(config: LoadedConfig, deps: ComponentDeps): Components {
  const accounts = createAwsAccounts(config.accounts, deps);
  const logStores = new Map<string, LogStore>();
  const contextOf = (id: string): ComponentContext => ({
    id,
    clock: deps.clock,
    random: deps.random,
    logger: deps.logger.child({ component: id }),
    metrics: deps.metrics,
    dataDir: config.dataDir,
  });
  const logStore = (id: string): LogStore => {
    const made =
      logStores.get(id) ??
      createChdbLogStore({
        dir: storeDirectory(config.dataDir, id),
        clock: deps.clock,
        random: deps.random,
        logger: deps.logger.child({ component: id }),
      });
    logStores.set(id, made);
    return made;
  };
  const sources = config.sources.map(({ id, definition, options }) => ({
    id,
    source: definition.create(options, { ...contextOf(id), accounts }),
  }));
  const transforms = config.transforms.map(({ id, inputs, definition, options }) => ({
    id,
    inputs,
    transform: definition.create(options, contextOf(id)),
  }));
  // Each definition takes from its context what it knows of; only `store` knows of log stores.
  const destinations = config.destinations.map(({ id, inputs, definition, options }) => {
    const context = { ...contextOf(id), logStore };
    return { id, inputs, sink: definition.create(options, context) };
  });
  return {
    accounts,
    sources,
    transforms,
    destinations,
    release: releaseHeld,
    logStore,
    close: async () => {
      await Promise.allSettled(sources.map(({ source }) => source.close()));
      await Promise.allSettled([...logStores.values()].map((store) => store.close()));
      await accounts.close();
    },
  };
}
