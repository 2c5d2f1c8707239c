import type { RecordBatch } from '../record/log-record.ts';
import type { Checkpoint, SeenChunk, TimeRange } from './checkpoint.ts';
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
  /** Ids to add that were read under another checkpoint, which has counted them. */
  readonly seenAdopted?: readonly SeenChunk[];
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

/** For so long after its event time it is known how many events a minute had. */
export const COUNTS_KEPT_MILLIS = 14 * 86_400_000;

/** For so long after a minute was sealed it is known which events they were. */
export const FINGERPRINTS_KEPT_MILLIS = 86_400_000;

/** How many events a checkpoint has read of an hour of event time, each counted once. */
export interface HourCounts {
  readonly hourStartMillis: number;
  /** 60 of them. */
  readonly byMinute: readonly number[];
  /** Of each minute, the XOR of the hashes of its events' ids (idHash); left out when not known, or no longer kept. */
  readonly fingerprints?: readonly bigint[];
}

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
  /**
   * The hours of a checkpoint that touch the range and had events, ascending. A commit adds to them what it adds to the
   * seen ids; sealing takes nothing away. Older ones than COUNTS_KEPT_MILLIS are let go, and fingerprints sooner.
   */
  counts(key: string, range: TimeRange): Promise<readonly HourCounts[]>;
  /** Forgets a checkpoint with its seen ids and counts; what is in the spool stays. */
  forget(key: string): Promise<void>;
  /** undefined: somebody else holds it. The same owner may acquire again to prolong it. */
  acquireLease(name: string, owner: string, ttlMillis: number): Promise<Lease | undefined>;
  releaseLease(lease: Lease): Promise<void>;
  close(): Promise<void>;
}
