/** A store of version 0.1 is opened by this one. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { EVERYTHING, equals, idsOf, soon } from '../../../src/contracts/testing/log-store/log-store-steps.ts';
import { systemClock } from '../../../src/foundation/clock.ts';
import { silentLogger } from '../../../src/foundation/logger.ts';
import { systemRandom } from '../../../src/foundation/random.ts';
import { ChdbEngine } from '../../../src/logstore/chdb/chdb-engine.ts';
import { createChdbLogStore } from '../../../src/logstore/chdb/chdb-log-store.ts';
import { CREATE_LOGS_TABLE } from '../../../src/logstore/schema.ts';

/** As version 0.1 made it. */
const OLD_TABLE = `CREATE TABLE logs (
  time DateTime64(3, 'UTC') CODEC(Delta, ZSTD(1)),
  ingested DateTime64(3, 'UTC') CODEC(Delta, ZSTD(1)),
  stored DateTime64(3, 'UTC') CODEC(Delta, ZSTD(1)),
  source LowCardinality(String),
  level LowCardinality(String),
  message String CODEC(ZSTD(1)),
  tags Map(LowCardinality(String), String) CODEC(ZSTD(1)),
  fields Map(String, String) CODEC(ZSTD(1)),
  id String CODEC(ZSTD(1)),
  log_group LowCardinality(String) MATERIALIZED tags['log_group'],
  service LowCardinality(String) MATERIALIZED tags['service'],
  container LowCardinality(String) MATERIALIZED tags['container']
) ENGINE = MergeTree PARTITION BY toYYYYMMDD(time) ORDER BY (source, time, id)`;

const TAGS = { log_group: '/ecs/api', service: 'a "b" \\ c', empty: '', zh: '订单' };
const DAYS = ['2026-11-20', '2026-11-21', '2026-11-22'];
const IDS = DAYS.map((day) => `of ${day}`);

const settings = (dir: string) => ({ dir, clock: systemClock, random: systemRandom, logger: silentLogger });

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'logferry-migration-'));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

/** Makes an old store; `statements` come after it. */
async function makeOldStore(statements: readonly string[] = []): Promise<void> {
  const engine = new ChdbEngine({
    ...settings(dir),
    lanes: 1,
    statements: ['CREATE DATABASE IF NOT EXISTS logferry', 'USE logferry', OLD_TABLE],
    searchStatements: [],
  });
  const lines = DAYS.map((day) =>
    JSON.stringify({
      time: `${day} 10:00:00.123`,
      ingested: `${day} 10:00:01.000`,
      stored: `${day} 10:00:02.000`,
      source: 'shop',
      level: 'error',
      message: `line of ${day}`,
      tags: TAGS,
      fields: { status: '500' },
      id: `of ${day}`,
    }),
  );
  await engine.insert('logs', Buffer.from(lines.join('\n')), soon());
  for (const statement of statements) await engine.run(statement, soon());
  await engine.close();
}

test('what an older version stored is there as it was, and can be found by its tags', async () => {
  await makeOldStore();
  const store = createChdbLogStore(settings(dir));
  const { records } = await store.search(EVERYTHING, soon());
  expect(records).toHaveLength(3);
  expect(records[0]).toEqual({
    storedAtMillis: Date.parse('2026-11-20T10:00:02Z'),
    record: {
      id: 'of 2026-11-20',
      timestampMillis: Date.parse('2026-11-20T10:00:00.123Z'),
      ingestedMillis: Date.parse('2026-11-20T10:00:01Z'),
      message: 'line of 2026-11-20',
      level: 'error',
      origin: { source: 'shop', tags: TAGS },
      fields: { status: 500 },
    },
  });
  for (const query of [
    equals('service', TAGS.service),
    equals('log_group', '/ecs/api'),
    equals('zh', '订单'),
  ])
    expect(await idsOf(store, { query })).toEqual(IDS);
  await store.close();
  const again = createChdbLogStore(settings(dir));
  expect(await idsOf(again)).toEqual(IDS);
  await again.close();
});

test('a move that was interrupted goes on: nothing is lost, nothing is there twice', async () => {
  const copy = (day: string) =>
    `INSERT INTO records (time, ingested, stored, source, level, message, fields, id)
     SELECT time, ingested, stored, source, level, message, fields, id FROM logs WHERE toDate(time) = '${day}'`;
  await makeOldStore([
    CREATE_LOGS_TABLE,
    // The first day is moved whole; the second was copied, and is still in its old place.
    copy(DAYS[0] ?? ''),
    'ALTER TABLE logs DROP PARTITION 20261120',
    copy(DAYS[1] ?? ''),
  ]);
  const store = createChdbLogStore(settings(dir));
  expect(await idsOf(store)).toEqual(IDS);
  await store.close();
});
