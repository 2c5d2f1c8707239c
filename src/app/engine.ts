import type { LoadedConfig } from '../config/loaded-config.ts';
import type { StateStore } from '../contracts/state-store.ts';
import { backOffMillis } from '../foundation/back-off.ts';
import { describeError, LogferryError } from '../foundation/logferry-error.ts';
import type { Logger } from '../foundation/logger.ts';
import { Pipeline } from '../pipeline/pipeline.ts';
import { markLostRuns } from '../runs/record-run.ts';
import { openSqliteState } from '../state/sqlite/open-sqlite-state.ts';
import { buildComponents, type ComponentDeps, type Components } from './build-components.ts';

/** The state can be busy for a moment: a backup that reads it, a disk that is full. */
const OPEN_BACK_OFF = { firstMillis: 500, maxMillis: 30_000 };

/**
 * The whole of Logferry on one data folder: state, components, pipeline. It delivers what the spool holds as soon as it
 * is open; reading begins with `follow`.
 */
export class Engine {
  readonly store: StateStore;
  readonly #deps: ComponentDeps;
  #config: LoadedConfig;
  #components: Components;
  #pipeline: Pipeline;
  #isFollowing = false;
  #changing: Promise<void> = Promise.resolve();
  readonly #closing = new AbortController();

  private constructor(
    deps: ComponentDeps,
    store: StateStore,
    config: LoadedConfig,
    components: Components,
    pipeline: Pipeline,
  ) {
    this.#deps = deps;
    this.store = store;
    this.#config = config;
    this.#components = components;
    this.#pipeline = pipeline;
  }

  /** Throws DATA_DIR_LOCKED when another process works on the folder. `owner` names this one to it. */
  static async open(config: LoadedConfig, deps: ComponentDeps, owner: string): Promise<Engine> {
    const components = buildComponents(config, deps);
    let store: StateStore | undefined;
    try {
      store = await openSqliteState({
        dir: config.dataDir,
        clock: deps.clock,
        logger: deps.logger,
        maxSpoolBytes: config.spool.maxBytes,
        owner,
      });
      for (const run of await markLostRuns(store.runs, deps.clock)) {
        deps.logger.warn({ run: run.id, source: run.source }, 'A run of an earlier process was lost.');
      }
      const pipeline = await Pipeline.open({ topology: components, store, ...deps, audit: config.audit });
      return new Engine(deps, store, config, components, pipeline);
    } catch (thrown) {
      await components.close();
      await store?.close();
      throw thrown;
    }
  }

  get config(): LoadedConfig {
    return this.#config;
  }

  get components(): Components {
    return this.#components;
  }

  get pipeline(): Pipeline {
    return this.#pipeline;
  }

  follow(): void {
    this.#isFollowing = true;
    this.#pipeline.follow();
  }

  /** The pipeline that is in place when a change that is under way is over. */
  async settledPipeline(): Promise<Pipeline> {
    await this.#changing;
    return this.#pipeline;
  }

  /**
   * Puts another configuration in place. What can fail for its content fails before anything is stopped: then the
   * running one goes on, and the error is thrown. What only a start can change stays what it is.
   */
  async reconfigure(config: LoadedConfig): Promise<void> {
    const change = this.#changing.then(() => this.#reconfigure(config));
    this.#changing = change.catch(() => {});
    await change;
  }

  /**
   * Reading ends first, then deliveries, then sinks and the log store, and the state last of all. Waits for a change of
   * the configuration that is under way.
   */
  async close(graceMillis?: number): Promise<void> {
    this.#closing.abort(new LogferryError('INTERRUPTED', 'Logferry stops.'));
    await this.#changing;
    await this.#pipeline.stop(graceMillis);
    await this.#components.close();
    await this.store.close();
  }

  async #reconfigure(wanted: LoadedConfig): Promise<void> {
    this.#closing.signal.throwIfAborted();
    tellWhatNeedsRestart(this.#config, wanted, this.#deps.logger);
    const { dataDir, server, spool, log } = this.#config;
    const config = { ...wanted, dataDir, server, spool, log };
    const components = buildComponents(config, this.#deps);
    await this.#pipeline.stop();
    await this.#components.close();
    this.#config = config;
    this.#components = components;
    this.#pipeline = await this.#openPipeline(components);
    if (this.#isFollowing) this.#pipeline.follow();
  }

  /** There is no way back: the configuration is good, and what fails is the state, for whichever configuration. */
  async #openPipeline(topology: Components): Promise<Pipeline> {
    const { clock, random, logger } = this.#deps;
    const { audit } = this.#config;
    for (let attempt = 1; ; attempt++) {
      this.#closing.signal.throwIfAborted();
      try {
        return await Pipeline.open({ topology, store: this.store, ...this.#deps, audit });
      } catch (thrown) {
        const details = { error: describeError(thrown), attempt };
        logger.error(details, 'Reading and delivering cannot begin again yet; it is tried until they can.');
      }
      await clock.sleep(backOffMillis(attempt, OPEN_BACK_OFF, random), this.#closing.signal);
    }
  }
}

function tellWhatNeedsRestart(before: LoadedConfig, after: LoadedConfig, logger: Logger): void {
  const changed = [
    before.dataDir !== after.dataDir && 'data_dir',
    (before.server.host !== after.server.host || before.server.port !== after.server.port) && 'server.listen',
    before.spool.maxBytes !== after.spool.maxBytes && 'spool.max_bytes',
    JSON.stringify(before.log) !== JSON.stringify(after.log) && 'log',
  ].filter((name) => name !== false);
  if (changed.length > 0)
    logger.warn({ settings: changed }, 'These settings change with the next start only.');
}
