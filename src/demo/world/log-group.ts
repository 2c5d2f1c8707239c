import type { WorldEvent, WorldLogGroup } from '../aws-world.ts';
import { EventIds } from './event-ids.ts';
import { EventLog } from './event-log.ts';
import { LogStream } from './log-stream.ts';
import { SortedNames } from './sorted-names.ts';
import { EVENT_OVERHEAD_BYTES, type StoredEvent } from './stored-event.ts';

const DAY_MILLIS = 24 * 60 * 60 * 1000;

/** A log group with its streams and events. It holds every event until told to forget; what is shown of it is decided by the reader's time. */
export class LogGroup {
  readonly region: string;
  readonly name: string;
  /** Without the `:*` that DescribeLogGroups adds. */
  readonly arn: string;
  readonly createdAtMillis: number;
  readonly logGroupClass: NonNullable<WorldLogGroup['logGroupClass']>;
  /** Which making of a group of this name it is, from 1: tokens of an earlier one mean nothing to it. */
  readonly generation: number;
  retentionDays: number | undefined;
  /** Every event, of all streams. Each stream has its own in `stream.log`. */
  readonly log = new EventLog();
  readonly streams = new SortedNames<LogStream>();
  readonly #ids: EventIds;
  #sequence = 0;
  #storedBytes = 0;

  constructor(group: WorldLogGroup, arn: string, generation: number) {
    this.region = group.region;
    this.name = group.name;
    this.arn = arn;
    this.createdAtMillis = group.createdAtMillis ?? 0;
    this.logGroupClass = group.logGroupClass ?? 'STANDARD';
    this.retentionDays = group.retentionDays;
    this.generation = generation;
    this.#ids = new EventIds(`${arn} ${generation}`);
  }

  get storedBytes(): number {
    return this.#storedBytes;
  }

  /** Events before it are no longer shown. */
  retentionStart(nowMillis: number): number {
    return this.retentionDays === undefined ? 0 : nowMillis - this.retentionDays * DAY_MILLIS;
  }

  /** Lets go of events for good; their streams stay. */
  forgetBefore(timestampMillis: number): void {
    const forgotten = this.log.forgetBefore(timestampMillis);
    for (const event of forgotten) this.#storedBytes -= event.bytes;
    for (const name of new Set(forgotten.map((event) => event.stream.name))) {
      this.streams.get(name)?.log.forgetBefore(timestampMillis);
    }
  }

  createStream(name: string, createdAtMillis: number): LogStream {
    const stream = new LogStream(name, createdAtMillis);
    this.streams.set(name, stream);
    return stream;
  }

  put(streamName: string, events: readonly WorldEvent[]): string[] {
    for (const event of events) checkTimestamp(event.timestampMillis);
    const first = events[0];
    const createdAt = first?.ingestedMillis ?? first?.timestampMillis ?? this.createdAtMillis;
    const stream = this.streams.get(streamName) ?? this.createStream(streamName, createdAt);
    return events.map((event) => this.#add(stream, event));
  }

  #add(stream: LogStream, event: WorldEvent): string {
    const { timestampMillis, message } = event;
    const ingestedMillis = event.ingestedMillis ?? timestampMillis;
    const sequence = this.#sequence++;
    const stored: StoredEvent = {
      timestampMillis,
      ingestedMillis,
      sequence,
      visibleAtMillis: event.visibleAtMillis ?? ingestedMillis,
      message,
      bytes: Buffer.byteLength(message) + EVENT_OVERHEAD_BYTES,
      id: this.#ids.idOf(timestampMillis, sequence),
      stream,
    };
    this.#storedBytes += stored.bytes;
    this.log.add(stored);
    stream.log.add(stored);
    return stored.id;
  }
}

function checkTimestamp(timestampMillis: number): void {
  if (!Number.isSafeInteger(timestampMillis) || timestampMillis < 0) {
    throw new RangeError(`An event's time must be whole milliseconds since 1970, not ${timestampMillis}.`);
  }
}
