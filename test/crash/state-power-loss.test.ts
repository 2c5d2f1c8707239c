/**
 * What a power cut may leave of the state, made of copies that are taken while it is written: the writer is stopped in the
 * middle of what it does, and of what it had written since a transaction, any part may be missing. docs/specs/spool.md says
 * what this proves, and what it does not.
 */
import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { setTimeout } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';
import { pickOne, type Random, randomInteger, systemRandom } from '../../src/foundation/random.ts';
import { openForWriting } from '../../src/state/sqlite/open-database.ts';
import { STATE_FILE } from '../../src/state/sqlite/open-sqlite-state.ts';
import { expectAgreement, hear, type Said, said, withState } from './state-agreement.ts';
import { TOPICS } from './state-committer.ts';
import { copiedFrames, parseWal } from './wal-file.ts';

const CHILD = fileURLToPath(new URL('./state-committer.ts', import.meta.url));
const LIVES = 3;
const COPIES = 4;
const TEARS = 6;
const SECTOR_BYTES = 512;

/** The files at one moment, and what had been reported by then. */
interface Copy {
  readonly database: Buffer;
  readonly wal: Buffer;
  readonly shm: Buffer;
  readonly heard: Said;
}

test(`of ${LIVES * COPIES} copies in mid-write, each torn ${TEARS} times, every one holds what was reported, and its parts agree`, async () => {
  const base = mkdtempSync(join(tmpdir(), 'logferry-power-'));
  onTestFinished(() => rmSync(base, { recursive: true, force: true }));
  let dirs = 0;
  const folder = () => join(base, `torn-${dirs++}`);
  let torn = 0;
  for (let life = 0; life < LIVES; life++) {
    for (const copy of await copiesOf(join(base, `life-${life}`))) {
      // Everything that was written has reached the disk.
      const whole = folder();
      put(whole, copy.database, copy.wal, copy.shm);
      await expectAgreement(whole, clone(copy.heard));
      for (let tear = 0; tear < TEARS; tear++) torn += await tearOnce(copy, folder, systemRandom);
    }
  }
  // It was worth looking.
  expect(torn).toBeGreaterThan((LIVES * COPIES * TEARS) / 2);
});

test('a commit is synced before it counts: WAL with synchronous=FULL', () => {
  const dir = mkdtempSync(join(tmpdir(), 'logferry-power-'));
  onTestFinished(() => rmSync(dir, { recursive: true, force: true }));
  const database = openForWriting(join(dir, STATE_FILE));
  const [mode, synchronous] = ['journal_mode', 'synchronous'].map((name) =>
    database.pragma(name, { simple: true }),
  );
  database.close();
  // 2 is FULL.
  expect([mode, synchronous]).toEqual(['wal', 2]);
});

/** Lets a child commit, and stops it in the middle for each copy. */
async function copiesOf(dir: string): Promise<Copy[]> {
  mkdirSync(dir);
  const heard = said();
  const child = spawn(process.execPath, [CHILD, dir, 'acknowledge'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const exited = once(child, 'exit');
  const ready = listen(child, heard);
  await ready;
  const copies: Copy[] = [];
  for (let copy = 0; copy < COPIES; copy++) {
    await setTimeout(randomInteger(systemRandom, 20, 250));
    child.kill('SIGSTOP');
    // What it had said before is heard, too.
    await setTimeout(100);
    const file = join(dir, STATE_FILE);
    const read = (path: string) => (existsSync(path) ? readFileSync(path) : Buffer.alloc(0));
    copies.push({
      database: read(file),
      wal: read(`${file}-wal`),
      shm: read(`${file}-shm`),
      heard: clone(heard),
    });
    child.kill('SIGCONT');
  }
  child.kill('SIGKILL');
  await exited;
  return copies;
}

/** Resolves when the child works. */
function listen(child: ChildProcessByStdio<null, Readable, null>, heard: Said): Promise<void> {
  return new Promise((resolve) => {
    createInterface({ input: child.stdout }).on('line', (line) => {
      hear(heard, line);
      if (line === 'ready') resolve();
    });
  });
}

/**
 * The power fails while the transaction behind one that is synced is written. Which one is synced is drawn, among those
 * that are in the log alone: what a checkpoint has copied to the database was synced before. Answers 1 when there was one.
 */
async function tearOnce({ database, wal, shm }: Copy, folder: () => string, random: Random): Promise<number> {
  const { pageBytes, ends } = parseWal(wal);
  const copied = copiedFrames(shm);
  const possible = ends.filter(({ frames }) => frames >= copied);
  if (possible.length === 0) return 0;
  const synced = pickOne(random, possible);
  const next = ends[ends.indexOf(synced) + 1];
  const tailEnd = next?.at ?? wal.length;
  const marked = folder();
  put(marked, database, wal.subarray(0, synced.at));
  const marks = await marksOf(marked);
  if (marks === undefined) return 0;

  const tail = tornTail(wal.subarray(synced.at, tailEnd), random);
  const torn = Buffer.concat([wal.subarray(0, synced.at), tail]);
  // A checkpoint writes pages to the database that are in the log: those may be half written.
  const pages = Buffer.from(database);
  for (const page of synced.pages)
    if (random.next() < 0.1 && page * pageBytes <= pages.length)
      fillSectors(pages.subarray((page - 1) * pageBytes, page * pageBytes), random);
  const dir = folder();
  put(dir, pages, torn, random.next() < 0.5 ? shm : undefined);
  await expectAgreement(dir, marks);
  return 1;
}

/** Cut anywhere; or as long as it was, with sectors missing; or empty space. */
function tornTail(tail: Buffer, random: Random): Buffer {
  const kind = random.next();
  if (kind < 0.4) return tail.subarray(0, randomInteger(random, 0, tail.length + 1));
  const copy = Buffer.from(tail);
  if (kind < 0.8) fillSectors(copy, random);
  else copy.fill(0);
  return copy;
}

/** Half of the sectors hold something else, nothing for the most part. */
function fillSectors(bytes: Buffer, random: Random): void {
  for (let at = 0; at < bytes.length; at += SECTOR_BYTES)
    if (random.next() < 0.5)
      bytes.fill(
        random.next() < 0.8 ? 0 : randomInteger(random, 1, 256),
        at,
        Math.min(bytes.length, at + SECTOR_BYTES),
      );
}

/** How far a state has come, by what it says itself; undefined while its consumers are not stated yet. */
async function marksOf(dir: string): Promise<Said | undefined> {
  const marks = said();
  let isReady = true;
  await withState(dir, async (store) => {
    isReady = (await store.spool.usage()).consumers.length > 0;
    if (!isReady) return;
    for (const key of Object.values(TOPICS).flat())
      marks.committed.set(key, (await store.load(key))?.revision ?? 0);
    const { offset } = await store.spool.position('eager');
    marks.acknowledged.set('eager', offset);
  });
  return isReady ? marks : undefined;
}

function put(dir: string, database: Buffer, wal: Buffer, shm?: Buffer): void {
  mkdirSync(dir);
  const file = join(dir, STATE_FILE);
  writeFileSync(file, database);
  writeFileSync(`${file}-wal`, wal);
  if (shm !== undefined) writeFileSync(`${file}-shm`, shm);
}

function clone({ committed, acknowledged, delivered }: Said): Said {
  return { committed: new Map(committed), acknowledged: new Map(acknowledged), delivered };
}
