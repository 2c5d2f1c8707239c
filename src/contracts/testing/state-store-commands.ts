// oxlint-disable vitest/no-standalone-expect -- the commands are run inside the test of state-store-model-suite.ts
/** What the model test does to a store, and what must then be true, told by a model that is too plain to be wrong. */
import type fc from 'fast-check';
import { expect } from 'vitest';
import { chunk, idsByBucket } from './checkpoint-suite.ts';
import { byBucket } from './counts-suite.ts';
import {
  type OpenStore,
  START_MILLIS,
  sampleBatch,
  sampleCheckpoint,
  sampleCommit,
  sampleRecord,
} from './state-store-harness.ts';

export const KEYS = ['k', 'l'];
export const TOPICS = ['a', 'b', 'c'];
export const CONSUMERS = ['x', 'y', 'z'];
export const REASONS = ['r', 's'];
const BUCKET_MILLIS = 60_000;
/** Of the latest minutes: what is much older than the clock is not counted. */
const FIRST_BUCKET = Math.floor(START_MILLIS / BUCKET_MILLIS);
const EVER = { fromMillis: 0, toMillis: 2 * START_MILLIS };

interface ModelEntry {
  readonly offset: number;
  readonly topic: string;
  readonly id: string;
  readonly records: number;
}

interface ModelConsumer {
  /** What it still has to see, in order; an entry stays until it is passed as a whole. */
  waiting: ModelEntry[];
  topics: readonly string[];
  offset: number;
  index: number;
  dead: { readonly id: string; reason: string }[];
}

interface ModelCheckpoint {
  revision: number;
  seen: Map<number, number[]>;
  /** Events by bucket; sealing leaves them. */
  counts: Map<number, number>;
}

const startOf = (bucket: number) => (FIRST_BUCKET + bucket) * BUCKET_MILLIS;

export class Model {
  newest = 0;
  ids = 0;
  readonly checkpoints = new Map<string, ModelCheckpoint>();
  readonly consumers = new Map<string, ModelConsumer>();

  consumer(name: string): ModelConsumer {
    const found = this.consumers.get(name);
    if (found === undefined) throw new Error(`The model has no consumer ${name}.`);
    return found;
  }
}

export type Command = fc.AsyncCommand<Model, OpenStore>;

export class CommitSome implements Command {
  readonly key: string;
  readonly topics: readonly string[];
  readonly records: number;
  readonly isStale: boolean;
  readonly buckets: readonly number[];
  readonly sealed: number | undefined;

  constructor(
    key: string,
    topics: readonly string[],
    records: number,
    isStale: boolean,
    buckets: readonly number[],
    sealed: number | undefined,
  ) {
    this.key = key;
    this.topics = topics;
    this.records = records;
    this.isStale = isStale;
    this.buckets = buckets;
    this.sealed = sealed;
  }

  check = () => true;

  async run(model: Model, { store }: OpenStore): Promise<void> {
    const before = model.checkpoints.get(this.key) ?? {
      revision: 0,
      seen: new Map<number, number[]>(),
      counts: new Map<number, number>(),
    };
    const added = this.buckets.map((bucket) => ({ start: startOf(bucket), id: ++model.ids }));
    const batches = this.topics.map((topic) => ({
      topic,
      batch: sampleBatch(`${++model.ids}`, this.records),
    }));
    const outcome = await store.commit(
      sampleCommit(this.key, before.revision + (this.isStale ? 1 : 0), {
        checkpoint: sampleCheckpoint(before.revision + 1),
        seenAdded: added.map(({ start, id }) => chunk(start, id)),
        ...(this.sealed !== undefined && { seenSealedBeforeMillis: startOf(this.sealed) }),
        batches,
      }),
    );
    if (this.isStale) {
      expect(outcome).toEqual({ kind: 'conflict', revision: before.revision });
      return;
    }
    expect(outcome).toEqual({ kind: 'committed', revision: before.revision + 1 });
    const seen = new Map(before.seen);
    const counts = new Map(before.counts);
    for (const { start, id } of added) {
      seen.set(start, [...(seen.get(start) ?? []), id]);
      counts.set(start, (counts.get(start) ?? 0) + 1);
    }
    if (this.sealed !== undefined)
      for (const start of seen.keys()) if (start < startOf(this.sealed)) seen.delete(start);
    model.checkpoints.set(this.key, { revision: before.revision + 1, seen, counts });
    const taken = new Set([...model.consumers.values()].flatMap(({ topics }) => topics));
    for (const { topic, batch } of batches) {
      if (batch.records.length === 0 || !taken.has(topic)) continue;
      const entry = { offset: ++model.newest, topic, id: batch.id, records: batch.records.length };
      for (const consumer of model.consumers.values())
        if (consumer.topics.includes(topic)) consumer.waiting.push(entry);
    }
  }

