import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { StateStore } from '../../contracts/state-store.ts';
import { sampleBatch, sampleCommit } from '../../contracts/testing/state-store-harness.ts';
import { systemClock } from '../../foundation/clock.ts';
import { silentLogger } from '../../foundation/logger.ts';
import type { LogRecord } from '../../record/log-record.ts';
import { openForWriting } from './open-database.ts';
import { openSqliteState, STATE_FILE } from './open-sqlite-state.ts';
import { FREE_PAGES_KEPT } from './spool/space-reclaimer.ts';
import { SqliteState } from './sqlite-state.ts';
import { overwrite } from './testing/damage-entry.ts';

let dir: string;
let file: string;
const stores: StateStore[] = [];
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'logferry-open-'));
  file = join(dir, STATE_FILE);
});
afterEach(async () => {
  for (const store of stores.splice(0)) await store.close();
  rmSync(dir, { recursive: true, force: true });
});

async function open(more: { readonly readOnly?: boolean } = {}): Promise<StateStore> {
  const settings = {
    dir,
    clock: systemClock,
    logger: silentLogger,
    maxSpoolBytes: 1e8,
    owner: 'logferry up',
  };
  const store = await openSqliteState({ ...settings, ...more });
  stores.push(store);
  return store;
}

async function fill(store: StateStore, commits: number, records = 100): Promise<void> {
  await store.spool.setConsumers([{ id: 'd', topics: ['t'] }]);
  for (let at = 0; at < commits; at++) {
    const batches = [{ topic: 't', batch: sampleBatch(String(at), records, 200) }];
    expect(await store.commit(sampleCommit('k', at, { batches }))).toMatchObject({ kind: 'committed' });
  }
}

test('a new file is durable, private, and gives space back in steps', async () => {
  await open();
  const database = new Database(file, { readonly: true });
  expect(database.pragma('journal_mode', { simple: true })).toBe('wal');
  expect(database.pragma('auto_vacuum', { simple: true })).toBe(2);
  expect(database.pragma('page_size', { simple: true })).toBe(16_384);
  database.close();
  expect(statSync(file).mode & 0o777).toBe(0o600);
  const writing = openForWriting(join(dir, 'other.db'));
  expect(writing.pragma('synchronous', { simple: true })).toBe(2);
  expect(writing.pragma('foreign_keys', { simple: true })).toBe(1);
  writing.close();
});

test('a folder that is in use is refused with the command that uses it, and free again after close', async () => {
  const first = await open();
  await expect(open()).rejects.toMatchObject({
    code: 'DATA_DIR_LOCKED',
    message: expect.stringMatching(new RegExp(`logferry up.*process ${process.pid},`)) as string,
    hint: expect.stringContaining('Stop that process') as string,
  });
  await first.close();
  await open();
});

test('one that only looks sees what the other commits, takes no lock, and cannot write', async () => {
  const writer = await open();
  await fill(writer, 1);
  const reader = await open({ readOnly: true });
  expect((await reader.spool.usage()).consumers).toMatchObject([{ consumer: 'd', waitingEntries: 1 }]);
  await writer.commit(sampleCommit('k', 1));
  expect((await reader.load('k'))?.revision).toBe(2);
  await expect(reader.commit(sampleCommit('k', 2))).rejects.toMatchObject({ code: 'DATA_DIR_UNUSABLE' });
  await expect(reader.acquireLease('k', 'me', 1)).rejects.toMatchObject({
    code: 'DATA_DIR_UNUSABLE',
  });
  await reader.close();
  expect(await writer.commit(sampleCommit('k', 2))).toMatchObject({ kind: 'committed' });
});

test('one that only looks also sees what a process left that was killed', async () => {
  const script = join(dir, 'commit.ts');
  const url = (path: string) => JSON.stringify(new URL(path, import.meta.url).href);
  writeFileSync(
    script,
    `import { openSqliteState } from ${url('./open-sqlite-state.ts')};
     import { systemClock } from ${url('../../foundation/clock.ts')};
     import { silentLogger } from ${url('../../foundation/logger.ts')};
     const store = await openSqliteState({ dir: ${JSON.stringify(dir)}, clock: systemClock, logger: silentLogger,
       maxSpoolBytes: 1e6, owner: 'logferry run' });
     await store.commit({ key: 'k', expectedRevision: 0, checkpoint: {}, transformStates: {}, seenAdded: [], batches: [] });
     process.stdout.write('committed');
     setInterval(() => {}, 1000);`,
  );
  const child = spawn(process.execPath, [script], { stdio: ['ignore', 'pipe', 'inherit'] });
  await once(child.stdout, 'data');
  child.kill('SIGKILL');
  await once(child, 'exit');
  expect(existsSync(`${file}-wal`)).toBe(true);
  const reader = await open({ readOnly: true });
  expect((await reader.load('k'))?.revision).toBe(1);
});

test('one that only looks makes nothing: where there is no state, it says so', async () => {
  rmSync(dir, { recursive: true });
  await expect(open({ readOnly: true })).rejects.toMatchObject({
    code: 'DATA_DIR_UNUSABLE',
    message: expect.stringContaining('no state') as string,
    hint: expect.stringContaining('data_dir') as string,
  });
  expect(existsSync(dir)).toBe(false);
});

test('a file of a newer Logferry is refused, is not changed, and leaves the folder free', async () => {
  await (await open()).close();
  const database = new Database(file);
  database.pragma('user_version = 999');
  database.close();
  const before = readFileSync(file);
  for (const readOnly of [false, true])
    await expect(open({ readOnly })).rejects.toMatchObject({
      code: 'STATE_NEWER',
      hint: expect.any(String) as string,
    });
  expect(readFileSync(file).equals(before)).toBe(true);
  rmSync(file);
  await open();
});

