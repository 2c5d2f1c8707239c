import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type Database from 'better-sqlite3';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openForWriting } from './open-database.ts';
import { SeenChunks } from './seen-chunks.ts';

let dir: string;
let database: Database.Database;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'logferry-seen-'));
  database = openForWriting(join(dir, 'state.db'));
  database.exec("INSERT INTO checkpoint VALUES (1, 'k', 1, '{}', '{}')");
});
afterEach(() => {
  database.close();
  rmSync(dir, { recursive: true });
});

test('small chunks of a bucket are put together, large ones are not written again', () => {
  const seen = new SeenChunks(database);
  const large = new Uint8Array(64 * 1024).fill(255);
  seen.add(1, [{ bucketStartMillis: 0, hashes: large }]);
  const largeRow = database.prepare('SELECT max(id) FROM seen_chunk').pluck().get();
  for (let at = 0; at < 100; at++)
    seen.add(1, [{ bucketStartMillis: 0, hashes: new Uint8Array(8).fill(at) }]);
  const rows = database.prepare('SELECT id, length(hashes) AS bytes FROM seen_chunk ORDER BY id').all();
  expect(rows.length).toBeLessThan(20);
  expect(rows[0]).toEqual({ id: largeRow, bytes: large.length });
  const ids = seen.load(1).flatMap(({ hashes }) => [...hashes].filter((_, index) => index % 8 === 0));
  expect(ids.filter((one) => one !== 255).toSorted((a, b) => a - b)).toEqual(
    Array.from({ length: 100 }, (_, at) => at),
  );
});

test('a chunk without ids leaves no row', () => {
  new SeenChunks(database).add(1, [{ bucketStartMillis: 0, hashes: new Uint8Array(0) }]);
  expect(database.prepare('SELECT count(*) FROM seen_chunk').pluck().get()).toBe(0);
});
