/** What is chDB's alone: the life of its process, what it may cost, and what is said when it is not there. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { LogCursor } from '../../../src/contracts/log-search.ts';
import {
  EVERYTHING,
  idsOf,
  logRecord,
  logRecords,
  NOON,
  soon,
} from '../../../src/contracts/testing/log-store/log-store-steps.ts';
import { systemClock } from '../../../src/foundation/clock.ts';
import type { LogferryError } from '../../../src/foundation/logferry-error.ts';
import { type Logger, silentLogger } from '../../../src/foundation/logger.ts';
import { systemRandom } from '../../../src/foundation/random.ts';
import { type ChdbLogStore, createChdbLogStore } from '../../../src/logstore/chdb/chdb-log-store.ts';
import { EngineProcess } from '../../../src/logstore/chdb/engine-process.ts';
import { childrenRunning } from './testing/children.ts';
import { isRunning } from './testing/is-running.ts';

const SOURCES = fileURLToPath(new URL('../../../src', import.meta.url));
const MIB = 1024 ** 2;

let dir: string;
let warnings: string[];
const opened: ChdbLogStore[] = [];

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'logferry-engine-'));
  warnings = [];
});

afterEach(async () => {
  await Promise.all(opened.splice(0).map((store) => store.close()));
  rmSync(dir, { recursive: true, force: true });
});

function open(path = join(dir, 'store')): ChdbLogStore {
  const logger: Logger = { ...silentLogger, warn: (_details, message) => warnings.push(message) };
  const store = createChdbLogStore({ dir: path, clock: systemClock, random: systemRandom, logger });
  opened.push(store);
  return store;
}

const engines = () => childrenRunning('engine-child');

describe('the process of the engine', () => {
  test('that does not open in time is ended with the reason, and the next request starts another one', async () => {
    let isHanging = true;
    const engine = new EngineProcess({
      dir: join(dir, 'hangs'),
      // While it hangs the engine waits for three seconds: it opens in much less.
      get statements() {
        return isHanging ? ['SELECT sleep(3)'] : [];
      },
      searchStatements: [],
      lanes: 1,
      openMillis: 1500,
      clock: systemClock,
      random: { next: () => 0 },
      logger: silentLogger,
    });
    try {
      const work = { kind: 'run', sql: 'SELECT 1' } as const;
      await expect(engine.request(work, soon())).rejects.toMatchObject({
        code: 'STORE_FAILED',
        message: 'The engine of the log store did not open within 2s.',
      });
      expect(engines()).toEqual([]);
      isHanging = false;
      await expect.poll(() => engine.request(work, soon()), { timeout: 30_000 }).toBe('');
    } finally {
      await engine.close();
    }
  });

  test('that is closed while it opens is not waited for', async () => {
    const engine = new EngineProcess({
      dir: join(dir, 'hangs'),
      statements: ['SELECT sleep(3)', 'SELECT sleep(3)', 'SELECT sleep(3)'],
      searchStatements: [],
      lanes: 1,
      clock: systemClock,
      random: systemRandom,
      logger: silentLogger,
    });
    const asked = engine.request({ kind: 'run', sql: 'SELECT 1' }, soon());
    asked.catch(() => {});
    await expect.poll(() => engines().length).toBe(1);
    const begunMillis = performance.now();
    await engine.close();
    expect(performance.now() - begunMillis).toBeLessThan(5000);
    expect(engines()).toEqual([]);
    await expect(asked).rejects.toMatchObject({ code: 'STORE_FAILED' });
  });

  test('starts with the first call, is one, and ends with the store', async () => {
    const store = open();
    expect(await store.enginePid()).toBeUndefined();
    await Promise.all([store.usage(soon()), store.usage(soon())]);
    expect(engines().map(({ pid }) => pid)).toEqual([await store.enginePid()]);
    await store.close();
    expect(engines()).toEqual([]);
    expect(warnings).toEqual([]);
  });

  test('that ended by itself is said in the log, once', async () => {
    const store = open();
    await store.usage(soon());
    process.kill((await store.enginePid()) ?? 0, 'SIGKILL');
    await expect.poll(() => warnings).toEqual(['The engine of the log store ended; it is started again.']);
    expect(await idsOf(store)).toEqual([]);
    expect(warnings).toHaveLength(1);
  });

  test('is not touched by Ctrl-C and SIGTERM, which reach the whole group of processes', async () => {
    const store = open();
    await store.usage(soon());
    const pid = await store.enginePid();
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.kill(pid ?? 0, signal);
    await store.append([logRecord('a')], { redelivery: false }, soon());
    expect(await store.enginePid()).toBe(pid);
  });

  test('ends when Logferry is killed', async () => {
    const script = join(dir, 'parent.ts');
    writeFileSync(script, parentScript(SOURCES, join(dir, 'store')));
    const parent = spawn(process.execPath, [script], { stdio: ['ignore', 'pipe', 'inherit'] });
    const [line] = (await once(parent.stdout, 'data')) as [Buffer];
    const pid = Number(line.toString());
    expect(isRunning(pid)).toBe(true);
    parent.kill('SIGKILL');
    await expect.poll(() => isRunning(pid), { timeout: 5000 }).toBe(false);
  });
});

describe('a folder that cannot be opened', () => {
  test('because another engine holds it leaves no process behind, and is opened when it is free', async () => {
    const holder = open();
    await holder.append([logRecord('a')], { redelivery: false }, soon());
    const other = open();
    for (let time = 0; time < 2; time++)
      await expect(other.usage(soon())).rejects.toMatchObject({
        code: expect.stringMatching(/^STORE_/) as string,
      });
    expect(engines()).toHaveLength(1);
    await holder.close();
    expect(await idsOf(other)).toEqual(['a']);
    expect(engines()).toHaveLength(1);
  });

  test('because a file lies in its place says so and what to look at', async () => {
    writeFileSync(join(dir, 'store'), 'x');
    const thrown = await open(join(dir, 'store', 'local'))
      .usage(soon())
      .catch((error: unknown) => error);
    expect(thrown).toMatchObject({
      code: 'STORE_UNAVAILABLE',
      hint: expect.stringContaining('data folder') as string,
    });
    expect((thrown as LogferryError).message).toContain('ENOTDIR');
    expect(engines()).toEqual([]);
  });
});

test('where chDB is not installed the error names it and the command that installs it', async () => {
  // Away from the packages of this repository.
  for (const room of ['logstore', 'foundation', 'contracts', 'record'])
    cpSync(join(SOURCES, room), join(dir, 'src', room), { recursive: true });
  const script = join(dir, 'parent.ts');
  writeFileSync(script, parentScript(join(dir, 'src'), join(dir, 'store')));
  const child = spawn(process.execPath, [script], { stdio: ['ignore', 'pipe', 'inherit'] });
  let text = '';
  child.stdout.on('data', (chunk: Buffer) => {
    text += chunk.toString();
  });
  // By itself: a process of the engine that stayed would keep it.
  const [code] = (await once(child, 'close')) as [number];
  expect(code).toBe(0);
  expect(JSON.parse(text)).toMatchObject({
    code: 'STORE_UNAVAILABLE',
    message: expect.stringContaining('(the package chdb) is not installed') as string,
    hint: expect.stringContaining('npm install chdb') as string,
  });
});

describe('what a statement may cost', () => {
  test('a page of large messages ends early and says where it goes on, within the memory of the engine', async () => {
    const store = open();
    const message = 'x'.repeat(MIB - 1);
    for (let batch = 0; batch < 18; batch++) {
      const records = logRecords(8, `b${batch}-`, (index) => NOON + batch * 8 + index);
      await store.append(
        records.map((record) => ({ ...record, message })),
        { redelivery: false },
        soon(),
      );
    }
    const pid = await store.enginePid();
    const ids: string[] = [];
    let after: LogCursor | undefined;
    let pages = 0;
    do {
      const page = await store.search({ ...EVERYTHING, ...(after !== undefined && { after }) }, soon());
      ids.push(...page.records.map(({ record }) => record.id));
      after = page.next;
      pages++;
    } while (after !== undefined);
    expect(pages).toBeGreaterThan(3);
    expect(ids).toHaveLength(144);
    expect(new Set(ids).size).toBe(144);
    // Nothing of the answers that were broken off is in the next ones.
    expect(await idsOf(store, { limit: 3 })).toEqual(['b0-000000', 'b0-000001', 'b0-000002']);
    expect(await store.count(EVERYTHING, soon())).toBe(144);
    expect(await store.enginePid()).toBe(pid);
    expect(engines()[0]?.peakBytes).toBeLessThan(1536 * MIB);
  });

  test('inserting for long does not let the engine grow', async () => {
    const store = open();
    const insert = async (batch: number) => {
      const records = logRecords(10_000, `b${batch}-`, (index) => NOON + batch * 10_000 + index);
      await store.append(records, { redelivery: batch % 2 === 0 }, soon());
    };
    for (let batch = 0; batch < 20; batch++) await insert(batch);
    expect((await store.usage(soon())).records).toBe(200_000);
    expect(engines()[0]?.peakBytes).toBeLessThan(800 * MIB);
  });
});

/** Prints the id of the engine's process, or the error, and goes on living only as long as it must. */
function parentScript(sources: string, store: string): string {
  return `
    import type { LogCursor } from '../../../src/contracts/log-search.ts';
import { systemClock } from ${JSON.stringify(join(sources, 'foundation/clock.ts'))};
    import { silentLogger } from ${JSON.stringify(join(sources, 'foundation/logger.ts'))};
    import { systemRandom } from ${JSON.stringify(join(sources, 'foundation/random.ts'))};
    import { createChdbLogStore } from ${JSON.stringify(join(sources, 'logstore/chdb/chdb-log-store.ts'))};
    const store = createChdbLogStore({
      dir: ${JSON.stringify(store)}, clock: systemClock, random: systemRandom, logger: silentLogger,
    });
    try {
      await store.usage(AbortSignal.timeout(20_000));
      console.log(await store.enginePid());
    } catch ({ code, message, hint }) {
      console.log(JSON.stringify({ code, message, hint }));
    }
  `;
}
