/** A naive state store: what was committed is there for ever, and every other thing of a killed process is gone. */
import type {
  Commit,
  CommitOutcome,
  StateStore,
  StoredCheckpoint,
} from '../../../../src/contracts/state-store.ts';
import { LogferryError } from '../../../../src/foundation/logferry-error.ts';
import { SEEN_BUCKET_MILLIS } from '../../../../src/source-kit/seen-ids.ts';
import type { WorldClock } from './clock.ts';

export type Mishap = 'none' | 'killed before' | 'killed after' | 'failed' | 'full';

export interface Owner {
  isAlive: boolean;
}

/** What a process uses of a state store. */
export type UsedStore = Pick<StateStore, 'load' | 'list' | 'commit' | 'spool'>;

export const never = <T>(): Promise<T> => new Promise<T>(() => {});

export class NaiveState {
  readonly #stored = new Map<string, StoredCheckpoint>();

  load(key: string): Promise<StoredCheckpoint | undefined> {
    return Promise.resolve(this.#stored.get(key));
  }

  list(prefix: string): Promise<readonly StoredCheckpoint[]> {
    const keys = [...this.#stored.keys()].filter((key) => key.startsWith(prefix)).toSorted();
    return Promise.resolve(keys.map((key) => this.#stored.get(key) as StoredCheckpoint));
  }

  close(): Promise<void> {
    return Promise.resolve();
  }

  commit(commit: Commit): Promise<CommitOutcome> {
    const before = this.#stored.get(commit.key);
    const revision = before?.revision ?? 0;
    if (commit.expectedRevision !== revision) return Promise.resolve({ kind: 'conflict', revision });
    const sealedMillis = commit.seenSealedBeforeMillis ?? 0;
    const seen = [...(before?.seen ?? []), ...(commit.seenAdopted ?? []), ...commit.seenAdded].filter(
      ({ bucketStartMillis }) => bucketStartMillis + SEEN_BUCKET_MILLIS > sealedMillis,
    );
    this.#stored.set(commit.key, {
      key: commit.key,
      revision: revision + 1,
      checkpoint: structuredClone(commit.checkpoint),
      transformStates: commit.transformStates,
      seen,
    });
    return Promise.resolve({ kind: 'committed', revision: revision + 1 });
  }
}

export interface WatchedStateParts {
  readonly state: Pick<StateStore, 'load' | 'list' | 'commit'>;
  /** Told of each call, so that no time of the world passes while a real disk is waited for. */
  readonly busy: <T>(call: Promise<T>) => Promise<T>;
  readonly clock: WorldClock;
  readonly draw: () => Mishap;
  readonly kill: () => void;
  readonly committed: (commit: Commit) => void;
  readonly fullMillis: () => number;
}

/** As one process sees it; a process that is dead is never answered. */
export function stateOf(owner: Owner, parts: WatchedStateParts): UsedStore {
  const { state, busy, clock, draw, kill, committed, fullMillis } = parts;
  const alive = async <T>(ask: () => Promise<T>): Promise<T> => {
    if (!owner.isAlive) return await never<T>();
    const answer = await ask();
    return owner.isAlive ? answer : await never<T>();
  };
  const commit = async (wanted: Commit): Promise<CommitOutcome> => {
    const mishap = draw();
    if (mishap === 'killed before') {
      kill();
      return await never();
    }
    if (mishap === 'failed') throw new LogferryError('STATE_FAILED', 'The disk failed.');
    if (mishap === 'full') return { kind: 'full', usedBytes: 1, maxBytes: 1 };
    const outcome = await busy(state.commit(wanted));
    if (outcome.kind === 'committed') committed(wanted);
    if (mishap === 'killed after') {
      kill();
      return await never();
    }
    return outcome;
  };
  return {
    load: (key) => alive(() => busy(state.load(key))),
    list: (prefix) => alive(() => busy(state.list(prefix))),
    commit: (wanted) => alive(() => commit(wanted)),
    spool: {
      waitForSpace: (signal: AbortSignal) => clock.sleep(owner, fullMillis(), signal),
    } as StateStore['spool'],
  };
}
