import type { LogEngine, SqlQuery } from '../engine.ts';
import { untilAborted } from '../until-aborted.ts';
import { ArrivingRows } from './arriving-rows.ts';
import { EngineProcess, type EngineProcessSettings } from './engine-process.ts';
import { SearchQueue } from './search-queue.ts';

/** Beyond so many, searches are refused rather than kept waiting. */
const MAX_WAITING = 64;
/** chDB in a child process, as an engine. */
export class ChdbEngine implements LogEngine {
  readonly #process: EngineProcess;
  readonly #queue: SearchQueue;

  constructor(settings: EngineProcessSettings) {
    this.#process = new EngineProcess(settings);
    this.#queue = new SearchQueue(settings.lanes, MAX_WAITING);
  }

  /** Of the engine, while it runs. */
  async pid(): Promise<number | undefined> {
    return await this.#process.pid();
  }

  async rows<Row>({ sql, parameters }: SqlQuery, signal: AbortSignal): Promise<readonly Row[]> {
    return parseRows<Row>(await this.#process.request({ kind: 'rows', sql, parameters }, signal));
  }

  async run(sql: string, signal: AbortSignal): Promise<void> {
    await this.#process.request({ kind: 'run', sql }, signal);
  }

  async insert(table: string, lines: Buffer, signal: AbortSignal): Promise<void> {
    await this.#process.request({ kind: 'insert', table, lines }, signal);
  }

  async *search<Row>(
    { sql, parameters }: SqlQuery,
    key: string | undefined,
    signal: AbortSignal,
  ): AsyncGenerator<readonly Row[]> {
    const lane = await this.#queue.enter(key, signal);
    const rows = new ArrivingRows();
    const search = await this.#process
      .startSearch({ kind: 'search', lane, sql, parameters }, (text) => rows.push(text), signal)
      .catch((thrown: unknown) => {
        this.#queue.leave(lane);
        throw thrown;
      });
    // The lane is free when the engine says so, and not when nobody wants the rest.
    search.ended
      .then(
        () => rows.end(undefined),
        (thrown: unknown) => rows.end({ thrown }),
      )
      .finally(() => this.#queue.leave(lane));
    try {
      for (;;) {
        const text = await untilAborted(rows.next(), signal);
        if (text === undefined) return;
        yield parseRows<Row>(text);
        search.more();
      }
    } finally {
      search.cancel();
    }
  }

  async close(): Promise<void> {
    await this.#process.close();
  }
}

function parseRows<Row>(text: string): readonly Row[] {
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Row);
}
