import type { RecordBatch } from '../record/log-record.ts';
import type { Checkpoint, SeenChunk } from './checkpoint.ts';
import type { RunStore } from './run.ts';
import type { Spool } from './spool.ts';

/** What transforms hold for a partition between two batches (lines not yet joined), by transform id. JSON. */
export type TransformStates = Readonly<Record<string, unknown>>;

export interface StoredCheckpoint {
  readonly key: string;
  /** Grows by one with each commit; 0 = never committed. */
  readonly revision: number;
  readonly checkpoint: Checkpoint;
  readonly transformStates: TransformStates;
  readonly seen: readonly SeenChunk[];
}

export interface Commit {
  readonly key: string;
  /** The revision that this commit was made from; 0 for a key that is not there yet. */
  readonly expectedRevision: number;
  readonly checkpoint: Checkpoint;
  readonly transformStates: TransformStates;
  /** Seen ids to add. */
  readonly seenAdded: readonly SeenChunk[];
  /** Buckets that end at or before this are dropped; undefined drops none. */
  readonly seenSealedBeforeMillis?: number;
  /** What goes to the spool, by topic. A topic that no consumer reads is not kept. Empty batches are left out. */
  readonly batches: readonly { readonly topic: string; readonly batch: RecordBatch }[];
  /** With leases: refused when a newer token was given out for the key. */
  readonly fencingToken?: number;
}

export type CommitOutcome =
  | { readonly kind: 'committed'; readonly revision: number }
  /** Somebody else moved the checkpoint: load it again. Nothing was written. */
  | { readonly kind: 'conflict'; readonly revision: number }
  /** The spool is at its bound. Nothing was written. Wait with `spool.waitForSpace`. */
  | { readonly kind: 'full'; readonly usedBytes: number; readonly maxBytes: number };

/** The right to move what `name` stands for, until it expires or is given back. */
export interface Lease {
  readonly name: string;
  readonly fencingToken: number;
  readonly expiresAtMillis: number;
}

/**
 * Everything that must survive: checkpoints, spool, dead letters, runs, leases. One implementation a database.
 *
 * Obligations: `commit` is one transaction, and when it resolves the data is on stable storage. Every method rejects
 * with a LogferryError (STATE_*) when the database fails, and then nothing was changed.
 */
export interface StateStore {
  readonly spool: Spool;
  readonly runs: RunStore;
  load(key: string): Promise<StoredCheckpoint | undefined>;
  /** Checkpoints without their seen ids, ascending by key. */
  list(keyPrefix: string): Promise<readonly Omit<StoredCheckpoint, 'seen'>[]>;
  commit(commit: Commit): Promise<CommitOutcome>;
  /** Forgets a checkpoint with its seen ids; what is in the spool stays. */
  forget(key: string): Promise<void>;
  /** undefined: somebody else holds it. The same owner may acquire again to prolong it. */
  acquireLease(name: string, owner: string, ttlMillis: number): Promise<Lease | undefined>;
  releaseLease(lease: Lease): Promise<void>;
  close(): Promise<void>;
}
