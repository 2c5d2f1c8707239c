import { READ_PRIORITIES, type ReadPriority } from '../../contracts/pull-source.ts';

/**
 * Who waits for a budget, in the order in which they are served: by priority (strictly, as READ_PRIORITIES lists
 * them); inside a priority the groups take turns, so that one log group with thousands of slices does not hold up
 * the others; inside a group first come, first served.
 */
export class WaitingLine<Waiter> {
  // A Map and a Set iterate in the order of insertion, and delete in constant time.
  readonly #lanes = new Map<ReadPriority, Map<string, Set<Waiter>>>(
    READ_PRIORITIES.map((priority) => [priority, new Map<string, Set<Waiter>>()]),
  );
  #size = 0;

  get size(): number {
    return this.#size;
  }

  add(waiter: Waiter, priority: ReadPriority, group: string): void {
    const lane = this.#lane(priority);
    const queue = lane.get(group);
    if (queue === undefined) lane.set(group, new Set([waiter]));
    else queue.add(waiter);
    this.#size++;
  }

  /** Takes out who is next; undefined when nobody waits. */
  next(): Waiter | undefined {
    for (const lane of this.#lanes.values()) {
      for (const [group, queue] of lane) {
        for (const waiter of queue) {
          queue.delete(waiter);
          // To the end of the turn order, or out of it.
          lane.delete(group);
          if (queue.size > 0) lane.set(group, queue);
          this.#size--;
          return waiter;
        }
      }
    }
    return undefined;
  }

  /** Who gave up; false when the waiter was not in line any more. */
  remove(waiter: Waiter, priority: ReadPriority, group: string): boolean {
    const lane = this.#lane(priority);
    const queue = lane.get(group);
    if (queue?.delete(waiter) !== true) return false;
    if (queue.size === 0) lane.delete(group);
    this.#size--;
    return true;
  }

  #lane(priority: ReadPriority): Map<string, Set<Waiter>> {
    const lane = this.#lanes.get(priority);
    if (lane === undefined) throw new RangeError(`There is no priority ${priority}.`);
    return lane;
  }
}
