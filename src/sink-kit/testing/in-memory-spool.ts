import {
  type ConsumerUsage,
  DAMAGED,
  type DeadLetter,
  type DeadLetterPage,
  type DiscardChoice,
  type Discarded,
  type Spool,
  type SpoolEntry,
  type SpoolPosition,
  type SpoolUsage,
  type StoredDeadLetter,
} from '../../contracts/spool.ts';
import type { LogRecord } from '../../record/log-record.ts';

const ANY_TOPIC = '*';

interface Consumer {
  readonly topics: readonly string[];
  position: SpoolPosition;
}

/** A spool for tests of what reads it: nothing is durable, everything else as the contract says. */
export class InMemorySpool implements Spool {
  readonly #entries: SpoolEntry[] = [];
  readonly #consumers = new Map<string, Consumer>();
  #deadLetters: StoredDeadLetter[] = [];
  #newestDeadLetter = 0;
  #wake: (() => void)[] = [];
  #failures: { read: number; acknowledge: number } = { read: 0, acknowledge: 0 };
  readonly #damaged = new Set<number>();
  readonly #setAside = new Set<string>();
  /** Calls of `read` that returned something, as [consumer, entries]. */
  readonly reads: [string, number][] = [];
  /** Calls of `acknowledge`, those that failed included. */
  acknowledgements = 0;

  constructor(consumers: readonly string[]) {
    for (const id of consumers)
      this.#consumers.set(id, { topics: [ANY_TOPIC], position: { offset: 1, index: 0 } });
  }

  /** The next calls reject. */
  failNext(what: 'read' | 'acknowledge', times: number): void {
    this.#failures = { ...this.#failures, [what]: times };
  }

