import type { StartRun } from '../api/api-backend.ts';
import type { Run, RunCounts } from '../contracts/run.ts';
import type { Clock } from '../foundation/clock.ts';
import { LogferryError } from '../foundation/logferry-error.ts';
import { randomId } from '../foundation/random.ts';
import type { BackfillProgress } from '../pipeline/backfill.ts';
import type { DestinationStatus } from '../pipeline/pipeline.ts';
import { noCounts, type ReadCounts } from '../pipeline/slice-reader.ts';
import { type RunProgress, recordRun } from '../runs/record-run.ts';
import type { Engine } from './engine.ts';

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

/** Starts runs, one at a time for each source, and knows those under way. */
export class RunService {
  readonly #engine: Engine;
  readonly #clock: Clock;
  readonly #active = new Map<string, { readonly source: string; readonly cancel: AbortController }>();

  constructor(engine: Engine, clock: Clock) {
    this.#engine = engine;
    this.#clock = clock;
  }

  cancel(id: string): boolean {
    const active = this.#active.get(id);
    active?.cancel.abort(new LogferryError('INTERRUPTED', 'The run was cancelled.'));
    return active !== undefined;
  }

  /**
   * Does the run to its end: read, then delivered as far as the destinations take it. Rejects with what failed; the
   * run's row says the same. `onProgress` is called a few times a second.
   */
  async run(
    request: RunRequest,
    trigger: Run['trigger'],
    onProgress: (progress: RunProgress) => void,
    signal: AbortSignal,
    id = newRunId(),
  ): Promise<Run> {
    const other = [...this.#active].find(([, active]) => active.source === request.source);
    if (other !== undefined) {
      throw new LogferryError('USAGE', `Run ${other[0]} of source "${request.source}" is under way.`, {
        hint: `Wait for it, or cancel it: DELETE /api/v1/runs/${other[0]}.`,
      });
    }
    const cancel = new AbortController();
    this.#active.set(id, { source: request.source, cancel });
    const both = AbortSignal.any([signal, cancel.signal]);
    try {
      return await recordRun(this.#engine.store.runs, rowOf(id, request, trigger), this.#clock, (report) =>
        this.#work(id, request, both, (progress) => {
          report(progress);
          onProgress(progress);
        }),
      );
    } finally {
      this.#active.delete(id);
    }
  }

  async #work(
    id: string,
    request: RunRequest,
    signal: AbortSignal,
    report: (progress: RunProgress) => void,
  ): Promise<void> {
    const { pipeline } = this.#engine;
    // What waits from before is not this run's: it goes out first, and is not counted here.
    const before = new Map((await pipeline.status()).destinations.map((d) => [d.id, deliveredOf(d)]));
    let counts = noCounts();
    let progress: number | undefined;
    const tell = async () => {
      const { destinations } = await pipeline.status();
      report({
        counts: runCounts(counts, destinations, before),
        ...(progress !== undefined && { progress }),
      });
    };
    const stop = new AbortController();
    const telling = this.#repeat(tell, stop.signal);
    try {
      if (request.kind === 'collect') await pipeline.collectOnce(request.source, counts, signal);
      else {
        const name = request.resumes ?? id;
        const { fromMillis, toMillis, again } = request;
        const onRead = (read: BackfillProgress) => {
          // The very counts that reading goes on with: they are right also when it is broken off.
          counts = read.counts;
          progress = read.totalMillis === 0 ? 1 : read.coveredMillis / read.totalMillis;
        };
        await pipeline.backfill(request.source, { name, fromMillis, toMillis, again }, onRead, signal);
      }
      await this.#deliver(signal);
    } finally {
      stop.abort();
      await telling;
      await tell();
    }
  }

  /** Waits for the destinations; one that has not got everything makes the run a partial one. */
  async #deliver(signal: AbortSignal): Promise<void> {
    const results = await this.#engine.pipeline.drain(signal);
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

  async #repeat(work: () => Promise<void>, signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      await work().catch(() => {});
      await this.#clock.sleep(REPORT_MILLIS, signal).catch(() => {});
    }
  }
}

/** Sortable by time, and not to be guessed. */
export function newRunId(): string {
  return `${Date.now().toString(36)}-${randomId(4)}`;
}

function rowOf(id: string, request: RunRequest, trigger: Run['trigger']) {
  if (request.kind === 'collect') return { id, kind: 'collect' as const, source: request.source, trigger };
  const { source, fromMillis, toMillis, again, resumes } = request;
  return {
    id,
    kind: 'backfill' as const,
    source,
    trigger,
    fromMillis,
    toMillis,
    parameters: { again, name: resumes ?? id },
  };
}

const deliveredOf = ({ delivered, deadLetters, waiting }: DestinationStatus) => ({
  delivered: delivered + waiting.waitingRecords,
  deadLetters,
});

function runCounts(
  counts: ReadCounts,
  destinations: readonly DestinationStatus[],
  before: ReadonlyMap<string, { readonly delivered: number; readonly deadLetters: number }>,
): RunCounts {
  const since = (d: DestinationStatus, key: 'delivered' | 'deadLetters') =>
    Math.max(0, d[key] - (before.get(d.id)?.[key] ?? 0));
  return {
    fetched: counts.fetched,
    duplicate: counts.duplicate,
    committed: counts.committed,
    dropped: { ...counts.dropped },
    delivered: Object.fromEntries(destinations.map((d) => [d.id, since(d, 'delivered')])),
    deadLetters: Object.fromEntries(
      destinations.filter((d) => since(d, 'deadLetters') > 0).map((d) => [d.id, since(d, 'deadLetters')]),
    ),
  };
}

/** Fills in what a resumed backfill was asked for when it began. */
export async function completeRequest(engine: Engine, request: StartRun): Promise<RunRequest> {
  const { kind, source, fromMillis, toMillis, again = false, resumes } = request;
  if (kind === 'collect') return { kind, source };
  if (resumes === undefined) {
    if (fromMillis === undefined || toMillis === undefined)
      throw new LogferryError('USAGE', 'A backfill needs a begin and an end.');
    return { kind, source, fromMillis, toMillis, again };
  }
  const before = await engine.store.runs.get(resumes);
  if (before?.kind !== 'backfill' || before.fromMillis === undefined || before.toMillis === undefined)
    throw new LogferryError('RUN_NOT_FOUND', `There is no backfill ${resumes}.`);
  const parameters = before.parameters as { readonly again?: boolean; readonly name?: string } | undefined;
  return {
    kind,
    source: before.source,
    fromMillis: before.fromMillis,
    toMillis: before.toMillis,
    again: parameters?.again ?? false,
    resumes: parameters?.name ?? resumes,
  };
}
