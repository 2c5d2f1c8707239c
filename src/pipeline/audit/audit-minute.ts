/**
 * Counts a sealed minute again, and adds what is missing of it.
 *
 *   by stream, where that can be done ── as many as were kept ──> complete
 *        │ not as many, or cannot be done
 *   read again as ever ── the same events ──> complete, or by stream there were more: those are missing
 *        │ more
 *   which ones? ── proved ──> added       not proved ──> only told
 */
import type { AuditWay, TimeRange } from '../../contracts/checkpoint.ts';
import type { Partition, RecountObstacle } from '../../contracts/pull-source.ts';
import type { StateStore } from '../../contracts/state-store.ts';
import { LogferryError } from '../../foundation/logferry-error.ts';
import { approximateBytes, type LogRecord } from '../../record/log-record.ts';
import { idHash } from '../../source-kit/seen-ids.ts';
import { MINUTE_MILLIS } from '../coverage/coverage.ts';
import { compareMinute, type KeptMinute } from './compare-minute.ts';
import { contentDifference } from './content-difference.ts';
import { MAX_FOUND } from './found-events.ts';
import { isSameKept, keptOfMinute } from './kept-minute.ts';
import { readAgain } from './read-again.ts';

export type AuditOutcome =
  | { readonly kind: 'complete'; readonly way: AuditWay; readonly events: number }
  | {
      readonly kind: 'missing';
      readonly way: AuditWay;
      readonly kept: number;
      readonly missing: number;
      readonly repaired: number;
      /** Why not all were repaired. */
      readonly because?: 'unidentified' | 'repair_off' | 'changed';
    }
  | { readonly kind: 'not_comparable'; readonly reason: string };

/** What is audited: a partition, and who may commit for it. */
export interface AuditTarget {
  readonly partition: Partition;
  addMissing(
    minute: TimeRange,
    records: readonly LogRecord[],
    isStillMissing: () => Promise<boolean>,
    signal: AbortSignal,
  ): Promise<boolean>;
}

export interface AuditContext {
  readonly store: Pick<StateStore, 'list' | 'counts'>;
  readonly repair: boolean;
}

/** Records that one commit adds. */
const MAX_ADDED_RECORDS = 5000;
const MAX_ADDED_BYTES = 8 * 1024 * 1024;

/** The minute must be sealed. Throws what reading threw. */
export async function auditMinute(
  target: AuditTarget,
  minuteMillis: number,
  context: AuditContext,
  signal: AbortSignal,
): Promise<AuditOutcome> {
  const { partition } = target;
  const minute = { fromMillis: minuteMillis, toMillis: minuteMillis + MINUTE_MILLIS - 1 };
  const kept = await keptOfMinute(context.store, partition.key, minuteMillis);
  if (kept === undefined) return await auditUncounted(partition, minute, signal);
  if (kept.all.events > MAX_FOUND) return { kind: 'not_comparable', reason: 'too_many_events' };

  const byStream = await countByStream(partition, minute, signal);
  if (byStream === kept.all.events) return { kind: 'complete', way: 'by_stream', events: byStream };

  const found = await readAgain(partition, { ...minute, priority: 'audit' }, signal);
  if (found === undefined) return { kind: 'not_comparable', reason: 'too_many_events' };
  const comparison = compareMinute(found, kept);
  if (comparison.kind === 'not_comparable') return comparison;
  const repair = new Repair(target, minute, kept, context, signal);
  if (comparison.kind === 'missing') {
    const way = typeof byStream === 'number' && byStream >= found.count ? 'by_stream' : 'read_again';
    const missing = found.count - comparison.kept.events;
    const events = { kind: 'missing', way, kept: kept.all.events, missing } as const;
    if (comparison.indexes === undefined) return { ...events, repaired: 0, because: 'unidentified' };
    const hashes = comparison.indexes.map((index) => found.hashAt(index));
    return { ...events, ...(await repair.byIds(hashes)) };
  }
  if (typeof byStream !== 'number' || byStream <= found.count)
    return { kind: 'complete', way: 'read_again', events: found.count };
  // What was kept is what reading shows, and still the streams hold more.
  const difference = await contentDifference(partition, minute, signal);
  // An event that is only there more often is none that can be told from the others.
  if (difference?.length !== byStream - found.count)
    return { kind: 'not_comparable', reason: 'other_content' };
  const events = { way: 'by_stream', kept: kept.all.events, missing: difference.length } as const;
  return { kind: 'missing', ...events, ...(await repair.withRecords(difference)) };
}

