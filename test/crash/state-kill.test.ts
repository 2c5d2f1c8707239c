/** The state store is killed at random moments under load, and must then hold all that it said it held, and agree with itself. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { randomInteger, systemRandom } from '../../src/foundation/random.ts';
import { expectAgreement, expectWhole, hear, type Said, said, withState } from './state-agreement.ts';

const LIVES = 8;
const KILLS = 3;
const CHILD = fileURLToPath(new URL('./state-committer.ts', import.meta.url));

let base: string;
let dir: string;
beforeEach(() => {
  base = mkdtempSync(join(tmpdir(), 'logferry-kill-'));
  dir = base;
});
afterEach(() => rmSync(base, { recursive: true, force: true }));

/** Runs a child until `isTime`, told of every line, asks for its end, and resolves when all it said has been heard. */
async function killChild(
  mode: 'acknowledge' | 'deliver',
  into: Said,
  isTime: (line: string, kill: () => void) => void,
): Promise<void> {
  const child = spawn(process.execPath, [CHILD, dir, mode], { stdio: ['ignore', 'pipe', 'inherit'] });
  const exited = once(child, 'exit');
  for await (const line of createInterface({ input: child.stdout })) {
    hear(into, line);
    isTime(line, () => child.kill('SIGKILL'));
  }
  const [code, signal] = (await exited) as [number | null, string | null];
  expect({ code, signal }).toEqual({ code: null, signal: 'SIGKILL' });
}

test(`killed ${LIVES * KILLS} times under load, nothing that was reported is missing and the parts agree`, async () => {
  let commits = 0;
  let acknowledgingLives = 0;
  for (let life = 0; life < LIVES; life++) {
    // A new folder now and then: not more and more to look through.
    dir = join(base, String(life));
    const heard = said();
    for (let kill = 0; kill < KILLS; kill++) {
      await killChild('acknowledge', heard, (line, end) => {
        if (line === 'ready') setTimeout(end, randomInteger(systemRandom, 1, 500));
      });
      await expectAgreement(dir, heard);
    }
    for (const revision of heard.committed.values()) commits += revision;
    if (heard.acknowledged.has('eager')) acknowledgingLives++;
  }
  // It was worth looking.
  expect(commits).toBeGreaterThan(LIVES * KILLS);
  expect(acknowledgingLives).toBeGreaterThan(0);
});

test('killed between delivery and acknowledgement, the same batch comes again, and under the same id', async () => {
  for (let round = 0; round < 3; round++) {
    const heard = said();
    await killChild('deliver', heard, (line, kill) => {
      if (line.startsWith('delivered')) kill();
    });
    await withState(dir, async (store) => {
      const { offset, index } = await store.spool.position('eager');
      const [entry] = await store.spool.read('eager', offset, 1);
      expect(index).toBe(0);
      expect(entry?.batch.id).toBe(heard.delivered);
      expectWhole(entry);
      await store.spool.acknowledge('eager', { offset: (entry?.offset ?? 0) + 1, index: 0 }, []);
    });
  }
});
