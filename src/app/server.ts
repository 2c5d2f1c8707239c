import type { AddressInfo } from 'node:net';
import type { FastifyInstance } from 'fastify';
import type { ApiBackend, StartRun } from '../api/api-backend.ts';
import { createApi } from '../api/create-api.ts';
import type { LoadedConfig } from '../config/loaded-config.ts';
import { isLoopback } from '../config/settings.ts';
import type { RecordKey } from '../contracts/log-search.ts';
import type { Run } from '../contracts/run.ts';
import { describeError, LogferryError } from '../foundation/logferry-error.ts';
import { reportCoverage } from '../pipeline/coverage/coverage-report.ts';
import type { ComponentDeps } from './build-components.ts';
import { logBackendOf, storeIds } from './configured-stores.ts';
import { consoleFolder } from './console-folder.ts';
import { coverageRequest } from './coverage-request.ts';
import { DeadLetterService } from './dead-letter-service.ts';
import { Engine } from './engine.ts';
import { explain } from './explain/explain-service.ts';
import { loadProductConfig } from './load-product-config.ts';
import type { PrometheusMetrics } from './prometheus-metrics.ts';
import { completeRequest, newRunId, RunService } from './run-service.ts';
import { productVersion } from './version.ts';

export interface ServerDeps extends ComponentDeps {
  readonly metrics: PrometheusMetrics;
}

/** What `logferry up` starts: an engine that follows its sources, and the HTTP API of it. */
export class Server {
  readonly engine: Engine;
  readonly url: string;
  readonly #deps: ServerDeps;
  readonly #api: FastifyInstance;
  readonly #runs: RunService;
  readonly #stopRuns: AbortController;
  #reloading: Promise<unknown> = Promise.resolve();
  #isStopping = false;

  private constructor(
    engine: Engine,
    deps: ServerDeps,
    api: FastifyInstance,
    url: string,
    runs: RunService,
    stopRuns: AbortController,
  ) {
    this.engine = engine;
    this.#deps = deps;
    this.#api = api;
    this.url = url;
    this.#runs = runs;
    this.#stopRuns = stopRuns;
  }

  /** Listens before it reads: who cannot have the port must not have begun anything. */
  static async start(config: LoadedConfig, deps: ServerDeps): Promise<Server> {
    const { host, port } = config.server;
    if (!isLoopback(host)) {
      throw new LogferryError('LISTEN_NOT_LOOPBACK', `The server would listen on ${host}.`, {
        hint: 'There is no access control yet: set server.listen to 127.0.0.1:8787 and reach it through a tunnel or a proxy that asks for a password.',
      });
    }
    const engine = await Engine.open(config, deps, 'logferry up');
    const runs = new RunService(engine, deps);
    const stopRuns = new AbortController();
    let api: FastifyInstance | undefined;
    try {
      api = await createApi(backendOf(engine, runs, deps, stopRuns.signal), deps.logger, consoleFolder());
      await listen(api, host, port);
    } catch (thrown) {
      await api?.close();
      await engine.close();
      throw thrown;
    }
    const address = api.server.address() as AddressInfo;
    const url = `http://${host.includes(':') ? `[${host}]` : host}:${address.port}`;
    engine.follow();
    return new Server(engine, deps, api, url, runs, stopRuns);
  }

  /** Reads the configuration again; a bad one changes nothing. Resolves to whether it was taken. Never rejects. */
  async reload(): Promise<boolean> {
    const work = this.#reloading.then(() => this.#reload());
    this.#reloading = work;
    return await work;
  }

  async stop(graceMillis?: number): Promise<void> {
    this.#isStopping = true;
    this.#stopRuns.abort(new LogferryError('INTERRUPTED', 'The server stops.'));
    await this.#api.close();
    // Before the state is closed: they write down how they ended.
    await this.#runs.idle();
    await this.engine.close(graceMillis);
  }

