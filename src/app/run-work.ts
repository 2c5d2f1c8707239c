import type { Clock } from '../foundation/clock.ts';
import { LogferryError } from '../foundation/logferry-error.ts';
import type { BackfillProgress } from '../pipeline/backfill.ts';
import type { Pipeline } from '../pipeline/pipeline.ts';
import { noCounts } from '../pipeline/slice-reader.ts';
import { fullProblem, makeRoom } from '../pipeline/spool/spool-status.ts';
import type { RunProgress } from '../runs/record-run.ts';
import { RunTally } from './run-tally.ts';
import { StalledSpool } from './stalled-spool.ts';

export interface CollectRequest {
  readonly kind: 'collect';
  readonly source: string;
}

export interface BackfillRunRequest {
  readonly kind: 'backfill';
  readonly source: string;
  readonly fromMillis: number;
  readonly toMillis: number;
  readonly again: boolean;
  /** Id of an interrupted backfill that this one goes on with. */
  readonly resumes?: string;
}

export type RunRequest = CollectRequest | BackfillRunRequest;

const REPORT_MILLIS = 250;
/** A collection whose reading waits for longer, with no destination that makes room, ends: somebody has to act. */
const STALLED_MILLIS = 15_000;

/** What a run does, by one pipeline after the other where the configuration is changed meanwhile. */
export class RunWork {
  readonly id: string;
  readonly source: string;
  readonly kind: RunRequest['kind'];
  readonly #request: RunRequest;
  readonly #clock: Clock;
  readonly #report: (progress: RunProgress) => void;
  readonly #tally = new RunTally();
  readonly #stalled = new StalledSpool();
  readonly #giveUp = new AbortController();
  #progress: number | undefined;
  #isRead = false;

  constructor(id: string, request: RunRequest, clock: Clock, report: (progress: RunProgress) => void) {
    this.id = id;
    this.source = request.source;
    this.kind = request.kind;
    this.#request = request;
    this.#clock = clock;
    this.#report = report;
  }

  /** Reads, unless that is done, and waits until it is delivered. */
  async under(pipeline: Pipeline, signal: AbortSignal): Promise<void> {
    this.#tally.begin((await pipeline.status()).destinations);
    const stop = new AbortController();
    const telling = this.#keepTelling(pipeline, stop.signal);
    try {
      if (!this.#isRead) await this.#readOrGiveUp(pipeline, signal);
      this.#isRead = true;
      await deliver(pipeline, signal);
    } finally {
      stop.abort();
      await telling;
      // What made it fail is more to the point than that it could not be counted.
      await this.#tell(pipeline).catch(() => {});
    }
  }

  /** After the pipeline was stopped and before another one. */
  async leave(pipeline: Pipeline): Promise<void> {
    this.#tally.end((await pipeline.status()).destinations);
  }

  async #readOrGiveUp(pipeline: Pipeline, signal: AbortSignal): Promise<void> {
    try {
      await this.#read(pipeline, AbortSignal.any([signal, this.#giveUp.signal]));
    } catch (thrown) {
      // Whatever else failed because of that.
      this.#giveUp.signal.throwIfAborted();
      throw thrown;
    }
  }

  async #read(pipeline: Pipeline, signal: AbortSignal): Promise<void> {
    const request = this.#request;
    if (request.kind === 'collect') {
      const counts = noCounts();
      this.#tally.reads(counts);
      await pipeline.collectOnce(request.source, counts, signal);
      return;
    }
    const { fromMillis, toMillis, again, resumes: name = this.id } = request;
    const onRead = ({ counts, coveredMillis, totalMillis }: BackfillProgress) => {
      this.#tally.reads(counts);
      this.#progress = totalMillis === 0 ? 1 : coveredMillis / totalMillis;
    };
    await pipeline.backfill(request.source, { name, fromMillis, toMillis, again }, onRead, signal);
  }

  async #keepTelling(pipeline: Pipeline, signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      await this.#tell(pipeline).catch(() => {});
      await this.#clock.sleep(REPORT_MILLIS, signal).catch(() => {});
    }
  }

  async #tell(pipeline: Pipeline): Promise<void> {
    const status = await pipeline.status();
    const full = this.#isRead ? undefined : fullProblem(status.spool);
    const stalledMillis = this.#stalled.lookAt(status, this.#clock.monotonic());
    this.#report({
      counts: this.#tally.counts(status.destinations),
      ...(this.#progress !== undefined && { progress: this.#progress }),
      waitsFor: stalledMillis > 0 ? full : undefined,
    });
    // A backfill waits as long as it takes: it is long work, and says what it waits for.
    if (full === undefined || stalledMillis < STALLED_MILLIS || this.kind === 'backfill') return;
    const hint = `${makeRoom(status.spool.shares)} What was read is kept; the next run goes on from there.`;
    this.#giveUp.abort(new LogferryError('SPOOL_FULL', `Reading waits: ${full}.`, { hint }));
  }
}

/** Waits for the destinations; one that has not got everything makes the run a partial one. */
async function deliver(pipeline: Pipeline, signal: AbortSignal): Promise<void> {
  const results = await pipeline.drain(signal);
  signal.throwIfAborted();
  const failed = [...results].filter(([, result]) => !result.drained);
  if (failed.length === 0) return;
  const names = failed.map(([id, result]) => (result.drained ? id : `${id}: ${result.detail}`));
  const isAll = failed.length === results.size;
  throw new LogferryError(
    isAll ? 'DESTINATION_UNREACHABLE' : 'PARTIAL_DELIVERY',
    `Not delivered to ${failed.length} of ${results.size} destinations (${names.join('; ')}).`,
    {
      hint: 'The records are safe in the spool and go out as soon as the destination takes them: `logferry check` tells why it does not.',
    },
  );
}
