import type { LogStore, LogStoreUsage, RetentionPolicy } from '../contracts/log-store.ts';
import type { Clock } from '../foundation/clock.ts';
import type { LogRecord } from '../record/log-record.ts';
import type { LogEngine, SqlQuery } from './engine.ts';
import { encodeRows, storedTime } from './log-row.ts';
import { planRetention, type RetentionStep } from './plan-retention.ts';
import { LOGS_TABLE } from './schema.ts';
import { knownIdsSql } from './sql/search-sql.ts';
import { SqlLogReader } from './sql-log-reader.ts';
import { TagsEverywhere } from './tags-everywhere.ts';
import { TailFeed } from './tail-feed.ts';

/** How often a day is thinned at one look; the next look goes on. */
const THINNING_PASSES = 4;

/** The log store in SQL, on whatever engine runs it. */
export class SqlLogStore extends SqlLogReader implements LogStore {
  readonly #engine: LogEngine;
  readonly #clock: Clock;
  readonly #feed: TailFeed;
  readonly #tags: TagsEverywhere;

  constructor(engine: LogEngine, clock: Clock) {
    const feed = new TailFeed();
    const tags = new TagsEverywhere(engine, () => clock.monotonic());
    super({ engine, clock, feed, tags });
    this.#engine = engine;
    this.#clock = clock;
    this.#feed = feed;
    this.#tags = tags;
  }

  async append(
    records: readonly LogRecord[],
    options: { readonly redelivery: boolean },
    signal: AbortSignal,
  ): Promise<{ readonly added: number; readonly alreadyThere: number }> {
    const fresh = options.redelivery ? await this.#leaveOutKnown(records, signal) : records;
    if (fresh.length > 0) await this.#insert(fresh, signal);
    return { added: fresh.length, alreadyThere: records.length - fresh.length };
  }

  async usage(signal: AbortSignal): Promise<LogStoreUsage> {
    const days = await this.#days(signal);
    const [ends] = await this.#engine.rows<{ oldest: number; newest: number }>(
      plain(
        `SELECT toUnixTimestamp64Milli(min(time)) AS oldest, toUnixTimestamp64Milli(max(time)) AS newest FROM ${LOGS_TABLE}`,
      ),
      signal,
    );
    const records = days.reduce((sum, day) => sum + day.records, 0);
    return {
      records,
      bytesOnDisk: days.reduce((sum, day) => sum + day.bytes, 0),
      oldestMillis: records === 0 ? undefined : ends?.oldest,
      newestMillis: records === 0 ? undefined : ends?.newest,
    };
  }

  async applyRetention(
    policy: RetentionPolicy,
    nowMillis: number,
    signal: AbortSignal,
  ): Promise<Readonly<Record<'age' | 'bytes', number>>> {
    const removed = { age: 0, bytes: 0 };
    for (let pass = 0; pass < THINNING_PASSES; pass++) {
      const steps = planRetention(await this.#days(signal), policy, nowMillis);
      for (const step of steps) removed[step.reason] += await this.#take(step, signal);
      // Records are of different size: the share that was removed may have been too small.
      if (!steps.some(({ kind }) => kind === 'thin')) break;
    }
    return removed;
  }

  /** Resolves to how many records it removed. */
  async #take(step: RetentionStep, signal: AbortSignal): Promise<number> {
    switch (step.kind) {
      case 'drop':
        await this.#engine.run(`ALTER TABLE ${LOGS_TABLE} DROP PARTITION ${Number(step.day)}`, signal);
        return step.records;
      case 'delete':
        return await this.#deleteUntil(step.beforeMillis - 1, signal);
      case 'thin': {
        const [row] = await this.#engine.rows<{ cutoff: number }>(
          plain(
            `SELECT floor(quantile(${Number(step.share)})(toUnixTimestamp64Milli(time))) AS cutoff FROM ${LOGS_TABLE}`,
          ),
          signal,
        );
        return row === undefined ? 0 : await this.#deleteUntil(row.cutoff, signal);
      }
    }
  }

  /** The end is inclusive. Files are rewritten, so that nothing is done where nothing is so old. */
  async #deleteUntil(millis: number, signal: AbortSignal): Promise<number> {
    const older = `time <= fromUnixTimestamp64Milli(${Math.floor(millis)}, 'UTC')`;
    const sql = `SELECT count() AS records FROM ${LOGS_TABLE} WHERE ${older}`;
    const [row] = await this.#engine.rows<{ records: number }>(plain(sql), signal);
    const records = row?.records ?? 0;
    if (records > 0) {
      const change = `ALTER TABLE ${LOGS_TABLE} DELETE WHERE ${older} SETTINGS mutations_sync = 1`;
      await this.#engine.run(change, signal);
    }
    return records;
  }

  async close(): Promise<void> {
    await this.#engine.close();
  }

  async #insert(records: readonly LogRecord[], signal: AbortSignal): Promise<void> {
    const storedMillis = this.#feed.begin(this.#clock.now());
    this.#tags.note(records);
    try {
      await this.#engine.insert(LOGS_TABLE, encodeRows(records, storedMillis), signal);
    } finally {
      this.#tags.note(records);
      this.#feed.end({ storedMillis, records: records.length, ...timesOf(records) });
    }
  }

  async #leaveOutKnown(records: readonly LogRecord[], signal: AbortSignal): Promise<readonly LogRecord[]> {
    if (records.length === 0) return records;
    const { fromMillis, toMillis } = timesOf(records);
    const ids = records.map(({ id }) => id.toWellFormed());
    const sql = knownIdsSql(ids, fromMillis, toMillis);
    const rows = await this.#engine.rows<{ source: string; id: string }>(sql, signal);
    const known = new Set(rows.map(({ source, id }) => keyOf(source, id)));
    return records.filter(({ origin, id }) => !known.has(keyOf(origin.source, id)));
  }

  async #days(signal: AbortSignal) {
    return await this.#engine.rows<{ day: string; records: number; bytes: number }>(
      plain(
        `SELECT partition AS day, sum(rows) AS records, sum(bytes_on_disk) AS bytes FROM system.parts
         WHERE active AND database = currentDatabase() AND table = '${LOGS_TABLE}' GROUP BY partition ORDER BY partition`,
      ),
      signal,
    );
  }
}

/** Two sources that read one log group have the same ids. */
function keyOf(source: string, id: string): string {
  return JSON.stringify([source.toWellFormed(), id.toWellFormed()]);
}

function plain(sql: string): SqlQuery {
  return { sql, parameters: {} };
}

function timesOf(records: readonly LogRecord[]): { readonly fromMillis: number; readonly toMillis: number } {
  let fromMillis = Number.POSITIVE_INFINITY;
  let toMillis = Number.NEGATIVE_INFINITY;
  for (const { timestampMillis } of records) {
    fromMillis = Math.min(fromMillis, storedTime(timestampMillis));
    toMillis = Math.max(toMillis, storedTime(timestampMillis));
  }
  return { fromMillis, toMillis };
}