  async #reload(): Promise<boolean> {
    const { logger, env } = this.#deps;
    if (this.#isStopping) return false;
    try {
      const config = await loadProductConfig(this.engine.config.path, env);
      if (config.hash === this.engine.config.hash) {
        logger.info({ path: config.path }, 'The configuration is as it was.');
        return true;
      }
      await this.engine.reconfigure(config);
      logger.info({ path: config.path }, 'The new configuration is in place.');
      return true;
    } catch (thrown) {
      if (this.#isStopping) return false;
      logger.error(
        { error: describeError(thrown) },
        'The new configuration cannot be used; the one before stays in place.',
      );
      return false;
    }
  }
}

async function listen(api: FastifyInstance, host: string, port: number): Promise<void> {
  try {
    await api.listen({ host, port });
  } catch (thrown) {
    if ((thrown as { readonly code?: string }).code !== 'EADDRINUSE') throw thrown;
    throw new LogferryError('PORT_IN_USE', `Another program listens on ${host}:${port}.`, {
      hint: 'Stop it, or set server.listen to another port.',
      cause: thrown,
    });
  }
}

function backendOf(engine: Engine, runs: RunService, deps: ServerDeps, signal: AbortSignal): ApiBackend {
  return {
    version: productVersion(),
    startedAtMillis: deps.clock.now(),
    status: () => engine.pipeline.status(),
    budgets: () => engine.components.accounts.budgets(),
    metrics: deps.metrics,
    listRuns: (filter) => engine.store.runs.list(filter),
    getRun: (id) => engine.store.runs.get(id),
    cancelRun: (id) => runs.cancel(id),
    startRun: (request) => startRun(engine, runs, request, deps, signal),
    coverage: async (query) => {
      const nowMillis = deps.clock.now();
      const request = coverageRequest(query, engine.config.sources, nowMillis);
      return await reportCoverage(engine.store, request, nowMillis);
    },
    explain: (query, asked) =>
      explain(
        query,
        {
          topology: engine.components,
          accountIds: Object.keys(engine.config.accounts),
          store: engine.store,
          isStored: (destination, record, stop) => isStored(engine, destination, record, stop),
          nowMillis: deps.clock.now(),
        },
        AbortSignal.any([asked, signal]),
      ),
    deadLetters: new DeadLetterService(engine, deps, signal),
    logs: logBackendOf(engine, deps.clock),
  };
}

/** undefined when the destination is no log store, or the store does not answer. */
async function isStored(
  engine: Engine,
  destination: string,
  { id, timestampMillis, source }: RecordKey,
  signal: AbortSignal,
): Promise<boolean | undefined> {
  if (!storeIds(engine.config).includes(destination)) return undefined;
  const found = engine.components
    .logStore(destination)
    .record({ id, timestampMillis, ...(source !== undefined && { source }) }, signal);
  return await found.then(
    (record) => record !== undefined,
    () => undefined,
  );
}

/** Resolves when the run has begun, or rejects when it could not. */
async function startRun(
  engine: Engine,
  runs: RunService,
  request: StartRun,
  deps: ServerDeps,
  signal: AbortSignal,
): Promise<Run> {
  const wanted = await completeRequest(engine, request);
  const known = engine.config.sources.map(({ id }) => id);
  if (!known.includes(wanted.source)) {
    throw new LogferryError('USAGE', `There is no source "${wanted.source}".`, {
      hint: `Sources that there are: ${known.join(', ') || 'none'}.`,
    });
  }
  const id = newRunId();
  let failed: unknown;
  const ended = runs
    .run(wanted, 'api', () => {}, signal, id)
    .then(
      () => {},
      (thrown: unknown) => {
        failed = thrown;
        deps.logger.warn({ run: id, source: wanted.source, error: describeError(thrown) }, 'The run failed.');
      },
    );
  for (;;) {
    const run = await engine.store.runs.get(id);
    if (run !== undefined) return run;
    if (failed !== undefined) throw failed;
    await Promise.race([ended, deps.clock.sleep(5)]);
  }
}
