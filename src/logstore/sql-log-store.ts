import type {
  LogQuery,
  LogStore,
  LogStoreUsage,
  RetentionPolicy,
  StoredRecord,
} from '../contracts/log-store.ts';
import type { Clock } from '../foundation/clock.ts';
import type { LogRecord } from '../record/log-record.ts';
import type { LogEngine } from './engine.ts';
import { countSql, knownIdsSql, selectSql } from './log-query-sql.ts';
import { decodeRow, encodeRows, type LogRow } from './log-row.ts';
import { planRetention } from './plan-retention.ts';
import { LOGS_TABLE } from './schema.ts';

/** The log store in SQL, on whatever engine runs it. */
export class SqlLogStore implements LogStore {
  readonly #engine: LogEngine;
  readonly #clock: Clock;

  constructor(engine: LogEngine, clock: Clock) {
    this.#engine = engine;
    this.#clock = clock;
  }

  async append(
    records: readonly LogRecord[],
    options: { readonly redelivery: boolean },
    signal: AbortSignal,
  ): Promise<{ readonly added: number; readonly alreadyThere: number }> {
    const fresh = options.redelivery ? await this.#leaveOutKnown(records, signal) : records;
    if (fresh.length > 0) await this.#engine.insert(LOGS_TABLE, encodeRows(fresh, this.#clock.now()), signal);
    return { added: fresh.length, alreadyThere: records.length - fresh.length };
  }

  async query(query: LogQuery, signal: AbortSignal): Promise<readonly StoredRecord[]> {
    const { sql, parameters } = selectSql(query);
    return (await this.#engine.rows<LogRow>(sql, parameters, signal)).map(decodeRow);
  }

  async count(query: Omit<LogQuery, 'limit' | 'order'>, signal: AbortSignal): Promise<number> {
    const { sql, parameters } = countSql(query);
    const [row] = await this.#engine.rows<{ records: number }>(sql, parameters, signal);
    return row?.records ?? 0;
  }

  async usage(signal: AbortSignal): Promise<LogStoreUsage> {
    const days = await this.#days(signal);
    const [ends] = await this.#engine.rows<{ oldest: number; newest: number }>(
      `SELECT toUnixTimestamp64Milli(min(time)) AS oldest, toUnixTimestamp64Milli(max(time)) AS newest FROM ${LOGS_TABLE}`,
      {},
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
    for (const step of planRetention(await this.#days(signal), policy, nowMillis)) {
      if (step.kind === 'drop') {
        await this.#engine.run(`ALTER TABLE ${LOGS_TABLE} DROP PARTITION ${Number(step.day)}`, {}, signal);
        removed[step.reason] += step.records;
        continue;
      }
      const cutoff = { cutoff: step.beforeMillis };
      const older = `time < fromUnixTimestamp64Milli({cutoff:Int64}, 'UTC')`;
      const sql = `SELECT count() AS records FROM ${LOGS_TABLE} WHERE ${older}`;
      const [row] = await this.#engine.rows<{ records: number }>(sql, cutoff, signal);
      if ((row?.records ?? 0) === 0) continue;
      await this.#engine.run(
        `ALTER TABLE ${LOGS_TABLE} DELETE WHERE time < fromUnixTimestamp64Milli(${Math.floor(step.beforeMillis)}, 'UTC') SETTINGS mutations_sync = 1`,
        {},
        signal,
      );
      removed[step.reason] += row?.records ?? 0;
    }
    return removed;
  }

  async close(): Promise<void> {
    await this.#engine.close();
  }

  async #leaveOutKnown(records: readonly LogRecord[], signal: AbortSignal): Promise<readonly LogRecord[]> {
    const [first] = records;
    if (first === undefined) return records;
    let fromMillis = first.timestampMillis;
    let toMillis = first.timestampMillis;
    for (const { timestampMillis } of records) {
      fromMillis = Math.min(fromMillis, timestampMillis);
      toMillis = Math.max(toMillis, timestampMillis);
    }
    const ids = records.map(({ id }) => id);
    const { sql, parameters } = knownIdsSql(ids, fromMillis, toMillis);
    const rows = await this.#engine.rows<{ id: string }>(sql, parameters, signal);
    const known = new Set(rows.map(({ id }) => id));
    return records.filter(({ id }) => !known.has(id));
  }

  async #days(signal: AbortSignal) {
    return await this.#engine.rows<{ day: string; records: number; bytes: number }>(
      `SELECT partition AS day, sum(rows) AS records, sum(bytes_on_disk) AS bytes FROM system.parts
       WHERE active AND database = currentDatabase() AND table = '${LOGS_TABLE}' GROUP BY partition ORDER BY partition`,
      {},
      signal,
    );
  }
}
