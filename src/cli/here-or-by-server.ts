import type { LoadedConfig } from '../config/loaded-config.ts';
import { LogferryError } from '../foundation/logferry-error.ts';
import { readLockOwner } from '../state/data-dir-lock.ts';
import type { CliContext } from './cli-context.ts';
import { callServer } from './server-client.ts';

interface Ways<Worker> {
  /** Takes the data folder; rejects with DATA_DIR_LOCKED where another process has it. */
  readonly here: () => Promise<Worker>;
  readonly byServer: () => Worker;
  /** What the server then does, if that is worth saying: `does the run`. */
  readonly told?: string;
}

/** Who does a command's work: this process, or the server that works on the data folder where there is one. */
export async function hereOrByServer<Worker>(
  cli: CliContext,
  config: LoadedConfig,
  { here, byServer, told }: Ways<Worker>,
): Promise<Worker> {
  try {
    return await here();
  } catch (thrown) {
    const isLocked = thrown instanceof LogferryError && thrown.code === 'DATA_DIR_LOCKED';
    if (!isLocked || !(await isServedBy(config))) throw thrown;
    if (told !== undefined && !cli.options.quiet)
      cli.stderr.write(`The server on this data folder ${told}.\n`);
    return byServer();
  }
}

/** Whether who answers at the configured address is the process that works on the data folder, and not another one. */
export async function isServedBy(config: LoadedConfig): Promise<boolean> {
  const owner = await readLockOwner(config.dataDir);
  const status = await callServer(config, 'GET', '/api/v1/status').catch(() => undefined);
  return owner !== undefined && (status as { readonly pid?: number } | undefined)?.pid === owner.pid;
}
