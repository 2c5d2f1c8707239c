import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { sampleBatch, sampleCommit } from '../../../contracts/testing/state-store-harness.ts';
import { systemClock } from '../../../foundation/clock.ts';
import { type Logger, silentLogger } from '../../../foundation/logger.ts';
import { openSqliteState } from '../open-sqlite-state.ts';

test('a destination that gives up an input is told of, with what waited of it', async () => {
  const dir = mkdtempSync(join(tmpdir(), 'logferry-spool-'));
  const warnings: object[] = [];
  const logger: Logger = { ...silentLogger, warn: (details) => void warnings.push(details) };
  const store = await openSqliteState({ dir, clock: systemClock, logger, maxSpoolBytes: 1e6, owner: 'test' });
  try {
    await store.spool.setConsumers([{ id: 'd', topics: ['a', 'b'] }]);
    await store.commit(sampleCommit('k', 0, { batches: [{ topic: 'b', batch: sampleBatch('1', 3) }] }));
    await store.spool.setConsumers([{ id: 'd', topics: ['b'] }]);
    expect(warnings).toEqual([]);
    await store.spool.setConsumers([{ id: 'd', topics: ['a'] }]);
    expect(warnings).toMatchObject([{ consumer: 'd', topic: 'b', entries: 1, records: 3 }]);
    expect((await store.spool.usage()).usedBytes).toBe(0);
  } finally {
    await store.close();
    rmSync(dir, { recursive: true });
  }
});