  toString = () =>
    `commit ${this.key} ${this.topics.join()}×${this.records}${this.isStale ? ' stale' : ''} seen ${this.buckets.join()} sealed ${this.sealed}`;
}

export class SetConsumers implements Command {
  readonly wanted: readonly { readonly id: string; readonly topics: readonly string[] }[];

  constructor(wanted: SetConsumers['wanted']) {
    this.wanted = wanted;
  }

  check = () => true;

  async run(model: Model, { store }: OpenStore): Promise<void> {
    const gone = await store.spool.setConsumers(this.wanted);
    const expected = [...model.consumers.keys()].filter((name) => !this.wanted.some(({ id }) => id === name));
    expect(gone.map(({ consumer }) => consumer).toSorted()).toEqual(expected.toSorted());
    for (const one of gone) expect(one).toMatchObject(usageInModel(model.consumer(one.consumer)));
    for (const name of expected) model.consumers.delete(name);
    for (const { id, topics } of this.wanted) {
      const there = model.consumers.get(id);
      if (there === undefined) {
        model.consumers.set(id, { waiting: [], topics, offset: model.newest + 1, index: 0, dead: [] });
      } else there.topics = topics;
    }
  }

  toString = () => `setConsumers ${JSON.stringify(this.wanted)}`;
}

export class Read implements Command {
  readonly consumer: string;
  readonly skip: number;
  readonly maxBytes: number;

  constructor(consumer: string, skip: number, maxBytes: number) {
    this.consumer = consumer;
    this.skip = skip;
    this.maxBytes = maxBytes;
  }

  check = (model: Readonly<Model>) => model.consumers.has(this.consumer);

  async run(model: Model, { store }: OpenStore): Promise<void> {
    const { waiting, offset } = model.consumer(this.consumer);
    const from = offset + this.skip;
    const expected = waiting.filter((entry) => entry.offset >= from);
    const entries = await store.spool.read(this.consumer, from, this.maxBytes);
    const found = entries.map((one) => ({
      offset: one.offset,
      topic: one.topic,
      id: one.batch.id,
      records: one.batch.records.length,
    }));
    expect(found).toEqual(expected.slice(0, found.length));
    expect(found.length > 0).toBe(expected.length > 0);
    const bytes = entries.reduce((sum, { storedBytes }) => sum + storedBytes, 0);
    expect(entries.length === 1 || bytes <= this.maxBytes).toBe(true);
  }

  toString = () => `read ${this.consumer} +${this.skip} ≤ ${this.maxBytes}`;
}

export class Acknowledge implements Command {
  readonly consumer: string;
  readonly entries: number;
  readonly records: number;
  readonly dead: number;

  constructor(consumer: string, entries: number, records: number, dead: number) {
    this.consumer = consumer;
    this.entries = entries;
    this.records = records;
    this.dead = dead;
  }

  check = (model: Readonly<Model>) => model.consumers.has(this.consumer);

