import type { StartRun } from '../api/api-backend.ts';
import { Engine } from '../app/engine.ts';
import { completeRequest, RunService } from '../app/run-service.ts';
import type { RunRequest } from '../app/run-work.ts';
import type { LoadedConfig } from '../config/loaded-config.ts';
import { END_STATES, type Run } from '../contracts/run.ts';
import { ERROR_CODES, type ErrorCode } from '../foundation/error-codes.ts';
import { LogferryError } from '../foundation/logferry-error.ts';
import type { RunProgress } from '../runs/record-run.ts';
import type { CliContext, TextOutput } from './cli-context.ts';
import { COMMAND_LOG, commandDeps } from './command-deps.ts';
import { hereOrByServer } from './here-or-by-server.ts';
import { resultOutput } from './output/result-output.ts';
import { callServer } from './server-client.ts';

const POLL_MILLIS = 300;

export interface RunExecutor {
  /** Rejects with what made the run fail; the progress told last is then how far it came. */
  execute(request: StartRun, onProgress: (progress: RunProgress) => void): Promise<Run>;
  listRuns(source: string | undefined): Promise<readonly Run[]>;
  /** Where its result is to be told. */
  readonly output: TextOutput;
  close(): Promise<void>;
}

/** In this process, or by the server that works on the data folder, where there is one. */
export async function openExecutor(cli: CliContext, config: LoadedConfig): Promise<RunExecutor> {
  return await hereOrByServer<RunExecutor>(cli, config, {
    here: async () => {
      const deps = commandDeps(cli, COMMAND_LOG);
      const engine = await Engine.open(config, deps, `logferry ${process.argv[2] ?? 'run'}`);
      const runs = new RunService(engine, deps);
      return localExecutor(cli, engine, runs, resultOutput(cli, config));
    },
    byServer: () => remoteExecutor(cli, config),
    told: 'does the run',
  });
}

function localExecutor(cli: CliContext, engine: Engine, runs: RunService, output: TextOutput): RunExecutor {
  return {
    output,
    execute: async (request, onProgress) => {
      const wanted: RunRequest = await completeRequest(engine, request);
      return await runs.run(wanted, 'command', onProgress, cli.signal);
    },
    listRuns: (source) => engine.store.runs.list({ limit: 100, ...(source !== undefined && { source }) }),
    close: () => engine.close(),
  };
}

function remoteExecutor(cli: CliContext, config: LoadedConfig): RunExecutor {
  return {
    output: cli.stdout,
    execute: async (request, onProgress) => {
      const begun = (await callServer(config, 'POST', '/api/v1/runs', request)) as Run;
      for (;;) {
        const run = (await callServer(config, 'GET', `/api/v1/runs/${begun.id}`)) as Run;
        const { counts, progress, waitsFor } = run;
        onProgress({ counts, waitsFor, ...(progress !== undefined && { progress }) });
        if (END_STATES.includes(run.state)) return endedWell(run);
        await cli.clock.sleep(POLL_MILLIS, cli.signal).catch(async (reason: unknown) => {
          await callServer(config, 'DELETE', `/api/v1/runs/${begun.id}`).catch(() => {});
          throw reason;
        });
      }
    },
    listRuns: async (source) => {
      const query = source === undefined ? '' : `?source=${encodeURIComponent(source)}`;
      const { runs } = (await callServer(config, 'GET', `/api/v1/runs${query}`)) as { runs: Run[] };
      return runs;
    },
    close: () => Promise.resolve(),
  };
}

function endedWell(run: Run): Run {
  if (run.state === 'succeeded') return run;
  const code =
    run.errorCode !== undefined && run.errorCode in ERROR_CODES ? (run.errorCode as ErrorCode) : 'INTERNAL';
  throw new LogferryError(
    run.state === 'cancelled' ? 'INTERRUPTED' : code,
    run.error ?? `The run ended as ${run.state}.`,
  );
}
