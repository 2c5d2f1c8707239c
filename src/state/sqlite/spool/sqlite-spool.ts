import { setImmediate } from 'node:timers/promises';
import type {
  ConsumerUsage,
  DeadLetter,
  DeadLetterPage,
  DiscardChoice,
  Discarded,
  Spool,
  SpoolEntry,
  SpoolPosition,
  SpoolUsage,
  StoredDeadLetter,
} from '../../../contracts/spool.ts';
import type { CommitOutcome } from '../../../contracts/state-store.ts';
import type { Clock } from '../../../foundation/clock.ts';
import { describeError } from '../../../foundation/logferry-error.ts';
import type { Logger } from '../../../foundation/logger.ts';
import { decodeRecords } from '../../../record/batch-codec.ts';
import type { LogRecord } from '../../../record/log-record.ts';
import type { SqliteWork } from '../sqlite-work.ts';
import { WakeUp } from '../wake-up.ts';
import { DeadLetterCounts } from './dead-letter-counts.ts';
import { FullSpell } from './full-spell.ts';
import { SpaceReclaimer } from './space-reclaimer.ts';
import { SpoolConsumers } from './spool-consumers.ts';
import { type DeadLetterRow, packDeadLetters, SpoolDeadLetters } from './spool-dead-letters.ts';
import {
  type AppendedBatch,
  type EntryRow,
  type Freed,
  type PackedBatch,
  type Payload,
  SpoolEntries,
} from './spool-entries.ts';
import { SpoolTotal } from './spool-total.ts';

export interface SqliteSpoolSettings {
  readonly clock: Clock;
  readonly logger: Logger;
  readonly maxBytes: number;
}

/** Unpacked at once: about 5 ms of small ones. */
const DEAD_LETTERS_AT_ONCE = 100;

/** What a transaction has written, for when it is committed. */
export interface Appended {
  readonly kind: 'appended';
  readonly batches: readonly AppendedBatch[];
}
type Full = CommitOutcome & { readonly kind: 'full' };

/**
 * The spool of the SQLite state store. Entries are appended inside the transaction of a commit. Waiting is woken by
 * this process's own commits and acknowledgements: a store that was opened read-only is not to be waited on.
 */
export class SqliteSpool implements Spool {
  readonly #work: SqliteWork;
  readonly #clock: Clock;
  readonly #total: SpoolTotal;
  readonly #entries: SpoolEntries;
  readonly #consumers: SpoolConsumers;
  readonly #deadLetters: SpoolDeadLetters;
  readonly #deadLetterCounts: DeadLetterCounts;
  readonly #reclaimer: SpaceReclaimer;
  readonly #committed = new WakeUp();
  readonly #freed = new WakeUp();
  readonly #full: FullSpell;
  /** What the last commit that did not fit would have needed. */
  #neededBytes = 0;

  constructor(work: SqliteWork, { clock, logger, maxBytes }: SqliteSpoolSettings) {
    this.#work = work;
    this.#clock = clock;
    this.#full = new FullSpell(clock);
    this.#total = new SpoolTotal(work.database, maxBytes);
    this.#entries = new SpoolEntries(work.database, this.#total);
    this.#deadLetterCounts = new DeadLetterCounts(work.database, this.#total);
    this.#consumers = new SpoolConsumers(work.database, this.#total, this.#deadLetterCounts);
    this.#deadLetters = new SpoolDeadLetters(work.database, this.#deadLetterCounts);
    this.#reclaimer = new SpaceReclaimer(work, this.#entries, logger, () => this.#freed.wakeAll());
  }

