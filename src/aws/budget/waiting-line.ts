import { READ_PRIORITIES, type ReadPriority } from '../../contracts/pull-source.ts';

/**
 * Of the turns in which something more urgent is served, what a priority gets all the same while it waits. Without it
 * a standing overload of live reading would keep sweeps from sealing (and the seen ids of the process would grow), and
 * backfills from ever ending.
 */
const SHARE: Readonly<Record<ReadPriority, number>> = {
  expiring: 1,
  live: 1 / 4,
  sweep: 1 / 10,
  backfill: 1 / 20,
  audit: 1 / 50,
};
/** Sums of shares fall short of a whole turn by less than this. */
const ROUNDING = 1e-9;

interface Lane<Waiter> {
  readonly share: number;
  /** In turns. A Map and a Set iterate in the order of insertion, and delete in constant time. */
  readonly groups: Map<string, Set<Waiter>>;
  size: number;
  /** What its share has come to since it was last served; a whole one is a turn. */
  credit: number;
}

/**
 * Who waits for a budget, in the order in which they are served: by priority (as READ_PRIORITIES lists them, each with
 * its share); inside a priority the groups take turns, so that one log group with thousands of slices does not hold up
 * the others; inside a group first come, first served.
 */
export class WaitingLine<Waiter> {
  readonly #lanes = new Map<ReadPriority, Lane<Waiter>>(
    READ_PRIORITIES.map((priority) => [
      priority,
      { share: SHARE[priority], groups: new Map(), size: 0, credit: 0 },
    ]),
  );
  #size = 0;

  get size(): number {
    return this.#size;
  }

  waiting(priority: ReadPriority): number {
    return this.#lane(priority).size;
  }

  add(waiter: Waiter, priority: ReadPriority, group: string): void {
    const lane = this.#lane(priority);
    const queue = lane.groups.get(group);
    if (queue === undefined) lane.groups.set(group, new Set([waiter]));
    else queue.add(waiter);
    lane.size++;
    this.#size++;
  }

  /** Takes out who is next; undefined when nobody waits. */
  next(): Waiter | undefined {
    const lane = this.#nextLane();
    if (lane === undefined) return undefined;
    for (const [group, queue] of lane.groups) {
      for (const waiter of queue) {
        queue.delete(waiter);
        // To the end of the turn order, or out of it.
        lane.groups.delete(group);
        if (queue.size > 0) lane.groups.set(group, queue);
        this.#left(lane);
        return waiter;
      }
    }
    return undefined;
  }

  /** Who gave up; false when the waiter was not in line any more. */
  remove(waiter: Waiter, priority: ReadPriority, group: string): boolean {
    const lane = this.#lane(priority);
    const queue = lane.groups.get(group);
    if (queue?.delete(waiter) !== true) return false;
    if (queue.size === 0) lane.groups.delete(group);
    this.#left(lane);
    return true;
  }

  #nextLane(): Lane<Waiter> | undefined {
    const waiting = [...this.#lanes.values()].filter(({ size }) => size > 0);
    const [first, ...passedOver] = waiting;
    for (const lane of passedOver) lane.credit += lane.share;
    const due = passedOver.find(({ credit }) => credit >= 1 - ROUNDING);
    if (due !== undefined) due.credit -= 1;
    return due ?? first;
  }

  #left(lane: Lane<Waiter>): void {
    lane.size--;
    // Who does not wait is owed nothing.
    if (lane.size === 0) lane.credit = 0;
    this.#size--;
  }

  #lane(priority: ReadPriority): Lane<Waiter> {
    const lane = this.#lanes.get(priority);
    if (lane === undefined) throw new RangeError(`There is no priority ${priority}.`);
    return lane;
  }
}
