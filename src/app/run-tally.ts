import type { RunCounts } from '../contracts/run.ts';
import type { DestinationStatus } from '../pipeline/pipeline.ts';
import { noCounts, type ReadCounts } from '../pipeline/slice-reader.ts';

interface Delivered {
  readonly delivered: number;
  readonly deadLetters: number;
}

/**
 * What a run read and what of it was delivered. Destinations count from the start of their delivery, which begins anew
 * when a reload puts another pipeline in place: `begin` with each, and `end` with what the one before has come to.
 */
export class RunTally {
  #read = noCounts();
  #readBefore = noCounts();
  /** What is not this run's: delivered when the pipeline was begun with, or waiting when the run was. */
  #others = new Map<string, Delivered>();
  #hasBegun = false;

  begin(destinations: readonly DestinationStatus[]): void {
    if (this.#hasBegun) return;
    this.#hasBegun = true;
    // What waits from before the run goes out first.
    for (const { id, delivered, deadLetters, waiting } of destinations)
      this.#others.set(id, { delivered: delivered + waiting.waitingRecords, deadLetters });
  }

  /** The counts that reading goes on with: they are right also when it is broken off. */
  reads(counts: ReadCounts): void {
    this.#read = counts;
  }

  end(destinations: readonly DestinationStatus[]): void {
    for (const { id, delivered, deadLetters } of destinations) {
      const others = this.#others.get(id) ?? NOTHING;
      this.#others.set(id, {
        delivered: others.delivered - delivered,
        deadLetters: others.deadLetters - deadLetters,
      });
    }
    this.#readBefore = sum(this.#readBefore, this.#read);
    this.#read = noCounts();
  }

  counts(destinations: readonly DestinationStatus[]): RunCounts {
    const { fetched, duplicate, committed, dropped } = sum(this.#readBefore, this.#read);
    const since = (one: DestinationStatus, key: keyof Delivered) =>
      Math.max(0, one[key] - (this.#others.get(one.id) ?? NOTHING)[key]);
    const dead = destinations
      .map((one) => [one.id, since(one, 'deadLetters')] as const)
      .filter(([, records]) => records > 0);
    return {
      fetched,
      duplicate,
      committed,
      dropped: { ...dropped },
      delivered: Object.fromEntries(destinations.map((one) => [one.id, since(one, 'delivered')])),
      deadLetters: Object.fromEntries(dead),
    };
  }
}

const NOTHING: Delivered = { delivered: 0, deadLetters: 0 };

function sum(a: ReadCounts, b: ReadCounts): ReadCounts {
  const dropped = { ...a.dropped };
  for (const [reason, records] of Object.entries(b.dropped))
    dropped[reason] = (dropped[reason] ?? 0) + records;
  return {
    fetched: a.fetched + b.fetched,
    duplicate: a.duplicate + b.duplicate,
    committed: a.committed + b.committed,
    dropped,
  };
}
