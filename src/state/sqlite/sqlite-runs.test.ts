import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { Run, RunState } from '../../contracts/run.ts';
import { openForWriting } from './open-database.ts';
import { SqliteRuns } from './sqlite-runs.ts';
import { SqliteWork } from './sqlite-work.ts';

const counts = { fetched: 0, duplicate: 0, committed: 0, dropped: {}, delivered: {}, deadLetters: {} };

function run(number: number, state: RunState): Run {
  const id = String(number);
  return { id, kind: 'collect', source: 's', trigger: 'schedule', state, createdAtMillis: number, counts };
}

test('old runs are forgotten once they have ended; one that has not is kept', async () => {
  const dir = mkdtempSync(join(tmpdir(), 'logferry-runs-'));
  const work = new SqliteWork(openForWriting(join(dir, 'state.db')));
  try {
    const runs = new SqliteRuns(work, 20);
    for (let number = 1; number <= 200; number++)
      await runs.create(run(number, number === 7 ? 'running' : 'succeeded'));
    const kept = (await runs.list({ limit: 1000 })).map(({ id }) => Number(id));
    expect(kept).toEqual([...Array.from({ length: 20 }, (_, back) => 200 - back), 7]);
  } finally {
    work.close();
    rmSync(dir, { recursive: true });
  }
});
