/** Searches in the engine's process: beside the store's own work, bounded, and ended when nobody wants them. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { soon } from '../../../src/contracts/testing/log-store/log-store-steps.ts';
import { systemClock } from '../../../src/foundation/clock.ts';
import { silentLogger } from '../../../src/foundation/logger.ts';
import { systemRandom } from '../../../src/foundation/random.ts';
import { ChdbEngine } from '../../../src/logstore/chdb/chdb-engine.ts';

const LANES = 2;

let dir: string;
let engine: ChdbEngine;
beforeAll(async () => {
  dir = mkdtempSync(join(tmpdir(), 'logferry-searches-'));
  engine = new ChdbEngine({
    dir,
    clock: systemClock,
    random: systemRandom,
    logger: silentLogger,
    lanes: LANES,
    statements: [
      'CREATE DATABASE IF NOT EXISTS test',
      'USE test',
      'CREATE TABLE t (n UInt64, s String) ENGINE = MergeTree ORDER BY n',
    ],
    searchStatements: [
      'USE test',
      'SET max_execution_time = 20',
      'SET max_memory_usage = 200000000',
      'SET readonly = 2',
    ],
  });
  await engine.run("INSERT INTO t SELECT number, repeat('x', 1000) FROM numbers(20000)", soon());
});
afterAll(async () => {
  await engine.close();
  rmSync(dir, { recursive: true, force: true });
});

/** Takes ten seconds unless it is ended. */
const SLOW =
  'SELECT sum(slept) AS n FROM (SELECT sleepEachRow(0.1) AS slept FROM numbers(100) SETTINGS max_block_size = 1)';

async function search(sql: string, key: string | undefined, signal = soon(), parameters = {}) {
  const all: unknown[] = [];
  for await (const rows of engine.search({ sql, parameters }, key, signal)) all.push(...rows);
  return all;
}

const running = async () =>
  (
    await engine.rows<{ n: number }>(
      {
        sql: "SELECT count() AS n FROM system.processes WHERE query LIKE '%sleepEachRow%' AND query NOT LIKE '%processes%'",
        parameters: {},
      },
      soon(),
    )
  )[0]?.n;

test('the store goes on with its own work while searches take all their lanes', async () => {
  const enough = new AbortController();
  const slow = [search(SLOW, 'a', enough.signal), search(SLOW, 'b', enough.signal)];
  await expect.poll(running).toBe(LANES);
  await engine.insert('t', Buffer.from('{"n":1000000,"s":"new"}'), soon());
  const rows = await engine.rows(
    { sql: 'SELECT n FROM t WHERE s = {s:String}', parameters: { s: 'new' } },
    soon(),
  );
  expect(rows).toEqual([{ n: 1_000_000 }]);
  expect(await running()).toBe(LANES);
  enough.abort(new Error('enough'));
  for (const one of slow) await expect(one).rejects.toThrow('enough');
});

test('a search that nobody waits for is ended in the engine, and its lane is free', async () => {
  const enough = new AbortController();
  const slow = search(SLOW, undefined, enough.signal);
  await expect.poll(running).toBe(1);
  enough.abort(new Error('enough'));
  await expect(slow).rejects.toThrow('enough');
  await expect.poll(running, { timeout: 5000 }).toBe(0);
  const many = await Promise.all(Array.from({ length: 6 }, (_, n) => search(`SELECT ${n} AS n`, undefined)));
  expect(many.flat()).toEqual([0, 1, 2, 3, 4, 5].map((n) => ({ n })));
});

test('of a search whose rows are not taken, the engine sends no more; leaving it ends it', async () => {
  const taken: number[] = [];
  for await (const rows of engine.search<{ n: number }>(
    { sql: 'SELECT n, s FROM t ORDER BY n', parameters: {} },
    undefined,
    soon(),
  )) {
    taken.push(rows.length);
    break;
  }
  // 20 MB of rows in pieces of half a megabyte.
  expect(taken[0]).toBeGreaterThan(0);
  expect(taken[0]).toBeLessThan(1000);
  expect(await search('SELECT count() AS n FROM t', undefined)).toEqual([{ n: 20_001 }]);
});

test('all rows of a large answer come, each once, in their order', async () => {
  const all = (await search('SELECT n, s FROM t WHERE n < 20000 ORDER BY n', undefined)) as { n: number }[];
  expect(all.map(({ n }) => n)).toEqual(Array.from({ length: 20_000 }, (_, n) => n));
});

test('searches with one key go one after the other, others do not wait for them', async () => {
  const ended: string[] = [];
  const short = 'SELECT sleep(0.3) AS n';
  await Promise.all([
    search(short, 'same').then(() => ended.push('first')),
    search(short, 'same').then(() => ended.push('second')),
    search('SELECT 1 AS n', 'other').then(() => ended.push('other')),
  ]);
  expect(ended).toEqual(['other', 'first', 'second']);
});

test('values of searches side by side are not mixed up', async () => {
  const values = Array.from({ length: 60 }, (_, n) => `value ${n}`);
  const found = await Promise.all(
    values.map((value) =>
      search('SELECT {v:String} AS v, count() AS n FROM t WHERE s != {v:String}', undefined, soon(), {
        v: value,
      }),
    ),
  );
  expect(found.flat()).toEqual(values.map((v) => ({ v, n: 20_001 })));
});

test('beyond those that may wait, searches are refused', async () => {
  const enough = new AbortController();
  const waiting = Array.from({ length: LANES + 64 }, () => search(SLOW, undefined, enough.signal));
  await expect(search('SELECT 1', undefined)).rejects.toMatchObject({ code: 'STORE_BUSY' });
  enough.abort(new Error('enough'));
  const outcomes = await Promise.allSettled(waiting);
  expect(outcomes.every(({ status }) => status === 'rejected')).toBe(true);
  await expect.poll(running, { timeout: 5000 }).toBe(0);
});

test.each<[string, string, string]>([
  ['longer than its time', `${SLOW.replace('numbers(100)', 'numbers(1000)')}`, 'QUERY_TOO_COSTLY'],
  [
    'more memory than it may have',
    "SELECT length(groupArray(repeat('x', 1000))) AS n FROM numbers(1000000)",
    'QUERY_TOO_COSTLY',
  ],
  ['what it may not change', 'DROP TABLE t', 'STORE_FAILED'],
  ['what there is not', 'SELECT nothing FROM t', 'STORE_FAILED'],
])('a search that takes %s is refused, and the next one is answered', async (_name, sql, code) => {
  const limited = sql.startsWith('SELECT sum(slept)')
    ? sql.replace('max_block_size = 1', 'max_block_size = 1, max_execution_time = 0.5')
    : sql;
  await expect(search(limited, undefined)).rejects.toMatchObject({ code });
  expect(await search('SELECT count() AS n FROM t', undefined)).toEqual([{ n: 20_001 }]);
});