  /** Why nothing of that size fits now; undefined when it does. */
  refuse(bytes: number): Full | undefined {
    if (this.#total.hasRoomFor(bytes)) return undefined;
    this.#neededBytes = bytes;
    return { kind: 'full', usedBytes: this.#total.read().used_bytes, maxBytes: this.#total.maxBytes };
  }

  /**
   * Inside the transaction of a commit. Of topics that nobody takes nothing is kept; asked here, and not before packing:
   * the consumers may have changed meanwhile. Answers why it does not fit, and then has written nothing.
   */
  append(batches: readonly PackedBatch[]): Full | Appended {
    const taken = batches.filter(({ topic }) => this.#consumers.isTaken(topic));
    if (taken.length === 0) return { kind: 'appended', batches: [] };
    const full = this.refuse(taken.reduce((sum, { payload }) => sum + payload.length, 0));
    return full ?? { kind: 'appended', batches: this.#entries.append(taken, this.#clock.now()) };
  }

  /** After the commit in which they were appended. */
  committed({ batches }: Appended): void {
    if (batches.length === 0) return;
    this.#entries.committed(batches);
    this.#committed.wakeAll();
  }

  async setConsumers(
    consumers: readonly { readonly id: string; readonly topics: readonly string[] }[],
  ): Promise<readonly ConsumerUsage[]> {
    const { gone, freed } = await this.#freeing(() => ({
      gone: this.#consumers.set(consumers),
      freed: this.#entries.freeSome(),
    }));
    this.#afterFreeing(freed);
    // Dead letters of consumers that are gone made room too, and who waits may have other topics now.
    this.#freed.wakeAll();
    this.#committed.wakeAll();
    return gone;
  }

  async position(consumer: string): Promise<SpoolPosition> {
    return await this.#work.do(() => this.#consumers.get(consumer).position);
  }

  async newestOffset(): Promise<number> {
    return await this.#work.do(() => this.#total.read().newest_offset);
  }

  async read(consumer: string, fromOffset: number, maxBytes: number): Promise<readonly SpoolEntry[]> {
    const rows = await this.#work.snapshot(() =>
      this.#entries.read(this.#consumers.subscriptions(this.#consumers.get(consumer)), fromOffset, maxBytes),
    );
    const entries: SpoolEntry[] = [];
    for (const row of rows) {
      // An entry takes milliseconds to unpack: others get their turn in between.
      if (entries.length > 0) await setImmediate();
      const batch = this.#entries.recent(row.offset);
      if (batch !== undefined) {
        entries.push(entryOf(row, { records: batch.records }));
        continue;
      }
      const payload = await this.#work.do(() => this.#entries.payload(row.offset));
      if (payload.kind !== 'gone') entries.push(entryOf(row, unpack(payload)));
    }
    return entries;
  }

