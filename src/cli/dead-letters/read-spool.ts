import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { LoadedConfig } from '../../config/loaded-config.ts';
import type { Spool } from '../../contracts/spool.ts';
import { silentLogger } from '../../foundation/logger.ts';
import { openSqliteState, STATE_FILE } from '../../state/sqlite/open-sqlite-state.ts';
import type { CliContext } from '../cli-context.ts';

/** Only looks, also beside a server. Undefined where nothing was ever collected. */
export async function readSpool<Seen>(
  cli: CliContext,
  config: LoadedConfig,
  look: (spool: Spool) => Promise<Seen>,
): Promise<Seen | undefined> {
  if (!existsSync(join(config.dataDir, STATE_FILE))) return undefined;
  const state = await openSqliteState({
    dir: config.dataDir,
    clock: cli.clock,
    logger: silentLogger,
    maxSpoolBytes: config.spool.maxBytes,
    owner: 'logferry dead-letters',
    readOnly: true,
  });
  try {
    return await look(state.spool);
  } finally {
    await state.close();
  }
}
