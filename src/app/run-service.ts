import type { StartRun } from '../api/api-backend.ts';
import type { Run } from '../contracts/run.ts';
import type { Clock } from '../foundation/clock.ts';
import { LogferryError } from '../foundation/logferry-error.ts';
import type { Logger } from '../foundation/logger.ts';
import { randomId } from '../foundation/random.ts';
import { type RunProgress, recordRun } from '../runs/record-run.ts';
import type { Engine } from './engine.ts';
import { type RunRequest, RunWork } from './run-work.ts';

interface ActiveRun {
  readonly source: string;
  readonly cancel: AbortController;
  readonly ended: Promise<unknown>;
}

/** Starts runs, one at a time for each source, and knows those under way. */
export class RunService {
  readonly #engine: Engine;
  readonly #clock: Clock;
  readonly #logger: Logger;
  readonly #active = new Map<string, ActiveRun>();

  constructor(engine: Engine, { clock, logger }: { readonly clock: Clock; readonly logger: Logger }) {
    this.#engine = engine;
    this.#clock = clock;
    this.#logger = logger;
  }

  cancel(id: string): boolean {
    const active = this.#active.get(id);
    active?.cancel.abort(new LogferryError('INTERRUPTED', 'The run was cancelled.'));
    return active !== undefined;
  }

  /** Resolves when no run is under way and how each of them ended is written down. */
  async idle(): Promise<void> {
    await Promise.allSettled([...this.#active.values()].map(({ ended }) => ended));
  }

  /**
   * Does the run to its end: read, then delivered as far as the destinations take it. When the configuration is changed
   * meanwhile it goes on under the new one. Rejects with what failed; the run's row says the same. `onProgress` is called
   * a few times a second.
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
    const both = AbortSignal.any([signal, cancel.signal]);
    const ended = recordRun(
      this.#engine.store.runs,
      rowOf(id, request, trigger),
      this.#clock,
      async (report) => {
        const work = new RunWork(id, request, this.#clock, (progress) => {
          report(progress);
          onProgress(progress);
        });
        await this.#work(work, both);
      },
    );
    this.#active.set(id, { source: request.source, cancel, ended });
    try {
      return await ended;
    } finally {
      this.#active.delete(id);
    }
  }

  async #work(work: RunWork, signal: AbortSignal): Promise<void> {
    for (;;) {
      const pipeline = await this.#engine.settledPipeline();
      try {
        await work.under(pipeline, signal);
        return;
      } catch (thrown) {
        if (signal.aborted || (await this.#engine.settledPipeline()) === pipeline) throw thrown;
      }
      await work.leave(pipeline);
      this.#requireSource(work);
      const { id, source } = work;
      this.#logger.info({ run: id, source }, 'A run goes on under the new configuration.');
    }
  }

  #requireSource({ id, source, kind }: RunWork): void {
    if (this.#engine.config.sources.some((one) => one.id === source)) return;
    throw new LogferryError('INTERRUPTED', `The configuration no longer has the source "${source}".`, {
      hint: `What was read is kept. ${kind === 'collect' ? 'A source that comes back goes on where it was.' : `When it is back: logferry backfill --resume ${id}`}`,
    });
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