test('one that only looks does not bring an older file up to date', async () => {
  new Database(file).close();
  writeFileSync(file, '');
  await expect(open({ readOnly: true })).rejects.toMatchObject({
    code: 'STATE_FAILED',
    hint: expect.stringContaining('logferry up') as string,
  });
});

test("a file that is no database, and somebody else's database, are refused and not changed", async () => {
  writeFileSync(file, 'not a database at all, '.repeat(1000));
  const text = readFileSync(file);
  await expect(open()).rejects.toMatchObject({
    code: 'STATE_CORRUPT',
    hint: expect.stringContaining('Move') as string,
  });
  expect(readFileSync(file).equals(text)).toBe(true);
  rmSync(file);
  const theirs = new Database(file);
  theirs.exec('CREATE TABLE theirs (x)');
  theirs.close();
  const before = readFileSync(file);
  await expect(open()).rejects.toMatchObject({ code: 'STATE_CORRUPT' });
  expect(readFileSync(file).equals(before)).toBe(true);
});

test('a file whose pages were overwritten is refused when it is opened', async () => {
  const store = await open();
  await fill(store, 5);
  await store.close();
  overwrite(file, 16_384 * 2, Buffer.alloc(16_384 * 3, 0x5a));
  await expect(open()).rejects.toMatchObject({ code: 'STATE_CORRUPT' });
});

test('a folder that cannot be used is said to be so', async () => {
  mkdirSync(file);
  await expect(open()).rejects.toMatchObject({
    code: 'DATA_DIR_UNUSABLE',
    hint: expect.any(String) as string,
  });
});

test('a full disk refuses the commit whole; with room again, work goes on', async () => {
  const database = openForWriting(file);
  const settings = { clock: systemClock, logger: silentLogger, maxBytes: 1e9 };
  const store = new SqliteState(database, settings, () => {});
  stores.push(store);
  await fill(store, 1);
  const pages = database.pragma('page_count', { simple: true }) as number;
  database.pragma(`max_page_count = ${pages + 2}`);
  const batches = [{ topic: 't', batch: sampleBatch('large', 3000, 200) }];
  await expect(store.commit(sampleCommit('k', 1, { batches }))).rejects.toMatchObject({
    code: 'DATA_DIR_UNUSABLE',
    message: expect.stringContaining('full') as string,
    hint: expect.stringContaining('Make room') as string,
  });
  expect((await store.load('k'))?.revision).toBe(1);
  expect(await store.spool.newestOffset()).toBe(1);
  database.pragma('max_page_count = 1000000');
  const next = { batches: [{ topic: 't', batch: sampleBatch('next', 10, 200) }] };
  expect(await store.commit(sampleCommit('k', 1, next))).toMatchObject({ kind: 'committed' });
  expect((await store.spool.read('d', 2, 1)).map(({ batch }) => batch)).toEqual([
    sampleBatch('next', 10, 200),
  ]);
});

test('records are the same whether they are still in memory or read from the file', async () => {
  const store = await open();
  await store.spool.setConsumers([{ id: 'd', topics: ['t'] }]);
  const [plain] = sampleBatch('sample', 1).records as [LogRecord];
  const records = ['text', 'Zeile\nänder', '\ud800', ''].map(
    (message, index): LogRecord => ({
      ...plain,
      message,
      id: `${index}`,
      ...(index > 1 && { level: 'error', fields: { lines: index, cold: false, name: '日志' } }),
    }),
  );
  await store.commit(sampleCommit('k', 0, { batches: [{ topic: 't', batch: { id: 'b', records } }] }));
  const fromMemory = await store.spool.read('d', 1, 1);
  expect(fromMemory[0]?.batch.records).toBe(records);
  await store.close();
  expect(await (await open()).spool.read('d', 1, 1)).toEqual(fromMemory);
});

test('the file does not grow while as much is delivered as is read, and shrinks after a backlog', async () => {
  const store = await open();
  const { spool } = store;
  await spool.setConsumers([{ id: 'd', topics: ['t'] }]);
  const { records } = sampleBatch('large', 40, 25_000);
  let revision = 0;
  const commit = async () => {
    const batches = [{ topic: 't', batch: { id: String(revision), records } }];
    expect(await store.commit(sampleCommit('k', revision, { batches }))).toMatchObject({ kind: 'committed' });
    revision++;
  };
  const pages = (name: string) => pragmaOf(file, name);
  for (let at = 0; at < 40; at++) {
    await commit();
    await spool.acknowledge('d', { offset: (await spool.newestOffset()) + 1, index: 0 }, []);
  }
  expect(pages('page_count')).toBeLessThan(300);

  while (pages('page_count') < 2 * FREE_PAGES_KEPT) await commit();
  await spool.acknowledge('d', { offset: (await spool.newestOffset()) + 1, index: 0 }, []);
  for (let turn = 0; turn < 10_000 && (await spool.usage()).usedBytes > 0; turn++) await nextTurn();
  for (let turn = 0; turn < 10_000 && pages('freelist_count') > FREE_PAGES_KEPT; turn++) await nextTurn();
  await store.close();
  expect(statSync(file).size).toBeLessThan(1.1 * FREE_PAGES_KEPT * 16_384);
});

function pragmaOf(path: string, name: string): number {
  const database = new Database(path, { readonly: true });
  try {
    return database.pragma(name, { simple: true }) as number;
  } finally {
    database.close();
  }
}

const nextTurn = () => new Promise((resolve) => setImmediate(resolve));
