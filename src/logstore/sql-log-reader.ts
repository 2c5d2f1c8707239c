import type { LogQuery } from '../contracts/log-query.ts';
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
import type { LogEngine } from './engine.ts';
import { explainFailure } from './explain-failure.ts';
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

  constructor(engine: LogEngine, clock: Clock, feed: TailFeed) {
    this.#engine = engine;
    this.#clock = clock;
    this.#feed = feed;
  }

  async search(search: LogSearch, signal: AbortSignal): Promise<LogPage> {
    return await this.#explained(search, signal, () => readPage(this.#engine, search, signal));
  }

  async count(filter: LogFilter, signal: AbortSignal): Promise<number> {
    return await this.#explained(filter, signal, async () => {
      const [row] = await rowsOf<{ records: number }>(
        this.#engine,
        countSql(filter),
        searchKey(filter),
        signal,
      );
      return row?.records ?? 0;
    });
  }

  async *exportRecords(
    filter: LogFilter,
    order: SearchOrder,
    signal: AbortSignal,
  ): AsyncGenerator<readonly StoredRecord[]> {
    try {
      yield* readAll(this.#engine, filter, order, signal);
    } catch (thrown) {
      throw await explainFailure(this.#engine, filter.query, thrown, signal);
    }
  }

  async histogram(request: HistogramRequest, signal: AbortSignal): Promise<Histogram> {
    const plan = planHistogram(request);
    const sql = histogramSql(request, plan.bucketMillis, plan.zoneOffsetMillis);
    return await this.#explained(request, signal, async () =>
      fillHistogram(await rowsOf<HistogramRow>(this.#engine, sql, searchKey(request), signal), request, plan),
    );
  }

  async facets(request: FacetsRequest, signal: AbortSignal): Promise<Facets> {
    return await this.#explained(request, signal, () => readFacets(this.#engine, request, signal));
  }

  async fields(filter: LogFilter, signal: AbortSignal): Promise<KnownFields> {
    return await this.#explained(filter, signal, async () =>
      knownFields(await rowsOf<SampleRow>(this.#engine, sampleSql(filter), searchKey(filter), signal)),
    );
  }

  async fieldValues(request: FieldValuesRequest, signal: AbortSignal): Promise<readonly ValueCount[]> {
    return await this.#explained(request, signal, async () => {
      const rows = await rowsOf<{ value: string; records: number }>(
        this.#engine,
        fieldValuesSql(request),
        searchKey(request),
        signal,
      );
      return rows.map(({ value, records }) => ({ value, count: records }));
    });
  }

  async record(key: RecordKey, signal: AbortSignal): Promise<StoredRecord | undefined> {
    return await readRecord(this.#engine, key, signal);
  }

  async context(request: ContextRequest, signal: AbortSignal): Promise<RecordContext | undefined> {
    return await readContext(this.#engine, request, signal);
  }

  async patterns(request: PatternsRequest, signal: AbortSignal): Promise<Patterns> {
    return await this.#explained(request, signal, async () => {
      const sql = patternsSql(request);
      const rows = await rowsOf<PatternRow>(this.#engine, sql, searchKey(request), signal);
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
    });
  }

  async *tail(request: TailRequest, signal: AbortSignal): AsyncGenerator<TailBatch> {
    try {
      yield* tailRecords(this.#engine, this.#feed, this.#clock, request, signal);
    } catch (thrown) {
      throw await explainFailure(this.#engine, request.query, thrown, signal);
    }
  }

  async #explained<T>(
    { query }: { readonly query: LogQuery },
    signal: AbortSignal,
    work: () => Promise<T>,
  ): Promise<T> {
    try {
      return await work();
    } catch (thrown) {
      throw await explainFailure(this.#engine, query, thrown, signal);
    }
  }
}