/** A log group in which nothing ever was has no counts either. */
async function auditUncounted(
  partition: Partition,
  minute: TimeRange,
  signal: AbortSignal,
): Promise<AuditOutcome> {
  const found = await readAgain(partition, { ...minute, priority: 'audit' }, signal);
  return found?.count === 0
    ? { kind: 'complete', way: 'read_again', events: 0 }
    : { kind: 'not_comparable', reason: 'no_counts' };
}

/** How many there are by the other way, or why that cannot be told. */
async function countByStream(
  partition: Partition,
  minute: TimeRange,
  signal: AbortSignal,
): Promise<number | RecountObstacle | undefined> {
  try {
    const recount = await partition.recount?.(minute, signal);
    if (recount === undefined || recount.kind === 'impossible') return recount?.reason;
    let events = 0;
    for await (const page of recount.pages) events += page.records.length;
    return events;
  } catch (thrown) {
    if (thrown instanceof LogferryError && thrown.code === 'AWS_DENIED') return 'denied';
    throw thrown;
  }
}

type Repaired = Pick<AuditOutcome & { readonly kind: 'missing' }, 'repaired' | 'because'>;

/** Adds what is missing, a bounded part at a time, as long as what was kept is what it was when it was compared. */
class Repair {
  readonly #target: AuditTarget;
  readonly #minute: TimeRange;
  readonly #context: AuditContext;
  readonly #signal: AbortSignal;
  #kept: KeptMinute;
  #repaired = 0;

  constructor(
    target: AuditTarget,
    minute: TimeRange,
    kept: KeptMinute,
    context: AuditContext,
    signal: AbortSignal,
  ) {
    this.#target = target;
    this.#minute = minute;
    this.#kept = kept;
    this.#context = context;
    this.#signal = signal;
  }

  /** In their order: what is left after each part can still be told (identifyMissing). */
  async byIds(hashes: readonly bigint[]): Promise<Repaired> {
    if (!this.#context.repair) return { repaired: 0, because: 'repair_off' };
    let rest = hashes;
    while (rest.length > 0) {
      const records = await this.#collect(rest.slice(0, MAX_ADDED_RECORDS));
      if (records.length === 0 || !(await this.#add(records)))
        return { repaired: this.#repaired, because: 'changed' };
      rest = rest.slice(records.length);
    }
    return { repaired: this.#repaired };
  }

  async withRecords(records: readonly LogRecord[]): Promise<Repaired> {
    if (!this.#context.repair) return { repaired: 0, because: 'repair_off' };
    const isAdded = await this.#add(records);
    return { repaired: this.#repaired, ...(!isAdded && { because: 'changed' as const }) };
  }

  /** The records of the first of these hashes, as many as fit; fewer when the service shows them no longer. */
  async #collect(hashes: readonly bigint[]): Promise<readonly LogRecord[]> {
    const wanted = new Map(hashes.map((hash, index) => [hash, index]));
    const records: (LogRecord | undefined)[] = [];
    let bytes = 0;
    const slice = { ...this.#minute, priority: 'audit' } as const;
    for await (const page of this.#target.partition.read(slice, this.#signal)) {
      for (const record of page.records) {
        const index = wanted.get(idHash(record.id));
        if (index === undefined || records[index] !== undefined) continue;
        records[index] = record;
        bytes += approximateBytes(record);
        // What is last goes with the next part.
        for (let last = hashes.length - 1; bytes > MAX_ADDED_BYTES && last > 0; last--) {
          wanted.delete(hashes[last] as bigint);
          const dropped = records[last];
          records.length = Math.min(records.length, last);
          if (dropped !== undefined) bytes -= approximateBytes(dropped);
        }
      }
    }
    const end = Array.from(records).indexOf(undefined);
    return records.slice(0, end === -1 ? records.length : end) as LogRecord[];
  }

  async #add(records: readonly LogRecord[]): Promise<boolean> {
    const { store } = this.#context;
    const { key } = this.#target.partition;
    const keptNow = () => keptOfMinute(store, key, this.#minute.fromMillis);
    const isStillMissing = async () => {
      const now = await keptNow();
      return now !== undefined && isSameKept(now, this.#kept);
    };
    if (!(await this.#target.addMissing(this.#minute, records, isStillMissing, this.#signal))) return false;
    this.#repaired += records.length;
    this.#kept = (await keptNow()) ?? this.#kept;
    return true;
  }
}
