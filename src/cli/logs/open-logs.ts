import { requireStore } from '../../app/configured-stores.ts';
import type { LoadedConfig } from '../../config/loaded-config.ts';
import { createChdbLogStore } from '../../logstore/chdb/chdb-log-store.ts';
import { storeDirectory } from '../../sinks/store/store-directory.ts';
import { lockDataDir } from '../../state/data-dir-lock.ts';
import type { CliContext } from '../cli-context.ts';
import { COMMAND_LOG, commandDeps } from '../command-deps.ts';
import { hereOrByServer } from '../here-or-by-server.ts';
import type { CommandLogs } from './command-logs.ts';
import { serverLogs } from './server-logs.ts';
import { storeLogs } from './store-logs.ts';

/** A log store: opened here, or asked for through the server that has it open. */
export async function openLogs(
  cli: CliContext,
  config: LoadedConfig,
  wanted: string | undefined,
): Promise<CommandLogs> {
  const id = requireStore(config, wanted);
  return await hereOrByServer<CommandLogs>(cli, config, {
    here: async () => {
      const command = `logferry ${process.argv[2] ?? 'search'}`;
      const lock = await lockDataDir(config.dataDir, {
        pid: process.pid,
        sinceMillis: cli.clock.now(),
        command,
      });
      const { clock, random, logger } = commandDeps(cli, COMMAND_LOG);
      const store = createChdbLogStore({ dir: storeDirectory(config.dataDir, id), clock, random, logger });
      // oxlint-disable-next-line require-await -- releasing may wait where locks are elsewhere
      return storeLogs(id, store, cli.signal, async () => lock.release());
    },
    byServer: () => serverLogs(config, id, cli.signal),
  });
}
