/**
 * The child of state-kill.test.ts: works on the state in a folder until it is killed, and says on stdout what is done,
 * a line each, written at once:
 *
 *   ready
 *   committed KEY REVISION        after the commit resolved
 *   acknowledged CONSUMER OFFSET  after the acknowledgement resolved
 *   delivered BATCH               (mode `deliver`) before the acknowledgement, which never comes
 *
 * What a commit holds follows from key and revision alone, so that the parent can tell whether all of it is there.
 */
import { writeSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import type { StateStore } from '../../src/contracts/state-store.ts';
import { systemClock } from '../../src/foundation/clock.ts';
import { silentLogger } from '../../src/foundation/logger.ts';
import type { RecordBatch } from '../../src/record/log-record.ts';
import { openSqliteState } from '../../src/state/sqlite/open-sqlite-state.ts';

/** Keys by topic. Nobody in the child acknowledges `kept`, so that its entries are all there to be counted. */
export const TOPICS = { kept: ['k1', 'k2', 'k3'], freed: ['f1', 'f2'] } as const;
export const CONSUMERS = [
  { id: 'watcher', topics: ['kept'] },
  { id: 'eager', topics: ['kept', 'freed'] },
];
export const BUCKET_MILLIS = 60_000;
/** Revisions whose seen ids are kept. */
export const SEEN_REVISIONS = 50;

export function batchOf(key: string, revision: number): RecordBatch {
  const count = 1 + ((revision * 7919) % 400);
  const origin = { source: 's', tags: { key } };
  const records = Array.from({ length: count }, (_, index) => ({
    id: `${key}/${revision}/${index}`,
    timestampMillis: revision,
    ingestedMillis: index,
    message: `${key} ${revision} ${index} `.repeat(1 + ((revision + index) % 20)),
    origin,
  }));
  return { id: `${key}/${revision}`, records };
}

export function seenOf(revision: number): Uint8Array {
  return new Uint8Array(new BigUint64Array([BigInt(revision)]).buffer);
}

export async function openState(dir: string): Promise<StateStore> {
  return await openSqliteState({
    dir,
    clock: systemClock,
    logger: silentLogger,
    maxSpoolBytes: 1024 * 1024 * 1024,
    owner: 'state-committer',
  });
}

function say(...words: readonly (string | number)[]): void {
  writeSync(1, `${words.join(' ')}\n`);
}

async function commitForEver(store: StateStore, key: string, topic: string): Promise<never> {
  let revision = (await store.load(key))?.revision ?? 0;
  for (;;) {
    const next = revision + 1;
    const outcome = await store.commit({
      key,
      expectedRevision: revision,
      checkpoint: {
        version: 1,
        coveredFromMillis: 0,
        watermarkMillis: next,
        headMillis: next,
        sweptAtMillis: 0,
        lateness: { horizonMillis: 60_000 },
        doneAhead: [],
        gaps: [],
      },
      transformStates: { revision: next },
      seenAdded: [{ bucketStartMillis: next * BUCKET_MILLIS, hashes: seenOf(next) }],
      seenSealedBeforeMillis: (next - SEEN_REVISIONS + 1) * BUCKET_MILLIS,
      batches: [{ topic, batch: batchOf(key, next) }],
    });
    if (outcome.kind !== 'committed') throw new Error(`A commit of ${key} ended as ${outcome.kind}.`);
    revision = outcome.revision;
    say('committed', key, revision);
  }
}

/** With a dead letter for each entry, so that the parent sees whether both moved together. */
async function acknowledgeForEver(store: StateStore, consumer: string): Promise<never> {
  const signal = new AbortController().signal;
  for (let { offset } = await store.spool.position(consumer); ; ) {
    await store.spool.waitForEntries(consumer, offset, signal);
    const entries = await store.spool.read(consumer, offset, 200_000);
    offset = (entries.at(-1)?.offset ?? offset - 1) + 1;
    const dead = entries.map(({ batch }) => {
      const [record] = batch.records;
      if (record === undefined) throw new Error(`The batch ${batch.id} is empty.`);
      return { record, reason: 'test', detail: batch.id };
    });
    await store.spool.acknowledge(consumer, { offset, index: 0 }, dead);
    say('acknowledged', consumer, offset);
  }
}

async function deliverOnly(store: StateStore, consumer: string): Promise<never> {
  const { offset } = await store.spool.position(consumer);
  await store.spool.waitForEntries(consumer, offset, new AbortController().signal);
  const [entry] = await store.spool.read(consumer, offset, 1);
  say('delivered', entry?.batch.id ?? '');
  return await new Promise<never>(() => {});
}

async function main(dir: string, mode: string): Promise<void> {
  const store = await openState(dir);
  await store.spool.setConsumers(CONSUMERS);
  say('ready');
  const committers = Object.entries(TOPICS).flatMap(([topic, keys]) =>
    keys.map((key) => commitForEver(store, key, topic)),
  );
  const reader = mode === 'deliver' ? deliverOnly(store, 'eager') : acknowledgeForEver(store, 'eager');
  await Promise.all([...committers, reader]);
}

const [, script = '', dir = '', mode = ''] = process.argv;
if (import.meta.url === pathToFileURL(script).href) await main(dir, mode);
