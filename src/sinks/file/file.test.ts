import {
  appendFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { ComponentContext } from '../../contracts/component.ts';
import { noMetrics } from '../../contracts/metrics.ts';
import type { Sink } from '../../contracts/sink.ts';
import { type ArrivedRecord, sinkSuite } from '../../contracts/testing/sink-suite.ts';
import { FakeClock } from '../../foundation/fake-clock.ts';
import { silentLogger } from '../../foundation/logger.ts';
import { systemRandom } from '../../foundation/random.ts';
import { idsFrom, someRecords } from '../../sink-kit/testing/some-records.ts';
import { file } from './definition.ts';

const NOON = Date.UTC(2026, 10, 23, 12);
const MINUTE = 60_000;

let dir: string;
let clock: FakeClock;
const opened: Sink[] = [];

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'logferry-file-'));
  // The time of the first line of a file that is found is the file system's.
  clock = new FakeClock(Math.max(NOON, Date.now()));
});

afterEach(async () => {
  for (const sink of opened.splice(0)) await sink.close();
  rmSync(dir, { recursive: true, force: true });
});

function sinkFor(options: Record<string, unknown> = {}): Sink {
  const context: ComponentContext = {
    id: 'out',
    clock,
    random: systemRandom,
    logger: silentLogger,
    metrics: noMetrics,
    dataDir: dir,
  };
  const sink = file.create(file.options.parse({ path: 'logs/ecs.ndjson', ...options }), context);
  opened.push(sink);
  return sink;
}

const logs = () => join(dir, 'logs');
const current = () => join(logs(), 'ecs.ndjson');
const write = (
  sink: Sink,
  from: number,
  count: number,
  more: { redelivery?: boolean; message?: string } = {},
) =>
  sink.write(
    { id: `b${from}`, records: someRecords(from, count, more.message), redelivery: more.redelivery ?? false },
    new AbortController().signal,
  );

/** Files of the folder, the oldest first, the current one last. */
const names = () =>
  readdirSync(logs()).sort(
    (a, b) => Number(a === 'ecs.ndjson') - Number(b === 'ecs.ndjson') || a.localeCompare(b),
  );

