import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { StateStore } from '../../../contracts/state-store.ts';
import { sampleBatch, sampleCommit } from '../../../contracts/testing/state-store-harness.ts';
import { systemClock } from '../../../foundation/clock.ts';
import { silentLogger } from '../../../foundation/logger.ts';
import { openSqliteState, STATE_FILE } from '../open-sqlite-state.ts';
import { overwrite } from '../testing/damage-entry.ts';

const PAGE_BYTES = 16_384;
/** More than SQLite keeps of the file in memory. */
const ENTRIES = 24;

let dir: string;
let file: string;
let store: StateStore;
beforeEach(async () => {
  dir = mkdtempSync(join(tmpdir(), 'logferry-damaged-'));
  file = join(dir, STATE_FILE);
  store = await openSqliteState({
    dir,
    clock: systemClock,
    logger: silentLogger,
    maxSpoolBytes: 1e9,
    owner: 'test',
  });
  await store.spool.setConsumers([{ id: 'd', topics: ['t'] }]);
  for (let at = 0; at < ENTRIES; at++) {
    const batches = [{ topic: 't', batch: sampleBatch(String(at), 10, 100_000) }];
    await store.commit(sampleCommit('k', at, { batches }));
  }
});
afterEach(async () => {
  await store.close();
  rmSync(dir, { recursive: true, force: true });
});

/** Of an entry of several pages, the first one after its row points to no page any more. */
function cutChain(offset: number): void {
  const database = new Database(file);
  database.pragma('wal_checkpoint(TRUNCATE)');
  const pages = database
    .prepare("SELECT pageno FROM dbstat WHERE name = 'spool_entry' AND pagetype = 'overflow' ORDER BY path")
    .pluck()
    .all() as number[];
  database.close();
  const page = pages[offset - 1];
  if (page === undefined) throw new Error('The entry lies on one page.');
  overwrite(file, (page - 1) * PAGE_BYTES, Buffer.alloc(4, 0xff));
}

test('an entry whose pages are damaged is set aside, and neither reading nor freeing stops at it', async () => {
  cutChain(1);
  const damaged: number[] = [];
  for (let offset = 1; offset <= ENTRIES; ) {
    const entries = await store.spool.read('d', offset, 1);
    const entry = entries[0];
    if (entry === undefined) throw new Error(`There is no entry ${offset}.`);
    if (entry.damage !== undefined) {
      damaged.push(entry.offset);
      expect(await store.spool.quarantine('d', entry.offset, entry.damage)).toBe(10);
    }
    offset = entry.offset + 1;
    await store.spool.acknowledge('d', { offset, index: 0 }, []);
  }
  expect(damaged).toHaveLength(1);
  const letters = await store.spool.deadLetters('d', { afterId: 0, limit: 9 });
  expect(letters).toMatchObject([{ records: 10, detail: expect.stringContaining('SQLite') as string }]);
  // All but that one were freed: deleting it could take pages of others along. Reading goes on.
  const { usedBytes } = await store.spool.usage();
  expect(usedBytes).toBeGreaterThan(500_000);
  expect(usedBytes).toBeLessThan(1_500_000);
  const batches = [{ topic: 't', batch: sampleBatch('more', 1) }];
  expect(await store.commit(sampleCommit('k', ENTRIES, { batches }))).toMatchObject({ kind: 'committed' });
  expect(await store.spool.read('d', ENTRIES + 1, 1)).toHaveLength(1);
});
