import type Database from 'better-sqlite3';
import type { ConsumerUsage, SpoolPosition } from '../../../contracts/spool.ts';
import { LogferryError } from '../../../foundation/logferry-error.ts';
import type { DeadLetterCounts } from './dead-letter-counts.ts';
import type { SpoolTotal } from './spool-total.ts';

export interface Consumer {
  readonly id: number;
  readonly name: string;
  readonly position: SpoolPosition;
}

/** A range of a topic that is the consumer's; of one topic there may be several. */
export interface Subscription {
  readonly topicId: number;
  readonly topicName: string;
  /** The topic begins here for the consumer. */
  readonly fromOffset: number;
  /** And ends before this; infinite while the consumer takes it. */
  readonly untilOffset: number;
}

/** Consumers with their cursors and topics. Methods run inside a transaction or snapshot of the caller. */
export class SpoolConsumers {
  readonly #total: SpoolTotal;
  readonly #deadLetters: DeadLetterCounts;
  readonly #sql: ReturnType<typeof prepareStatements>;

  constructor(db: Database.Database, total: SpoolTotal, deadLetters: DeadLetterCounts) {
    this.#total = total;
    this.#deadLetters = deadLetters;
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
    return (this.#sql.subscriptions.all(consumer.id) as SubscriptionRow[]).map((row) => ({
      ...row,
      untilOffset: row.untilOffset ?? Number.POSITIVE_INFINITY,
    }));
  }

  isTaken(topic: string): boolean {
    return this.#sql.isTaken.get(topic) !== undefined;
  }

  /** Answers which consumers are no longer there, with what they had waiting. */
  set(wanted: readonly { readonly id: string; readonly topics: readonly string[] }[]): ConsumerUsage[] {
    const names = new Set(wanted.map(({ id }) => id));
    const dropped = this.all().filter(({ name }) => !names.has(name));
    const gone = dropped.map((consumer) => this.usage(consumer));
    for (const consumer of dropped) this.#drop(consumer);
    for (const { id, topics } of wanted) this.#subscribe(id, topics);
    return gone;
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

  /** A look-up by index for each topic of the consumer, however much waits. */
  usage(consumer: Consumer): ConsumerUsage {
    const waiting = this.subscriptions(consumer).map((one) => this.#waiting(consumer, one));
    const sum = (of: (one: Waiting) => number) => waiting.reduce((total, one) => total + of(one), 0);
    const oldest = waiting.map(({ oldestMillis }) => oldestMillis).filter((one) => one !== undefined);
    const dead = this.#deadLetters.kept(consumer.id);
    return {
      consumer: consumer.name,
      waitingEntries: sum(({ entries }) => entries),
      waitingRecords: sum(({ records }) => records),
      waitingBytes: sum(({ bytes }) => bytes),
      oldestMillis: oldest.length === 0 ? undefined : Math.min(...oldest),
      deadLetters: dead.records,
      deadLetterBytes: dead.bytes,
    };
  }

  #waiting({ position }: Consumer, { topicId, fromOffset, untilOffset }: Subscription): Waiting {
    const first = this.#sql.countsAt.get(topicId, Math.max(position.offset, fromOffset)) as
      | CountsRow
      | undefined;
    if (first === undefined || first.offset >= untilOffset) return NOTHING_WAITS;
    const end = (
      untilOffset === Number.POSITIVE_INFINITY ? undefined : this.#sql.countsAt.get(topicId, untilOffset)
    ) as CountsRow | undefined;
    const { entries, records, bytes } = end ?? (this.#sql.topicCounts.get(topicId) as Counts);
    const settled = first.offset === position.offset ? position.index : 0;
    return {
      entries: entries - first.entries,
      records: records - first.records - settled,
      bytes: bytes - first.bytes,
      oldestMillis: first.committedAtMillis,
    };
  }

  #subscribe(name: string, topics: readonly string[]): void {
    const next = this.#total.read().newest_offset + 1;
    this.#sql.add.run(name, next);
    const consumer = this.get(name);
    for (const { topicId, topicName, untilOffset } of this.subscriptions(consumer))
      if (untilOffset === Number.POSITIVE_INFINITY && !topics.includes(topicName))
        this.#sql.end.run(consumer.id, topicId);
    this.#sql.dropPassed.run(consumer.id, consumer.position.offset);
    for (const topic of topics) {
      this.#sql.addTopic.run(topic);
      this.#sql.subscribe.run({ consumer: consumer.id, topic, next });
    }
  }

  #drop(consumer: Consumer): void {
    this.#deadLetters.forget(consumer.id);
    this.#sql.drop.run(consumer.id);
  }
}

interface ConsumerRow {
  readonly id: number;
  readonly name: string;
  readonly cursor_offset: number;
  readonly cursor_index: number;
}

interface SubscriptionRow extends Omit<Subscription, 'untilOffset'> {
  readonly untilOffset: number | null;
}

interface Counts {
  readonly entries: number;
  readonly records: number;
  readonly bytes: number;
}

/** An entry, with what its topic had ever taken before it. */
interface CountsRow extends Counts {
  readonly offset: number;
  readonly committedAtMillis: number;
}

interface Waiting extends Counts {
  readonly oldestMillis: number | undefined;
}

const NOTHING_WAITS: Waiting = { entries: 0, records: 0, bytes: 0, oldestMillis: undefined };

function toConsumer(row: ConsumerRow): Consumer {
  const position = { offset: row.cursor_offset, index: row.cursor_index };
  return { id: row.id, name: row.name, position };
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
    subscriptions: db.prepare(
      `SELECT s.topic_id AS topicId, t.name AS topicName, s.from_offset AS fromOffset, s.until_offset AS untilOffset
       FROM subscription s JOIN topic t ON t.id = s.topic_id WHERE s.consumer_id = ?`,
    ),
    isTaken: db.prepare(
      `SELECT 1 FROM topic t JOIN subscription s ON s.topic_id = t.id
       WHERE t.name = ? AND s.until_offset IS NULL LIMIT 1`,
    ),
    addTopic: db.prepare('INSERT INTO topic (name) VALUES (?) ON CONFLICT (name) DO NOTHING'),
    subscribe: db.prepare(
      `INSERT INTO subscription (consumer_id, topic_id, from_offset)
       SELECT @consumer, t.id, @next FROM topic t WHERE t.name = @topic AND NOT EXISTS
         (SELECT 1 FROM subscription WHERE consumer_id = @consumer AND topic_id = t.id AND until_offset IS NULL)`,
    ),
    /** After the topic's newest entry, so that the consumer's cursor is there as soon as it has passed that one. */
    end: db.prepare(
      `UPDATE subscription SET until_offset =
         coalesce((SELECT max(offset) FROM spool_entry e WHERE e.topic_id = subscription.topic_id), 0) + 1
       WHERE consumer_id = ? AND topic_id = ? AND until_offset IS NULL`,
    ),
    dropPassed: db.prepare(
      'DELETE FROM subscription WHERE consumer_id = ? AND until_offset <= max(from_offset, ?)',
    ),
    /** The first entry of a topic from an offset on: one is read, however many wait. */
    countsAt: db.prepare(
      `SELECT offset, committed_at_millis AS committedAtMillis, before_entries AS entries, before_records AS records,
         before_bytes AS bytes
       FROM spool_entry WHERE topic_id = ? AND offset >= ? ORDER BY offset LIMIT 1`,
    ),
    topicCounts: db.prepare(
      'SELECT total_entries AS entries, total_records AS records, total_bytes AS bytes FROM topic WHERE id = ?',
    ),
  };
}
