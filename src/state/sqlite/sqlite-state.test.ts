import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stateStoreSuite } from '../../contracts/testing/state-store-suite.ts';
import { openSqliteState, STATE_FILE } from './open-sqlite-state.ts';
import { damageEntry } from './testing/damage-entry.ts';

// oxlint-disable-next-line require-await -- a harness on a database server is asynchronous
stateStoreSuite('SQLite', async () => {
  const dir = mkdtempSync(join(tmpdir(), 'logferry-state-'));
  return {
    open: (settings) => openSqliteState({ dir, owner: 'test', ...settings }),
    // oxlint-disable-next-line require-await -- as above
    damageEntry: async (offset) => damageEntry(join(dir, STATE_FILE), offset),
    // oxlint-disable-next-line require-await -- as above
    remove: async () => rmSync(dir, { recursive: true }),
  };
});
