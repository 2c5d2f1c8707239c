import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type Migration, migrate } from './migrate.ts';
import { MIGRATIONS } from './migrations/migrations.ts';

let dir: string;
let file: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'logferry-migrate-'));
  file = join(dir, 'state.db');
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

function withDatabase<T>(use: (database: Database.Database) => T): T {
  const database = new Database(file);
  try {
    return use(database);
  } finally {
    database.close();
  }
}

const next: Migration = { version: MIGRATIONS.length + 1, sql: 'CREATE TABLE later (x INTEGER) STRICT;' };

test('a new file gets the newest version, and opening it again changes nothing', () => {
  withDatabase((database) => migrate(database, MIGRATIONS));
  withDatabase((database) => {
    migrate(database, MIGRATIONS);
    expect(database.pragma('user_version', { simple: true })).toBe(MIGRATIONS.length);
    expect(database.pragma('integrity_check', { simple: true })).toBe('ok');
  });
  expect(existsSync(`${file}.v1`)).toBe(false);
});

test('a file that existed is copied before it is migrated', () => {
  withDatabase((database) => migrate(database, MIGRATIONS));
  withDatabase((database) => migrate(database, [...MIGRATIONS, next]));
  const copy = new Database(`${file}.v${MIGRATIONS.length}`, { readonly: true });
  expect(copy.pragma('user_version', { simple: true })).toBe(MIGRATIONS.length);
  copy.close();
});

test('what a destination takes is still its after the topics were given an end', () => {
  withDatabase((database) => {
    migrate(database, MIGRATIONS.slice(0, 2));
    database.exec(`
      INSERT INTO topic (id, name) VALUES (7, 'a');
      INSERT INTO consumer (id, name, cursor_offset, cursor_index) VALUES (3, 'd', 12, 0);
      INSERT INTO subscription VALUES (3, 7, 9);
    `);
    migrate(database, MIGRATIONS);
    expect(database.prepare('SELECT * FROM subscription').all()).toEqual([
      { consumer_id: 3, topic_id: 7, from_offset: 9, until_offset: null },
    ]);
    expect(database.pragma('foreign_key_check')).toEqual([]);
  });
});

test('a migration that fails leaves the version before it', () => {
  withDatabase((database) => {
    migrate(database, MIGRATIONS);
    const broken = { version: next.version, sql: 'CREATE TABLE half (x); SELECT nonsense(;' };
    expect(() => migrate(database, [...MIGRATIONS, broken])).toThrow(/syntax error|nonsense/);
    expect(database.pragma('user_version', { simple: true })).toBe(MIGRATIONS.length);
    expect(database.prepare("SELECT count(*) FROM sqlite_schema WHERE name = 'half'").pluck().get()).toBe(0);
  });
});

test('a file of a newer Logferry and a file of another program are refused', () => {
  withDatabase((database) => {
    migrate(database, [...MIGRATIONS, next]);
    expect(() => migrate(database, MIGRATIONS)).toThrow(/knows versions up to/);
  });
  rmSync(file);
  withDatabase((database) => {
    database.exec('CREATE TABLE theirs (x)');
    expect(() => migrate(database, MIGRATIONS)).toThrow(/no state file of Logferry/);
  });
});
