import { compareKeys, type EventKey, type StoredEvent } from './stored-event.ts';

/**
 * Events in the order of their keys. What comes in order is appended; what comes late waits in a side list and is
 * merged at the next read, so that filling a group stream by stream costs one merge and not one for each event.
 * Invariant: reads only see the merged whole.
 */
export class EventLog {
  readonly #sorted: StoredEvent[] = [];
  #late: StoredEvent[] = [];

  add(event: StoredEvent): void {
    const last = this.#sorted.at(-1);
    if (this.#late.length === 0 && (last === undefined || compareKeys(last, event) < 0)) {
      this.#sorted.push(event);
    } else {
      this.#late.push(event);
    }
  }

  /** All events in order. Valid until the next `add`. */
  get events(): readonly StoredEvent[] {
    if (this.#late.length > 0) this.#merge();
    return this.#sorted;
  }

  /** Index of the first event at or after the time. */
  firstAtOrAfter(timestampMillis: number): number {
    return firstWhere(this.events, (event) => event.timestampMillis >= timestampMillis);
  }

  /** Index of the first event behind the key, which need not be in the log any more. */
  firstAfter(key: EventKey): number {
    return firstWhere(this.events, (event) => compareKeys(event, key) > 0);
  }

  /** Drops what is before the time, and answers it. */
  forgetBefore(timestampMillis: number): readonly StoredEvent[] {
    const count = this.firstAtOrAfter(timestampMillis);
    return count === 0 ? [] : this.#sorted.splice(0, count);
  }

  #merge(): void {
    const late = this.#late.sort(compareKeys);
    this.#late = [];
    const first = late[0] as StoredEvent;
    const from = firstWhere(this.#sorted, (event) => compareKeys(event, first) > 0);
    const tail = this.#sorted.splice(from);
    let next = 0;
    for (const event of late) {
      while (next < tail.length && compareKeys(tail[next] as StoredEvent, event) < 0) {
        this.#sorted.push(tail[next++] as StoredEvent);
      }
      this.#sorted.push(event);
    }
    while (next < tail.length) this.#sorted.push(tail[next++] as StoredEvent);
  }
}

/** Binary search: the predicate is false up to some index and true from there on. */
function firstWhere(events: readonly StoredEvent[], holds: (event: StoredEvent) => boolean): number {
  let low = 0;
  let high = events.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (holds(events[middle] as StoredEvent)) high = middle;
    else low = middle + 1;
  }
  return low;
}
