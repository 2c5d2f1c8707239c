import Database from 'better-sqlite3';
import { expect, test } from 'vitest';
import { migrate } from '../migrate.ts';
import { MIGRATIONS } from './migrations.ts';

test('dead letters of an older file are counted by destination and reason', () => {
  const database = new Database(':memory:');
  migrate(database, MIGRATIONS.slice(0, 4));
  database.exec(`
    INSERT INTO consumer VALUES (1, 'd', 1, 0, 3), (2, 'e', 1, 0, 0);
    INSERT INTO dead_letter (consumer_id, created_at_millis, bytes, reason, detail, payload)
      VALUES (1, 5, 10, 'x', '', x''), (1, 5, 20, 'x', '', x''), (1, 5, 40, 'y', '', x'');
  `);
  // A file in memory has no copy to keep.
  for (const { sql } of MIGRATIONS.slice(4, 5)) database.exec(sql);
  expect(database.prepare('SELECT * FROM dead_letter_count ORDER BY reason').raw().all()).toEqual([
    [1, 'x', 2, 30],
    [1, 'y', 1, 40],
  ]);
  expect(database.prepare('SELECT * FROM consumer WHERE id = 1').raw().get()).toEqual([1, 'd', 1, 0]);
  database.close();
});
