import type Database from 'better-sqlite3';
import type { ConsumerUsage, SpoolPosition } from '../../../contracts/spool.ts';
import { LogferryError } from '../../../foundation/logferry-error.ts';
import type { SpoolTotal } from './spool-total.ts';

export interface Consumer {
  readonly id: number;
  readonly name: string;
  readonly position: SpoolPosition;
  readonly deadLetters: number;
}

export interface Subscription {
  readonly topicId: number;
  readonly topicName: string;
  /** The topic begins here for the consumer. */
  readonly fromOffset: number;
}

export interface ConsumersChange {
  /** Consumers that are no longer there, with what they had waiting. */
  readonly gone: readonly ConsumerUsage[];
  /** Consumers that stay without some topic, with what they had waiting of it. */
  readonly givenUp: readonly GivenUp[];
}

export interface GivenUp {
  readonly consumer: string;
  readonly topic: string;
  readonly entries: number;
  readonly records: number;
}

/** Consumers with their cursors and topics. Methods run inside a transaction or snapshot of the caller. */
export class SpoolConsumers {
  readonly #total: SpoolTotal;
  readonly #sql: ReturnType<typeof prepareStatements>;

  constructor(db: Database.Database, total: SpoolTotal) {
    this.#total = total;
    this.#sql = prepareStatements(db);
  }

  get(name: string): Consumer {
    const row = this.#sql.consumer.get(name) as ConsumerRow | undefined;
    if (row === undefined) {
      throw new LogferryError('STATE_FAILED', `The spool has no consumer "${name}".`, {
        hint: 'Is it a destination of the configuration? What is there begins with the start of the server.',
      });
    }
    return toConsumer(row);
  }

  all(): Consumer[] {
    return (this.#sql.consumers.all() as ConsumerRow[]).map(toConsumer);
  }

  subscriptions(consumer: Consumer): Subscription[] {
    return this.#sql.subscriptions.all(consumer.id) as Subscription[];
  }

  topicsTaken(): Set<string> {
    return new Set(this.#sql.topicsTaken.all() as string[]);
  }

  set(wanted: readonly { readonly id: string; readonly topics: readonly string[] }[]): ConsumersChange {
    const names = new Set(wanted.map(({ id }) => id));
    const dropped = this.all().filter(({ name }) => !names.has(name));
    const gone = dropped.map((consumer) => this.usage(consumer));
    for (const consumer of dropped) this.#drop(consumer);
    const givenUp = wanted.flatMap(({ id, topics }) => this.#subscribe(id, topics));
    return { gone, givenUp };
  }

  move(consumer: Consumer, to: SpoolPosition): void {
    const { offset, index } = consumer.position;
    if (to.offset < offset || (to.offset === offset && to.index <= index)) return;
    const { newest_offset } = this.#total.read();
    // Beyond the end, what comes next would be passed unread.
    if (to.offset > newest_offset + 1 || (to.offset === newest_offset + 1 && to.index > 0)) {
      throw new LogferryError(
        'STATE_FAILED',
        `The position ${to.offset}:${to.index} of "${consumer.name}" is beyond the newest entry ${newest_offset}.`,
      );
    }
    this.#sql.move.run(to.offset, to.index, consumer.id);
  }

  countDeadLetters(consumer: Consumer, more: number): void {
    if (more !== 0) this.#sql.countDead.run(more, consumer.id);
  }

  /** A look-up by index for each topic of the consumer, however much waits. */
  usage(consumer: Consumer): ConsumerUsage {
    const waiting = this.subscriptions(consumer).map((one) => this.#waiting(consumer, one));
    const sum = (of: (one: Waiting) => number) => waiting.reduce((total, one) => total + of(one), 0);
    const oldest = waiting.map(({ oldestMillis }) => oldestMillis).filter((one) => one !== undefined);
    return {
      consumer: consumer.name,
      waitingEntries: sum(({ entries }) => entries),
      waitingRecords: sum(({ records }) => records),
      waitingBytes: sum(({ bytes }) => bytes),
      oldestMillis: oldest.length === 0 ? undefined : Math.min(...oldest),
      deadLetters: consumer.deadLetters,
    };
  }

  #waiting(consumer: Consumer, subscription: Subscription): Waiting {
    const { offset, index } = consumer.position;
    const row = this.#sql.waiting.get(
      subscription.topicId,
      Math.max(offset, subscription.fromOffset),
    ) as WaitingRow;
    if (row === undefined) return { entries: 0, records: 0, bytes: 0, oldestMillis: undefined };
    const settled = row.offset === offset ? index : 0;
    return {
      entries: row.entries,
      records: row.records - settled,
      bytes: row.bytes,
      oldestMillis: row.committed_at_millis,
    };
  }

  #subscribe(name: string, topics: readonly string[]): GivenUp[] {
    const next = this.#total.read().newest_offset + 1;
    this.#sql.add.run(name, next);
    const consumer = this.get(name);
    const unwanted = this.subscriptions(consumer).filter(({ topicName }) => !topics.includes(topicName));
    const givenUp = unwanted
      .map((one): GivenUp => {
        const { entries, records } = this.#waiting(consumer, one);
        return { consumer: name, topic: one.topicName, entries, records };
      })
      .filter(({ entries }) => entries > 0);
    for (const { topicId } of unwanted) this.#sql.unsubscribe.run(consumer.id, topicId);
    for (const topic of topics) {
      this.#sql.addTopic.run(topic);
      this.#sql.subscribe.run(consumer.id, next, topic);
    }
    return givenUp;
  }

  #drop(consumer: Consumer): void {
    this.#total.addDeadBytes(-(this.#sql.deadBytes.get(consumer.id) as number));
    this.#sql.drop.run(consumer.id);
  }
}

