import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { LoadedConfig } from '../config/loaded-config.ts';
import type { StateStore } from '../contracts/state-store.ts';
import { silentLogger } from '../foundation/logger.ts';
import { openSqliteState, STATE_FILE } from '../state/sqlite/open-sqlite-state.ts';
import type { CliContext } from './cli-context.ts';

/** Looks into the data folder, also beside a process that works on it; undefined when there is nothing in it yet. */
export async function withState<Result>(
  cli: CliContext,
  config: LoadedConfig,
  work: (store: StateStore | undefined) => Promise<Result>,
): Promise<Result> {
  if (!existsSync(join(config.dataDir, STATE_FILE))) return await work(undefined);
  const store = await openSqliteState({
    dir: config.dataDir,
    clock: cli.clock,
    logger: silentLogger,
    maxSpoolBytes: config.spool.maxBytes,
    owner: 'logferry, looking',
    readOnly: true,
  });
  try {
    return await work(store);
  } finally {
    await store.close();
  }
}