function linesOf(name: string): ArrivedRecord[] {
  const bytes = readFileSync(join(logs(), name));
  const text = (name.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString();
  expect(text === '' || text.endsWith('\n')).toBe(true);
  return text
    .split('\n')
    .slice(0, -1)
    .map((line) => {
      const { id, message, time } = JSON.parse(line) as { id: string; message: string; time: string };
      return { id, message, timestampMillis: Date.parse(time) };
    });
}

const allIds = () => names().flatMap((name) => linesOf(name).map(({ id }) => id));

sinkSuite(async () => ({
  sink: sinkFor(),
  // oxlint-disable-next-line require-await -- other destinations are asked over the network
  arrived: async () => (readdirSync(dir).includes('logs') ? names().flatMap(linesOf) : []),
  dispose: () => Promise.resolve(),
}));

describe('a line', () => {
  test('holds all of a record, and its file is the owner’s alone', async () => {
    const sink = sinkFor();
    const [record] = someRecords(7, 1);
    const level = 'warning';
    const full = { ...record!, level, fields: { status: 500, ok: false, text: 'a' } } as const;
    await sink.write({ id: 'b', records: [full], redelivery: false }, new AbortController().signal);
    expect(JSON.parse(readFileSync(current(), 'utf8'))).toEqual({
      time: '2023-11-14T22:13:20.007Z',
      source: 'ecs',
      level: 'warning',
      message: 'hello',
      tags: { log_group: '/ecs/api', log_stream: 'ecs/api/1' },
      fields: { status: 500, ok: false, text: 'a' },
      ingested: '2023-11-14T22:13:20.007Z',
      id: 'r7',
    });
    expect(statSync(current()).mode & 0o777).toBe(0o600);
  });
});

describe('rotation', () => {
  const MIB_OPTIONS = { max_bytes: '1MiB', max_files: 3 };
  const HALF_MIB = 'x'.repeat(524_288);

  test('by size puts the file aside when it is full, and loses nothing', async () => {
    const sink = sinkFor(MIB_OPTIONS);
    for (let at = 0; at < 7; at++) {
      await write(sink, at, 1, { message: HALF_MIB });
      await clock.advance(1000);
    }
    await sink.close();
    expect(names().map((name) => linesOf(name).map(({ id }) => id))).toEqual([
      ['r0', 'r1'],
      ['r2', 'r3'],
      ['r4', 'r5'],
      ['r6'],
    ]);
  });

  test('compresses what is put aside, but for the eight batches that may come again', async () => {
    const sink = sinkFor({ ...MIB_OPTIONS, max_files: 20 });
    for (let at = 0; at < 15; at++) await write(sink, at, 1, { message: HALF_MIB });
    await sink.close();
    const isCompressed = names().map((name) => name.endsWith('.gz'));
    expect(isCompressed).toEqual([true, true, true, false, false, false, false, false]);
    expect(allIds()).toEqual(idsFrom(0, 15));
    // After a restart too: what was found may come again as well.
    const next = sinkFor({ ...MIB_OPTIONS, max_files: 20 });
    await write(next, 15, 1, { message: HALF_MIB });
    await next.close();
    expect(names().filter((name) => !name.endsWith('.gz'))).toHaveLength(5);
  });

  test('keeps as many files as it is told, the newest', async () => {
    const sink = sinkFor({ ...MIB_OPTIONS, compress: false });
    for (let at = 0; at < 13; at++) {
      await write(sink, at, 1, { message: HALF_MIB });
      await clock.advance(1);
    }
    await sink.close();
    expect(names()).toHaveLength(4);
    expect(allIds()).toEqual(idsFrom(6, 7));
  });

  test('by age puts the file aside when its first line is old', async () => {
    const sink = sinkFor({ max_age: '10m' });
    await write(sink, 0, 1);
    await clock.advance(9 * MINUTE);
    await write(sink, 1, 1);
    await clock.advance(MINUTE);
    await write(sink, 2, 1);
    expect(names().map((name) => linesOf(name).map(({ id }) => id))).toEqual([['r0', 'r1'], ['r2']]);
  });

  test('writes over nothing when the clock stands still or goes back', async () => {
    const sink = sinkFor({ ...MIB_OPTIONS, max_files: 100 });
    for (let at = 0; at < 12; at++) {
      await write(sink, at, 1, { message: HALF_MIB });
      if (at === 5) clock.setWallClock(clock.now() - 60 * MINUTE);
    }
    await sink.close();
    expect(allIds()).toEqual(idsFrom(0, 12));
  });

  test('leaves files alone that only look like its own', async () => {
    mkdirSync(logs());
    for (const name of ['ecs.ndjson.bak', 'ecs.ndjson.20260101', 'other.ndjson.20260101T000000000Z'])
      writeFileSync(join(logs(), name), 'mine');
    const sink = sinkFor({ ...MIB_OPTIONS, max_files: 1 });
    for (let at = 0; at < 8; at++) await write(sink, at, 1, { message: HALF_MIB });
    await sink.close();
    expect(readdirSync(logs())).toEqual(
      expect.arrayContaining(['ecs.ndjson.bak', 'ecs.ndjson.20260101', 'other.ndjson.20260101T000000000Z']),
    );
  });
});

describe('after a crash', () => {
  test.each([1, 5, 40, 150])(
    'a last line that was torn after %i bytes is healed, and nothing is lost or doubled',
    async (kept) => {
      const crashed = sinkFor();
      await write(crashed, 0, 20);
      const more = someRecords(20, 1).map((record) => ({ ...record, message: 'torn' }));
      await crashed.write({ id: 'x', records: more, redelivery: false }, new AbortController().signal);
      const whole = readFileSync(current(), 'utf8');
      const last = whole.lastIndexOf('{"time"');
      writeFileSync(current(), whole.slice(0, last + kept));

      const next = sinkFor();
      expect((await write(next, 15, 10, { redelivery: true })).kind).toBe('delivered');
      expect(allIds()).toEqual(idsFrom(0, 25));
    },
  );

  test('a batch that was written whole and comes again is not there twice, also when the file was put aside', async () => {
    const MIB_AND = 'x'.repeat(1_048_576);
    const crashed = sinkFor({ max_bytes: '1MiB' });
    await write(crashed, 0, 5, { message: MIB_AND });
    await write(crashed, 5, 5);
    expect(names()).toHaveLength(2);
    const next = sinkFor({ max_bytes: '1MiB' });
    await write(next, 0, 5, { message: MIB_AND, redelivery: true });
    await write(next, 5, 5, { redelivery: true });
    await write(next, 10, 5);
    await next.close();
    expect(allIds()).toEqual(idsFrom(0, 15));
  });

  test('all batches that the spool did not know of are not there twice, however small the files are', async () => {
    const message = 'x'.repeat(1_048_576);
    const options = { max_bytes: '1MiB', max_files: 100 };
    const crashed = sinkFor(options);
    for (let batch = 0; batch < 20; batch++) {
      await write(crashed, batch, 1, { message });
      await clock.advance(1000);
    }
    // Of what was written last, the spool knows the least that it can.
    const next = sinkFor(options);
    for (let batch = 12; batch < 20; batch++) await write(next, batch, 1, { message, redelivery: true });
    await write(next, 20, 1);
    await next.close();
    await crashed.close();
    expect(allIds()).toEqual(idsFrom(0, 21));
  });

  test('what came again and comes once more is not there twice', async () => {
    await write(sinkFor(), 0, 3);
    const next = sinkFor();
    await write(next, 0, 5, { redelivery: true });
    await write(next, 0, 5, { redelivery: true });
    expect(allIds()).toEqual(idsFrom(0, 5));
  });

  test('a file is looked through without holding up everything else', async () => {
    const crashed = sinkFor();
    for (let batch = 0; batch < 4; batch++)
      await write(crashed, batch * 5000, 5000, { message: 'y'.repeat(300) });
    const next = sinkFor();
    let turns = 0;
    const timer = setInterval(() => turns++, 1);
    await write(next, 19_990, 10, { redelivery: true });
    clearInterval(timer);
    expect(turns).toBeGreaterThan(5);
    expect(allIds()).toHaveLength(20_000);
  });

  test('a record of another source that reads the same log group is not taken for one that is there', async () => {
    await write(sinkFor(), 0, 3);
    const other = someRecords(0, 3).map((record) => ({
      ...record,
      origin: { ...record.origin, source: 'other' },
    }));
    const next = sinkFor();
    await next.write({ id: 'x', records: other, redelivery: true }, new AbortController().signal);
    await write(next, 0, 3, { redelivery: true });
    expect(allIds()).toEqual([...idsFrom(0, 3), ...idsFrom(0, 3)]);
  });

  test('a last line of somebody else’s without an end is kept', async () => {
    mkdirSync(logs());
    writeFileSync(current(), 'notes of mine');
    await write(sinkFor(), 0, 1);
    expect(readFileSync(current(), 'utf8')).toMatch(/^notes of mine\n\{"time":.*\}\n$/);
  });

  test('lines that are no JSON, or no object, are passed over', async () => {
    mkdirSync(logs());
    writeFileSync(current(), 'null\n42\n{"id":7}\n{"broken\n');
    expect((await write(sinkFor(), 0, 1, { redelivery: true })).kind).toBe('delivered');
  });
});

describe('a place that cannot be written', () => {
  test.each([
    ['under a file', 'taken/ecs.ndjson', 'eexist'],
    ['that is a folder', 'folder', 'eisdir'],
    ['on a disk that is full', '/dev/full', 'enospc'],
  ])('%s is tried again later, with the reason', async (_name, path, reason) => {
    writeFileSync(join(dir, 'taken'), '');
    mkdirSync(join(dir, 'folder'));
    const sink = sinkFor({ path });
    await sink.open(new AbortController().signal);
    const outcome = await write(sink, 0, 1);
    expect(outcome).toMatchObject({ kind: 'retry', reason, mayHaveArrived: true });
    expect(await write(sink, 0, 1)).toMatchObject({ kind: 'retry', reason });
  });

  test('is found by the check, which says what to do', async () => {
    writeFileSync(join(dir, 'taken'), '');
    const report = await sinkFor({ path: 'taken/ecs.ndjson' }).check(new AbortController().signal);
    expect(report).toMatchObject([
      {
        status: 'failed',
        code: 'DESTINATION_UNREACHABLE',
        fix: expect.stringContaining('permissions') as string,
      },
    ]);
    expect(report[0]?.detail).toContain('EEXIST');
  });

  test('is written again as soon as it can be, once', async () => {
    writeFileSync(logs(), 'in the way');
    const sink = sinkFor();
    expect((await write(sink, 0, 3)).kind).toBe('retry');
    rmSync(logs());
    expect((await write(sink, 0, 3, { redelivery: true })).kind).toBe('delivered');
    expect(allIds()).toEqual(idsFrom(0, 3));
  });

  test('because the file was moved or deleted is made anew: nothing goes to a file that nobody finds', async () => {
    const sink = sinkFor();
    await write(sink, 0, 2);
    renameSync(current(), join(logs(), 'moved'));
    await write(sink, 2, 2);
    expect(linesOf('ecs.ndjson').map(({ id }) => id)).toEqual(idsFrom(2, 2));
    rmSync(logs(), { recursive: true });
    await write(sink, 4, 2);
    expect(allIds()).toEqual(idsFrom(4, 2));
  });
});

test('what somebody appends meanwhile is left where it is', async () => {
  const sink = sinkFor();
  await write(sink, 0, 1);
  appendFileSync(current(), '{"id":"theirs","time":"2026-01-01T00:00:00Z"}\n');
  await write(sink, 1, 1);
  expect(allIds()).toEqual(['r0', 'theirs', 'r1']);
});
