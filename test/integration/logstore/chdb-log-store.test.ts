import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'vitest';
import type { LogStore } from '../../../src/contracts/log-store.ts';
import { logStoreSuite } from '../../../src/contracts/testing/log-store-suite.ts';
import { systemClock } from '../../../src/foundation/clock.ts';
import { silentLogger } from '../../../src/foundation/logger.ts';
import { systemRandom } from '../../../src/foundation/random.ts';
import { type ChdbLogStore, createChdbLogStore } from '../../../src/logstore/chdb/chdb-log-store.ts';
import { isRunning } from './testing/is-running.ts';

// oxlint-disable-next-line require-await -- a harness on a database server is asynchronous
logStoreSuite('chDB', async () => {
  const dir = mkdtempSync(join(tmpdir(), 'logferry-chdb-'));
  return {
    open: () => createChdbLogStore({ dir, clock: systemClock, random: systemRandom, logger: silentLogger }),
    killEngine,
    // oxlint-disable-next-line require-await -- as above
    remove: async () => rmSync(dir, { recursive: true, force: true }),
  };
});

async function killEngine(store: LogStore): Promise<void> {
  const pid = await (store as ChdbLogStore).enginePid();
  if (pid === undefined) return;
  process.kill(pid, 'SIGKILL');
  await expect.poll(() => isRunning(pid), { interval: 5, timeout: 5000 }).toBe(false);
}
