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
import type { PlannedFilter } from './sql/filter-sql.ts';
import { type HistogramRow, histogramSql } from './sql/histogram-sql.ts';
import { type PatternRow, patternsSql } from './sql/patterns-sql.ts';
import { type SampleRow, sampleSql } from './sql/sample-sql.ts';
import { countSql } from './sql/search-sql.ts';
import type { TagsEverywhere } from './tags-everywhere.ts';
import type { TailFeed } from './tail-feed.ts';
import { tailRecords } from './tail-records.ts';

export interface LogReaderParts {
  readonly engine: LogEngine;
  readonly clock: Clock;
  readonly feed: TailFeed;
  readonly tags: TagsEverywhere;
}

/** Reading in SQL, on whatever engine runs it. */
export class SqlLogReader implements LogReader {
  readonly #engine: LogEngine;
  readonly #clock: Clock;
  readonly #feed: TailFeed;
  readonly #tags: TagsEverywhere;
  readonly #regexes: RegexCheck;

  constructor({ engine, clock, feed, tags }: LogReaderParts) {
    this.#engine = engine;
    this.#clock = clock;
    this.#feed = feed;
    this.#tags = tags;
    this.#regexes = new RegexCheck(engine);
  }

  async search(search: LogSearch, signal: AbortSignal): Promise<LogPage> {
    return await readPage(this.#engine, await this.#planned(search, signal), signal);
  }

  async count(filter: LogFilter, signal: AbortSignal): Promise<number> {
    const [row] = await this.#rows<{ records: number }, LogFilter>(filter, countSql, signal);
    return row?.records ?? 0;
  }

  async *exportRecords(
    filter: LogFilter,
    order: SearchOrder,
    signal: AbortSignal,
  ): AsyncGenerator<readonly StoredRecord[]> {
    yield* readAll(this.#engine, await this.#planned(filter, signal), order, signal);
  }

  async histogram(request: HistogramRequest, signal: AbortSignal): Promise<Histogram> {
    const plan = planHistogram(request);
    const sql = (planned: PlannedFilter) => histogramSql(planned, plan.bucketMillis, plan.zoneOffsetMillis);
    return fillHistogram(await this.#rows<HistogramRow, LogFilter>(request, sql, signal), request, plan);
  }

  async facets(request: FacetsRequest, signal: AbortSignal): Promise<Facets> {
    return await readFacets(this.#engine, await this.#planned(request, signal), signal);
  }

  async fields(filter: LogFilter, signal: AbortSignal): Promise<KnownFields> {
    return knownFields(await this.#rows<SampleRow, LogFilter>(filter, sampleSql, signal));
  }

  async fieldValues(request: FieldValuesRequest, signal: AbortSignal): Promise<readonly ValueCount[]> {
    const rows = await this.#rows<{ value: string; records: number }, FieldValuesRequest>(
      request,
      fieldValuesSql,
      signal,
    );
    return rows.map(({ value, records }) => ({ value, count: records }));
  }

  async record(key: RecordKey, signal: AbortSignal): Promise<StoredRecord | undefined> {
    return await readRecord(this.#engine, key, signal);
  }

  async context(request: ContextRequest, signal: AbortSignal): Promise<RecordContext | undefined> {
    return await readContext(this.#engine, request, signal);
  }

  async patterns(request: PatternsRequest, signal: AbortSignal): Promise<Patterns> {
    const rows = await this.#rows<PatternRow, PatternsRequest>(request, patternsSql, signal);
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

  /** Rejects with QueryError for a query that the engine cannot carry out. */
  async #planned<Filter extends LogFilter>(
    filter: Filter,
    signal: AbortSignal,
  ): Promise<Filter & PlannedFilter> {
    await this.#regexes.check(filter.query, signal);
    return { ...filter, onlyTags: await this.#tags.of(filter.query, signal) };
  }

  async #rows<Row, Filter extends LogFilter>(
    filter: Filter,
    sql: (planned: Filter & PlannedFilter) => SqlQuery,
    signal: AbortSignal,
  ): Promise<readonly Row[]> {
    const query = sql(await this.#planned(filter, signal));
    return await rowsOf<Row>(this.#engine, query, searchKey(filter), signal);
  }
}