  async waitForEntries(consumer: string, fromOffset: number, signal: AbortSignal): Promise<void> {
    for (;;) {
      const seen = this.#committed.count;
      const isThere = await this.#work.snapshot(() =>
        this.#entries.hasFrom(this.#consumers.subscriptions(this.#consumers.get(consumer)), fromOffset),
      );
      if (isThere) {
        signal.throwIfAborted();
        return;
      }
      await this.#committed.waitPast(seen, signal);
    }
  }

  async waitForSpace(signal: AbortSignal): Promise<void> {
    for (;;) {
      const seen = this.#freed.count;
      if (await this.#work.do(() => this.#total.hasRoomFor(this.#neededBytes))) {
        signal.throwIfAborted();
        return;
      }
      await this.#full.during(() => this.#freed.waitPast(seen, signal));
    }
  }

  async acknowledge(
    consumer: string,
    position: SpoolPosition,
    deadLetters: readonly DeadLetter[],
  ): Promise<void> {
    const packed = await packDeadLetters(deadLetters);
    const freed = await this.#freeing(() => {
      const row = this.#consumers.get(consumer);
      this.#consumers.move(row, position);
      this.#deadLetters.add(row.id, packed, this.#clock.now());
      // In the same transaction: it waits for the disk once.
      return this.#entries.freeSome();
    });
    this.#afterFreeing(freed);
  }

  async quarantine(consumer: string, offset: number, detail: string): Promise<number> {
    const found = await this.#work.do(() => this.#entries.payload(offset));
    const payload = found.kind === 'bytes' ? found.bytes : Buffer.alloc(0);
    return await this.#work.transaction(() => {
      const { id, position } = this.#consumers.get(consumer);
      const entry = this.#entries.get(offset);
      if (entry === undefined) return 0;
      const records = entry.records - (position.offset === offset ? position.index : 0);
      this.#deadLetters.setAside(id, { offset, records, detail, payload }, this.#clock.now());
      return records;
    });
  }

  async deadLetters(consumer: string, page: DeadLetterPage): Promise<readonly StoredDeadLetter[]> {
    const rows = await this.#work.snapshot(() =>
      this.#deadLetters.page(this.#consumers.get(consumer).id, page),
    );
    const letters: StoredDeadLetter[] = [];
    for (const row of rows) {
      if (letters.length % DEAD_LETTERS_AT_ONCE === DEAD_LETTERS_AT_ONCE - 1) await setImmediate();
      letters.push(unpackDeadLetter(consumer, row));
    }
    return letters;
  }

  async deadLetterReasons(consumer: string): Promise<ReadonlyMap<string, number>> {
    return await this.#work.snapshot(() => this.#deadLetterCounts.byReason(this.#consumers.get(consumer).id));
  }

  async renewDeadLetters(
    consumer: string,
    letters: readonly Pick<StoredDeadLetter, 'id' | 'reason' | 'detail'>[],
  ): Promise<void> {
    await this.#work.transaction(() => this.#deadLetters.renew(this.#consumers.get(consumer).id, letters));
  }

  async discardDeadLetters(consumer: string, ids: readonly number[]): Promise<number> {
    const records = await this.#work.transaction(() =>
      this.#deadLetters.discard(this.#consumers.get(consumer).id, ids),
    );
    if (records > 0) this.#freed.wakeAll();
    return records;
  }

  async discardOldestDeadLetters(consumer: string, choice: DiscardChoice): Promise<Discarded> {
    const discarded = await this.#work.transaction(() =>
      this.#deadLetters.discardOldest(this.#consumers.get(consumer).id, choice),
    );
    if (discarded.records > 0) this.#freed.wakeAll();
    return discarded;
  }

  async usage(): Promise<SpoolUsage> {
    const { maxBytes } = this.#total;
    return await this.#work.snapshot(() => {
      const usedBytes = this.#total.read().used_bytes;
      return {
        usedBytes,
        maxBytes,
        fullSinceMillis: this.#full.sinceMillis(usedBytes / maxBytes),
        consumers: this.#consumers.all().map((consumer) => this.#consumers.usage(consumer)),
      };
    });
  }

  /** Lets go of who waits (they are told that the store is closed) and ends what is being freed. */
  async close(): Promise<void> {
    await this.#reclaimer.close();
    this.#work.close();
    this.#committed.wakeAll();
    this.#freed.wakeAll();
  }

  #afterFreeing({ entries, isMore }: Freed): void {
    if (entries > 0) this.#freed.wakeAll();
    if (entries > 0 || isMore) this.#reclaimer.start();
  }

  /** Once more where an entry turned out to be damaged so that it cannot be freed: then it is left where it is. */
  async #freeing<T>(work: () => T): Promise<T> {
    for (;;) {
      const { untouchable } = this.#entries;
      try {
        return await this.#work.transaction(work);
      } catch (thrown) {
        if (this.#entries.untouchable === untouchable) throw thrown;
      }
    }
  }
}

function unpackDeadLetter(destination: string, row: DeadLetterRow): StoredDeadLetter {
  const { id, created_at_millis: createdAtMillis, reason, detail, records } = row;
  const { records: read = [] } =
    row.entry_offset === null ? unpack({ kind: 'bytes', bytes: row.payload }) : {};
  const [record] = read;
  return { id, destination, createdAtMillis, reason, detail, records, record };
}

function entryOf(row: EntryRow, { records = [], damage }: Content): SpoolEntry {
  return {
    offset: row.offset,
    topic: row.topic,
    batch: { id: row.batch_id, records },
    storedBytes: row.bytes,
    committedAtMillis: row.committed_at_millis,
    ...(damage !== undefined && { damage }),
  };
}

interface Content {
  readonly records?: readonly LogRecord[];
  readonly damage?: string;
}

/** What this program wrote must be readable; what is not is damage. */
function unpack(payload: Payload): Content {
  if (payload.kind !== 'bytes') return { damage: 'SQLite cannot read the pages of the file that hold it.' };
  try {
    return { records: decodeRecords(payload.bytes) };
  } catch (thrown) {
    return { damage: describeError(thrown) };
  }
}