  async run(model: Model, { store }: OpenStore): Promise<void> {
    const consumer = model.consumer(this.consumer);
    const position = this.#target(consumer);
    const ids = Array.from({ length: this.dead }, () => `dead ${++model.ids}`);
    await store.spool.acknowledge(
      this.consumer,
      position,
      ids.map((id) => ({ record: sampleRecord(id), reason: 'r', detail: 'd' })),
    );
    consumer.dead.push(...ids.map((id) => ({ id, reason: 'r' })));
    const isAhead =
      position.offset > consumer.offset ||
      (position.offset === consumer.offset && position.index > consumer.index);
    if (!isAhead) return;
    consumer.offset = position.offset;
    consumer.index = position.index;
    consumer.waiting = consumer.waiting.filter(({ offset }) => offset >= position.offset);
  }

  toString = () => `acknowledge ${this.consumer} ${this.entries}+${this.records} dead ${this.dead}`;

  /** Past some whole entries and into the next one; or, with nothing waiting, where it stands. */
  #target(consumer: ModelConsumer) {
    const next = consumer.waiting[this.entries];
    if (next !== undefined) return { offset: next.offset, index: Math.min(this.records, next.records - 1) };
    const last = consumer.waiting.at(-1);
    return { offset: last === undefined ? 1 : last.offset + 1, index: 0 };
  }
}

export class Reopen implements Command {
  check = () => true;
  run = async (_model: Model, open: OpenStore) => await open.reopen();
  toString = () => 'reopen';
}

export class Forget implements Command {
  readonly key: string;

  constructor(key: string) {
    this.key = key;
  }

  check = () => true;

  async run(model: Model, { store }: OpenStore): Promise<void> {
    await store.forget(this.key);
    model.checkpoints.delete(this.key);
  }

  toString = () => `forget ${this.key}`;
}

export class Compare implements Command {
  check = () => true;

  async run(model: Model, { store }: OpenStore): Promise<void> {
    expect(await store.spool.newestOffset()).toBe(model.newest);
    const { usedBytes, consumers } = await store.spool.usage();
    expect(consumers.map(({ consumer }) => consumer).toSorted()).toEqual(
      [...model.consumers.keys()].toSorted(),
    );
    for (const usage of consumers) {
      const consumer = model.consumer(usage.consumer);
      expect(usage).toMatchObject(usageInModel(consumer));
      const { offset, index } = consumer;
      expect(await store.spool.position(usage.consumer)).toEqual({ offset, index });
      const dead = await store.spool.deadLetters(usage.consumer, { afterId: 0, limit: 1000 });
      expect(dead.map(({ record, reason }) => ({ id: record?.id, reason }))).toEqual(consumer.dead);
      const reasons = [...(await store.spool.deadLetterReasons(usage.consumer))];
      const counted = REASONS.map((one) => consumer.dead.filter(({ reason }) => reason === one).length);
      expect(new Map(reasons)).toEqual(
        new Map(REASONS.map((reason, at) => [reason, counted[at] ?? 0] as const).filter(([, n]) => n > 0)),
      );
    }
    const isEmpty = [...model.consumers.values()].every(
      ({ waiting, dead }) => waiting.length + dead.length === 0,
    );
    expect(usedBytes === 0).toBe(isEmpty);
    expect((await store.list('')).map(({ key }) => key)).toEqual([...model.checkpoints.keys()].toSorted());
    for (const [key, { revision, seen, counts }] of model.checkpoints) {
      const stored = await store.load(key);
      expect(stored).toMatchObject({ revision, checkpoint: { watermarkMillis: revision } });
      expect(idsByBucket(stored)).toEqual(Object.fromEntries(seen));
      expect(byBucket(await store.counts(key, EVER))).toEqual(Object.fromEntries(counts));
    }
  }

  toString = () => 'compare';
}

function usageInModel({ waiting, offset, index, dead }: ModelConsumer) {
  const records = waiting.reduce((sum, entry) => sum + entry.records, 0);
  return {
    waitingEntries: waiting.length,
    waitingRecords: records - (waiting[0]?.offset === offset ? index : 0),
    deadLetters: dead.length,
  };
}
