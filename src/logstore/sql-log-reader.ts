import type {
  ContextRequest,
  Facets,
  FacetsRequest,
  FieldValuesRequest,
  Histogram,
  HistogramRequest,
  KnownFields,
  LogFilter,
  LogPage,
  LogReader,
  LogSearch,
  Patterns,
  PatternsRequest,
  RecordContext,
  RecordKey,
  SearchOrder,
  StoredRecord,
  TailBatch,
  TailRequest,
  ValueCount,
} from '../contracts/log-search.ts';
import type { Clock } from '../foundation/clock.ts';
import { RegexCheck } from './check-regexes.ts';
import type { LogEngine, SqlQuery } from './engine.ts';
import { readFacets } from './facets.ts';
import { fillHistogram, levelName, planHistogram } from './histogram.ts';
import { knownFields } from './known-fields.ts';
import { readAll, readPage, searchKey } from './log-pages.ts';
import { readContext, readRecord } from './record-context.ts';
import { rowsOf } from './rows-of.ts';
import { fieldValuesSql } from './sql/facets-sql.ts';
import { type HistogramRow, histogramSql } from './sql/histogram-sql.ts';
import { type PatternRow, patternsSql } from './sql/patterns-sql.ts';
import { type SampleRow, sampleSql } from './sql/sample-sql.ts';
import { countSql } from './sql/search-sql.ts';
import type { TailFeed } from './tail-feed.ts';
import { tailRecords } from './tail-records.ts';

/** Reading in SQL, on whatever engine runs it. */
export class SqlLogReader implements LogReader {
  readonly #engine: LogEngine;
  readonly #clock: Clock;
  readonly #feed: TailFeed;
  readonly #regexes: RegexCheck;

  constructor(engine: LogEngine, clock: Clock, feed: TailFeed) {
    this.#engine = engine;
    this.#clock = clock;
    this.#feed = feed;
    this.#regexes = new RegexCheck(engine);
  }

  async search(search: LogSearch, signal: AbortSignal): Promise<LogPage> {
    await this.#regexes.check(search.query, signal);
    return await readPage(this.#engine, search, signal);
  }

  async count(filter: LogFilter, signal: AbortSignal): Promise<number> {
    const [row] = await this.#rows<{ records: number }>(filter, countSql(filter), signal);
    return row?.records ?? 0;
  }

  async *exportRecords(
    filter: LogFilter,
    order: SearchOrder,
    signal: AbortSignal,
  ): AsyncGenerator<readonly StoredRecord[]> {
    await this.#regexes.check(filter.query, signal);
    yield* readAll(this.#engine, filter, order, signal);
  }

  async histogram(request: HistogramRequest, signal: AbortSignal): Promise<Histogram> {
    const plan = planHistogram(request);
    const sql = histogramSql(request, plan.bucketMillis, plan.zoneOffsetMillis);
    return fillHistogram(await this.#rows<HistogramRow>(request, sql, signal), request, plan);
  }

  async facets(request: FacetsRequest, signal: AbortSignal): Promise<Facets> {
    await this.#regexes.check(request.query, signal);
    return await readFacets(this.#engine, request, signal);
  }

  async fields(filter: LogFilter, signal: AbortSignal): Promise<KnownFields> {
    return knownFields(await this.#rows<SampleRow>(filter, sampleSql(filter), signal));
  }

  async fieldValues(request: FieldValuesRequest, signal: AbortSignal): Promise<readonly ValueCount[]> {
    const sql = fieldValuesSql(request);
    const rows = await this.#rows<{ value: string; records: number }>(request, sql, signal);
    return rows.map(({ value, records }) => ({ value, count: records }));
  }

  async record(key: RecordKey, signal: AbortSignal): Promise<StoredRecord | undefined> {
    return await readRecord(this.#engine, key, signal);
  }

  async context(request: ContextRequest, signal: AbortSignal): Promise<RecordContext | undefined> {
    return await readContext(this.#engine, request, signal);
  }

  async patterns(request: PatternsRequest, signal: AbortSignal): Promise<Patterns> {
    const rows = await this.#rows<PatternRow>(request, patternsSql(request), signal);
    return {
      patterns: rows.map(({ shape, records, level, first, last, id, source, message }) => ({
        shape,
        count: records,
        level: levelName(level),
        firstMillis: first,
        lastMillis: last,
        example: { timestampMillis: last, id, source, message },
      })),
      examined: rows[0]?.examined ?? 0,
      distinct: rows[0]?.different ?? 0,
    };
  }

  async *tail(request: TailRequest, signal: AbortSignal): AsyncGenerator<TailBatch> {
    await this.#regexes.check(request.query, signal);
    yield* tailRecords(this.#engine, this.#feed, this.#clock, request, signal);
  }

  async #rows<Row>(filter: LogFilter, sql: SqlQuery, signal: AbortSignal): Promise<readonly Row[]> {
    await this.#regexes.check(filter.query, signal);
    return await rowsOf<Row>(this.#engine, sql, searchKey(filter), signal);
  }
}
