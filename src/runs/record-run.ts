import type { Run, RunCounts, RunState, RunStore } from '../contracts/run.ts';
import type { Clock } from '../foundation/clock.ts';
import { describeError, isAbort, LogferryError } from '../foundation/logferry-error.ts';

/** A run that did not say for this long that it is alive is taken for dead. */
export const LOST_AFTER_MILLIS = 30_000;
const HEARTBEAT_MILLIS = 2000;

export const NO_RUN_COUNTS: RunCounts = {
  fetched: 0,
  duplicate: 0,
  committed: 0,
  dropped: {},
  delivered: {},
  deadLetters: {},
};

export interface RunProgress {
  readonly counts: RunCounts;
  /** 0 … 1 of the range; undefined where there is no range. */
  readonly progress?: number;
  /** What holds it up now. */
  readonly waitsFor?: string | undefined;
}

/**
 * Does `work` as a run: its row is there before it begins, tells every 2 s how far it is, and says in the end how it
 * ended. Rejects with what `work` threw.
 */
export async function recordRun(
  store: RunStore,
  run: Omit<Run, 'state' | 'createdAtMillis' | 'counts' | 'pid'>,
  clock: Clock,
  work: (report: (progress: RunProgress) => void) => Promise<void>,
): Promise<Run> {
  const nowMillis = clock.now();
  const begun: Run = {
    ...run,
    state: 'running',
    createdAtMillis: nowMillis,
    startedAtMillis: nowMillis,
    heartbeatAtMillis: nowMillis,
    pid: process.pid,
    counts: NO_RUN_COUNTS,
  };
  await store.create(begun);
  let latest: RunProgress = { counts: NO_RUN_COUNTS };
  const stop = new AbortController();
  const beating = beat(store, run.id, clock, () => latest, stop.signal);
  let ended: Partial<Run> = { state: 'succeeded' };
  try {
    await work((progress) => {
      latest = progress;
    });
    if (latest.progress !== undefined) latest = { ...latest, progress: 1 };
  } catch (thrown) {
    ended = endOf(thrown);
    throw thrown;
  } finally {
    stop.abort();
    await beating;
    latest = { ...latest, waitsFor: undefined };
    await store.update(run.id, { ...ended, ...latest, endedAtMillis: clock.now() });
  }
  return { ...begun, ...ended, ...latest, endedAtMillis: clock.now() };
}

function endOf(thrown: unknown): Partial<Run> & { readonly state: RunState } {
  if (isAbort(thrown) || (thrown instanceof LogferryError && thrown.code === 'INTERRUPTED'))
    return { state: 'cancelled', error: describeError(thrown) };
  const errorCode = thrown instanceof LogferryError ? thrown.code : 'INTERNAL';
  return { state: 'failed', errorCode, error: describeError(thrown) };
}

async function beat(
  store: RunStore,
  id: string,
  clock: Clock,
  latest: () => RunProgress,
  signal: AbortSignal,
): Promise<void> {
  while (!signal.aborted) {
    await clock.sleep(HEARTBEAT_MILLIS, signal).catch(() => {});
    if (signal.aborted) return;
    // A heartbeat that fails is made up for by the next one; the end state is written in any case.
    await store.update(id, { ...latest(), heartbeatAtMillis: clock.now() }).catch(() => {});
  }
}

/** Says of runs whose process died that they are lost; resolves to them. To be called by the holder of the data folder. */
export async function markLostRuns(store: RunStore, clock: Clock): Promise<readonly Run[]> {
  const lost: Run[] = [];
  for (const run of await store.list({ states: ['queued', 'running'], limit: 1000 })) {
    const updated = await store.update(run.id, {
      state: 'lost',
      endedAtMillis: clock.now(),
      error: 'The process that did it ended without a word.',
    });
    if (updated !== undefined) lost.push(updated);
  }
  return lost;
}
