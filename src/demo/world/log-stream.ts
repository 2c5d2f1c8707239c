import { EventLog } from './event-log.ts';
import type { EventStream, StoredEvent } from './stored-event.ts';

/** What DescribeLogStreams tells of a stream's events; undefined when none is shown. */
export interface StreamTimes {
  readonly firstEventMillis: number;
  readonly lastEventMillis: number;
  readonly lastIngestionMillis: number;
}

export class LogStream implements EventStream {
  readonly name: string;
  readonly createdAtMillis: number;
  readonly log = new EventLog();
  readonly filterJsonHead: string;

  constructor(name: string, createdAtMillis: number) {
    this.name = name;
    this.createdAtMillis = createdAtMillis;
    this.filterJsonHead = `{"logStreamName":${JSON.stringify(name)},"timestamp":`;
  }

  /** Of the events from `fromMillis` on that are shown at `nowMillis`. Costs as many steps as there are hidden ones at the ends. */
  times(fromMillis: number, nowMillis: number): StreamTimes | undefined {
    const { events } = this.log;
    const isShown = (event: StoredEvent | undefined) =>
      event !== undefined && event.visibleAtMillis <= nowMillis;
    let first = this.log.firstAtOrAfter(fromMillis);
    while (first < events.length && !isShown(events[first])) first++;
    let last = events.length - 1;
    while (last > first && !isShown(events[last])) last--;
    const [firstEvent, lastEvent] = [events[first], events[last]];
    if (firstEvent === undefined || lastEvent === undefined) return undefined;
    return {
      firstEventMillis: firstEvent.timestampMillis,
      lastEventMillis: lastEvent.timestampMillis,
      lastIngestionMillis: lastEvent.ingestedMillis,
    };
  }
}
