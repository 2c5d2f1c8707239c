import type { Page, Partition, Slice } from '../../contracts/pull-source.ts';
import type { FakeClock } from '../../foundation/fake-clock.ts';
import type { LogRecord } from '../../record/log-record.ts';

export interface SimulatedEvent {
  readonly record: LogRecord;
  readonly visibleAtMillis: number;
}

const origin = { source: 's', tags: {} };

/** A log group with any number of events, each shown from a time of its own on; counts the requests of reading it. */
export class SimulatedGroup implements Partition {
  readonly key = 'group';
  readonly title = '/ecs/api';
  requests = 0;
  readonly pageSize: number;
  readonly #clock: FakeClock;
  /** By time of the event. */
  #events: SimulatedEvent[] = [];
  /** Not yet put in their place. */
  #added: SimulatedEvent[] = [];
  #count = 0;

  constructor(clock: FakeClock, pageSize: number) {
    this.#clock = clock;
    this.pageSize = pageSize;
  }

  get count(): number {
    return this.#count;
  }

  put(timestampMillis: number, lateMillis: number): SimulatedEvent {
    const id = `e${this.#count++}`;
    const ingestedMillis = timestampMillis + lateMillis;
    const event = {
      record: { id, timestampMillis, ingestedMillis, message: 'm', origin },
      visibleAtMillis: ingestedMillis,
    };
    this.#added.push(event);
    return event;
  }

  /** What the service shows now of a range, both ends inclusive. */
  shown(fromMillis: number, toMillis: number): readonly LogRecord[] {
    this.#sort();
    const now = this.#clock.now();
    const shown: LogRecord[] = [];
    for (let at = this.#firstAtOrAfter(fromMillis); at < this.#events.length; at++) {
      const { record, visibleAtMillis } = this.#events[at] as SimulatedEvent;
      if (record.timestampMillis > toMillis) break;
      if (visibleAtMillis <= now) shown.push(record);
    }
    return shown;
  }

  async *read({ fromMillis, toMillis }: Slice): AsyncIterable<Page> {
    const shown = this.shown(fromMillis, toMillis);
    for (let at = 0; at === 0 || at < shown.length; at += this.pageSize) {
      this.requests++;
      await Promise.resolve();
      const records = shown.slice(at, at + this.pageSize);
      yield { records, events: records.length, serverMillis: this.#clock.now() };
    }
  }

  #sort(): void {
    if (this.#added.length === 0) return;
    const earliest = this.#added.reduce((min, { record }) => Math.min(min, record.timestampMillis), Infinity);
    const at = this.#firstAtOrAfter(earliest);
    const tail = [...this.#events.slice(at), ...this.#added];
    tail.sort((a, b) => a.record.timestampMillis - b.record.timestampMillis);
    this.#events.length = at;
    for (const event of tail) this.#events.push(event);
    this.#added = [];
  }

  #firstAtOrAfter(millis: number): number {
    let low = 0;
    let high = this.#events.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#events[middle] as SimulatedEvent).record.timestampMillis < millis) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