interface ConsumerRow {
  readonly id: number;
  readonly name: string;
  readonly cursor_offset: number;
  readonly cursor_index: number;
  readonly dead_letters: number;
}

interface Waiting {
  readonly entries: number;
  readonly records: number;
  readonly bytes: number;
  readonly oldestMillis: number | undefined;
}

type WaitingRow =
  | {
      readonly offset: number;
      readonly entries: number;
      readonly records: number;
      readonly bytes: number;
      readonly committed_at_millis: number;
    }
  | undefined;

function toConsumer(row: ConsumerRow): Consumer {
  const position = { offset: row.cursor_offset, index: row.cursor_index };
  return { id: row.id, name: row.name, position, deadLetters: row.dead_letters };
}

function prepareStatements(db: Database.Database) {
  return {
    consumers: db.prepare('SELECT * FROM consumer ORDER BY name'),
    consumer: db.prepare('SELECT * FROM consumer WHERE name = ?'),
    add: db.prepare(
      'INSERT INTO consumer (name, cursor_offset, cursor_index) VALUES (?, ?, 0) ON CONFLICT (name) DO NOTHING',
    ),
    drop: db.prepare('DELETE FROM consumer WHERE id = ?'),
    move: db.prepare('UPDATE consumer SET cursor_offset = ?, cursor_index = ? WHERE id = ?'),
    countDead: db.prepare('UPDATE consumer SET dead_letters = dead_letters + ? WHERE id = ?'),
    deadBytes: db.prepare('SELECT coalesce(sum(bytes), 0) FROM dead_letter WHERE consumer_id = ?').pluck(),
    subscriptions: db.prepare(
      `SELECT s.topic_id AS topicId, t.name AS topicName, s.from_offset AS fromOffset
       FROM subscription s JOIN topic t ON t.id = s.topic_id WHERE s.consumer_id = ?`,
    ),
    topicsTaken: db
      .prepare('SELECT DISTINCT t.name FROM subscription s JOIN topic t ON t.id = s.topic_id')
      .pluck(),
    addTopic: db.prepare('INSERT INTO topic (name) VALUES (?) ON CONFLICT (name) DO NOTHING'),
    subscribe: db.prepare(
      `INSERT INTO subscription (consumer_id, topic_id, from_offset) SELECT ?, id, ? FROM topic WHERE name = ?
       ON CONFLICT DO NOTHING`,
    ),
    unsubscribe: db.prepare('DELETE FROM subscription WHERE consumer_id = ? AND topic_id = ?'),
    /** What a topic took since its first entry that waits: one entry is read, however many wait. */
    waiting: db.prepare(
      `SELECT e.offset, e.committed_at_millis, t.total_entries - e.before_entries AS entries,
         t.total_records - e.before_records AS records, t.total_bytes - e.before_bytes AS bytes
       FROM spool_entry e CROSS JOIN topic t ON t.id = e.topic_id
       WHERE e.topic_id = ? AND e.offset >= ? ORDER BY e.offset LIMIT 1`,
    ),
  };
}