  commit(records: readonly LogRecord[], topic = 'topic'): number {
    const offset = this.#entries.length + 1;
    const storedBytes = records.reduce((sum, record) => sum + record.message.length, 50);
    this.#entries.push({
      offset,
      topic,
      batch: { id: `entry-${offset}`, records },
      storedBytes,
      committedAtMillis: 0,
    });
    for (const wake of this.#wake.splice(0)) wake();
    return offset;
  }

  async setConsumers(
    consumers: readonly { readonly id: string; readonly topics: readonly string[] }[],
  ): Promise<readonly ConsumerUsage[]> {
    for (const { id, topics } of consumers) {
      const position = this.#consumers.get(id)?.position ?? { offset: this.#entries.length + 1, index: 0 };
      this.#consumers.set(id, { topics, position });
    }
    return [];
  }

  async position(consumer: string): Promise<SpoolPosition> {
    return this.#consumer(consumer).position;
  }

  async newestOffset(): Promise<number> {
    return this.#entries.length;
  }

  async read(consumer: string, fromOffset: number, maxBytes: number): Promise<readonly SpoolEntry[]> {
    await Promise.resolve();
    this.#failWhenAsked('read');
    const entries: SpoolEntry[] = [];
    let bytes = 0;
    for (const entry of this.#of(consumer, fromOffset)) {
      if (entries.length > 0 && bytes + entry.storedBytes > maxBytes) break;
      const damage = { batch: { id: entry.batch.id, records: [] }, damage: 'The checksum does not match.' };
      entries.push(this.#damaged.has(entry.offset) ? { ...entry, ...damage } : entry);
      bytes += entry.storedBytes;
    }
    if (entries.length > 0) this.reads.push([consumer, entries.length]);
    return entries;
  }

  async waitForEntries(consumer: string, fromOffset: number, signal: AbortSignal): Promise<void> {
    while (this.#of(consumer, fromOffset).length === 0) {
      signal.throwIfAborted();
      await new Promise<void>((resolve) => {
        this.#wake.push(resolve);
        signal.addEventListener('abort', () => resolve(), { once: true });
      });
    }
  }

  async waitForSpace(): Promise<void> {}

  async acknowledge(
    consumer: string,
    position: SpoolPosition,
    deadLetters: readonly DeadLetter[],
  ): Promise<void> {
    await Promise.resolve();
    this.acknowledgements++;
    this.#failWhenAsked('acknowledge');
    const known = this.#consumer(consumer);
    if (isAfter(position, known.position)) known.position = position;
    for (const letter of deadLetters) {
      const id = ++this.#newestDeadLetter;
      this.#deadLetters.push({ ...letter, id, destination: consumer, createdAtMillis: 0, records: 1 });
    }
  }

  /** From now on what is stored at the offset cannot be read. */
  damage(offset: number): void {
    this.#damaged.add(offset);
  }

  async quarantine(consumer: string, offset: number, detail: string): Promise<number> {
    const { position } = this.#consumer(consumer);
    const all = this.#entries[offset - 1]?.batch.records.length ?? 0;
    const records = all - (position.offset === offset ? position.index : 0);
    const key = `${consumer} ${offset}`;
    if (!this.#setAside.has(key)) {
      const id = ++this.#newestDeadLetter;
      const letter = { id, destination: consumer, createdAtMillis: 0, reason: DAMAGED, detail };
      this.#deadLetters.push({ ...letter, record: undefined, records });
    }
    this.#setAside.add(key);
    return records;
  }

  async deadLetters(consumer: string, page?: DeadLetterPage): Promise<readonly StoredDeadLetter[]> {
    const { afterId = 0, beforeId = Infinity, limit = Infinity, reason, newestFirst = false } = page ?? {};
    const found = this.#deadLetters.filter(
      (letter) =>
        letter.destination === consumer &&
        letter.id > afterId &&
        letter.id < beforeId &&
        (reason === undefined || letter.reason === reason),
    );
    return (newestFirst ? found.toReversed() : found).slice(0, limit);
  }

  async deadLetterReasons(consumer: string): Promise<ReadonlyMap<string, number>> {
    const counts = new Map<string, number>();
    for (const { destination, reason, records } of this.#deadLetters)
      if (destination === consumer) counts.set(reason, (counts.get(reason) ?? 0) + records);
    return counts;
  }

  async renewDeadLetters(
    consumer: string,
    letters: readonly Pick<StoredDeadLetter, 'id' | 'reason' | 'detail'>[],
  ): Promise<void> {
    const byId = new Map(letters.map(({ id, reason, detail }) => [id, { reason, detail }]));
    this.#deadLetters = this.#deadLetters.map((letter) =>
      letter.destination === consumer ? { ...letter, ...byId.get(letter.id) } : letter,
    );
  }

  async discardDeadLetters(consumer: string, ids: readonly number[]): Promise<number> {
    const before = this.#deadLettersOf(consumer);
    this.#deadLetters = this.#deadLetters.filter(
      ({ id, destination }) => destination !== consumer || !ids.includes(id),
    );
    return before - this.#deadLettersOf(consumer);
  }

  async discardOldestDeadLetters(consumer: string, choice: DiscardChoice): Promise<Discarded> {
    const { throughId = Infinity, ...rest } = choice;
    const chosen = await this.deadLetters(consumer, { afterId: 0, beforeId: throughId + 1, ...rest });
    const ids = chosen.map(({ id }) => id);
    const records = await this.discardDeadLetters(consumer, ids);
    return { records, isMore: ids.length === choice.limit };
  }

  async usage(): Promise<SpoolUsage> {
    const consumers = [...this.#consumers].map(([consumer, { position }]) => {
      const waiting = this.#of(consumer, position.offset);
      const records = waiting.reduce((sum, entry) => sum + entry.batch.records.length, 0);
      return {
        consumer,
        waitingEntries: waiting.length,
        waitingRecords: records - position.index,
        waitingBytes: waiting.reduce((sum, entry) => sum + entry.storedBytes, 0),
        oldestMillis: waiting[0]?.committedAtMillis,
        deadLetters: this.#deadLettersOf(consumer),
        deadLetterBytes: 0,
      };
    });
    return { usedBytes: 0, maxBytes: Number.MAX_SAFE_INTEGER, fullSinceMillis: undefined, consumers };
  }

  #deadLettersOf(consumer: string): number {
    const mine = this.#deadLetters.filter(({ destination }) => destination === consumer);
    return mine.reduce((sum, { records }) => sum + records, 0);
  }

  #consumer(id: string): Consumer {
    const consumer = this.#consumers.get(id);
    if (consumer === undefined) throw new Error(`There is no consumer ${id}.`);
    return consumer;
  }

  #of(consumer: string, fromOffset: number): readonly SpoolEntry[] {
    const { topics } = this.#consumer(consumer);
    return this.#entries
      .slice(Math.max(0, fromOffset - 1))
      .filter(({ topic }) => topics.includes(ANY_TOPIC) || topics.includes(topic));
  }

  #failWhenAsked(what: 'read' | 'acknowledge'): void {
    if (this.#failures[what] === 0) return;
    this.#failures = { ...this.#failures, [what]: this.#failures[what] - 1 };
    throw new Error('The disk is full.');
  }
}

function isAfter(one: SpoolPosition, other: SpoolPosition): boolean {
  return one.offset > other.offset || (one.offset === other.offset && one.index > other.index);
}
