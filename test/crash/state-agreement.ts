/** What a state must hold that state-committer.ts worked on: all that it said it held; and its parts must agree. */
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { expect } from 'vitest';
import type { SpoolEntry } from '../../src/contracts/spool.ts';
import type { StateStore } from '../../src/contracts/state-store.ts';
import { STATE_FILE } from '../../src/state/sqlite/open-sqlite-state.ts';
import { BUCKET_MILLIS, batchOf, openState, SEEN_REVISIONS, seenOf, TOPICS } from './state-committer.ts';

/** What the killed child had said was done; the newest of each. */
export interface Said {
  readonly committed: Map<string, number>;
  readonly acknowledged: Map<string, number>;
  delivered: string | undefined;
}

export const said = (): Said => ({ committed: new Map(), acknowledged: new Map(), delivered: undefined });

export function hear(into: Said, line: string): void {
  const [what, name = '', number] = line.split(' ');
  if (what === 'committed') into.committed.set(name, Number(number));
  if (what === 'acknowledged') into.acknowledged.set(name, Number(number));
  if (what === 'delivered') into.delivered = name;
}

/** Opens the state in the folder, as the next process would, and looks through all of it. */
export async function expectAgreement(dir: string, heard: Said): Promise<void> {
  await withState(dir, async (store) => {
    await expectCheckpoints(store, heard);
    await expectSpool(store);
    await expectAcknowledged(store, heard);
  });
  expectCountersToAgree(dir);
}

export async function withState(dir: string, look: (store: StateStore) => Promise<void>): Promise<void> {
  const store = await openState(dir);
  try {
    await look(store);
  } finally {
    await store.close();
  }
}

/** A key may be one commit ahead of what was reported: killed after the commit, before the word. Never behind. */
async function expectCheckpoints(store: StateStore, heard: Said): Promise<void> {
  for (const key of Object.values(TOPICS).flat()) {
    const stored = await store.load(key);
    const reported = heard.committed.get(key) ?? 0;
    const revision = stored?.revision ?? 0;
    expect([reported, reported + 1]).toContain(revision);
    heard.committed.set(key, revision);
    if (stored === undefined) continue;
    expect(stored.checkpoint.watermarkMillis).toBe(revision);
    expect(stored.transformStates).toEqual({ revision });
    const kept = Array.from(
      { length: Math.min(SEEN_REVISIONS, revision) },
      (_, back) => revision - back,
    ).reverse();
    expect(stored.seen.map(({ bucketStartMillis }) => bucketStartMillis / BUCKET_MILLIS)).toEqual(kept);
    expect(stored.seen.map(({ hashes }) => Buffer.from(hashes).toString('hex'))).toEqual(
      kept.map((one) => Buffer.from(seenOf(one)).toString('hex')),
    );
  }
}

/** For each key the entries run without a hole up to the very revision of its checkpoint, whole. */
async function expectSpool(store: StateStore): Promise<void> {
  for (const consumer of ['watcher', 'eager']) {
    const { offset } = await store.spool.position(consumer);
    const newestByKey = new Map<string, number>();
    for await (const entry of entriesFrom(store, consumer, offset)) {
      expectWhole(entry);
      const [key, revision] = partsOf(entry.batch.id);
      const before = newestByKey.get(key);
      if (before !== undefined) expect(revision).toBe(before + 1);
      newestByKey.set(key, revision);
    }
    for (const [key, newest] of newestByKey) expect(newest).toBe((await store.load(key))?.revision);
  }
}

/** The cursor is where it was said to be or further, and each entry before it has exactly its one dead letter. */
async function expectAcknowledged(store: StateStore, heard: Said): Promise<void> {
  const { offset, index } = await store.spool.position('eager');
  expect(index).toBe(0);
  expect(offset).toBeGreaterThanOrEqual(heard.acknowledged.get('eager') ?? 0);
  const waiting = new Map<string, number>();
  for await (const { batch } of entriesFrom(store, 'eager', offset)) {
    const [key, revision] = partsOf(batch.id);
    waiting.set(key, Math.min(waiting.get(key) ?? revision, revision));
  }
  const expected: string[] = [];
  for (const key of Object.values(TOPICS).flat()) {
    const firstWaiting = waiting.get(key) ?? ((await store.load(key))?.revision ?? 0) + 1;
    for (let revision = 1; revision < firstWaiting; revision++) expected.push(`${key}/${revision}`);
  }
  const dead = await store.spool.deadLetters('eager', { afterId: 0, limit: 1_000_000 });
  expect(dead.map(({ detail }) => detail).toSorted()).toEqual(expected.toSorted());
}

/** The invariants that the schema states (migrations/0001-initial.ts), and SQLite's own. */
function expectCountersToAgree(dir: string): void {
  const database = new Database(join(dir, STATE_FILE), { readonly: true });
  try {
    expect(database.pragma('integrity_check', { simple: true })).toBe('ok');
    expect(database.pragma('foreign_key_check')).toEqual([]);
    const total = database.prepare('SELECT used_bytes, dead_bytes, newest_offset FROM spool_total').get();
    const entries = sum('spool_entry');
    const dead = sum('dead_letter');
    const newest = database.prepare('SELECT sum(total_entries) FROM topic').pluck().get();
    expect(total).toEqual({ used_bytes: entries + dead, dead_bytes: dead, newest_offset: newest });
    const rows =
      'SELECT consumer_id, reason, sum(records), sum(bytes) FROM dead_letter GROUP BY 1, 2 ORDER BY 1, 2';
    const counts = 'SELECT consumer_id, reason, records, bytes FROM dead_letter_count ORDER BY 1, 2';
    expect(database.prepare(counts).raw().all()).toEqual(database.prepare(rows).raw().all());
  } finally {
    database.close();
  }

  function sum(table: string): number {
    return database.prepare(`SELECT coalesce(sum(bytes), 0) FROM ${table}`).pluck().get() as number;
  }
}

async function* entriesFrom(store: StateStore, consumer: string, from: number): AsyncGenerator<SpoolEntry> {
  for (let offset = from; ; ) {
    const entries = await store.spool.read(consumer, offset, 1_000_000);
    const last = entries.at(-1);
    if (last === undefined) return;
    yield* entries;
    offset = last.offset + 1;
  }
}

function partsOf(batchId: string): readonly [key: string, revision: number] {
  const [key = '', revision] = batchId.split('/');
  return [key, Number(revision)];
}

export function expectWhole(entry: SpoolEntry | undefined): void {
  if (entry === undefined) throw new Error('There is no entry.');
  const [key, revision] = partsOf(entry.batch.id);
  // Compared as text: many thousand records, and toEqual takes its time over each.
  expect(JSON.stringify(entry.batch)).toBe(JSON.stringify(batchOf(key, revision)));
}
