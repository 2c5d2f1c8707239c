import { firstAtOrAfter, idOf, type LiveGroup, timeOf, visibleAt } from './live-groups.ts';
import { messagePool } from './message-pool.ts';

export interface PageRequest {
  readonly fromMillis: number;
  /** Inclusive. */
  readonly toMillis: number;
  readonly limit: number;
  /** The index that a page before has come to. */
  readonly token: number | undefined;
}

export interface LivePage {
  /** Of the reply's body; ASCII. */
  readonly text: string;
  readonly events: number;
  /** Of the first event, and of what follows the last. */
  readonly fromIndex: number;
  readonly toIndex: number;
  readonly hasMore: boolean;
}

export const PAGE_EVENTS = 10_000;
const PAGE_BYTES = 1024 * 1024;
/** The service adds this to the length of each message. */
const EVENT_OVERHEAD_BYTES = 26;
const STREAMS = 4;

function countedBytesOf({ countedBytes, messageBytes }: LiveGroup): number {
  return countedBytes ?? messageBytes + EVENT_OVERHEAD_BYTES;
}

/** How many events a page of the group holds at most. */
export function eventsAPage(group: LiveGroup): number {
  return Math.min(PAGE_EVENTS, Math.floor(PAGE_BYTES / countedBytesOf(group)));
}

/** Makes pages of a group as FilterLogEvents does, of what is visible at the time. */
export class LivePages {
  readonly #pools = new Map<number, readonly string[]>();
  readonly #streams = new Map<string, readonly string[]>();

  page(group: LiveGroup, { fromMillis, toMillis, limit, token }: PageRequest, nowMillis: number): LivePage {
    const pool = this.#pool(group.messageBytes);
    const streams = this.#streamsOf(group);
    const countedBytes = countedBytesOf(group);
    // Nothing is visible before its own time.
    const end = firstAtOrAfter(group, Math.min(toMillis, nowMillis) + 1);
    const fromIndex = token ?? firstAtOrAfter(group, fromMillis);
    let index = fromIndex;
    let events = 0;
    let bytes = 0;
    let text = '';
    for (; index < end; index++) {
      const visibleMillis = visibleAt(group, index);
      if (visibleMillis > nowMillis) continue;
      const message = pool[index % pool.length] as string;
      bytes += countedBytes;
      if (events >= limit || (bytes > PAGE_BYTES && events > 0)) break;
      text += `${events === 0 ? '' : ','}{"logStreamName":${streams[index % STREAMS]},"timestamp":${timeOf(group, index)},"message":${message},"ingestionTime":${visibleMillis},"eventId":"${idOf(group, index)}"}`;
      events++;
    }
    const hasMore = index < end;
    const next = hasMore ? `,"nextToken":"${index}"` : '';
    return {
      text: `{"events":[${text}],"searchedLogStreams":[]${next}}`,
      events,
      fromIndex,
      toIndex: index,
      hasMore,
    };
  }

  #pool(bytes: number): readonly string[] {
    const pool = this.#pools.get(bytes) ?? messagePool(bytes);
    this.#pools.set(bytes, pool);
    return pool;
  }

  #streamsOf({ name }: LiveGroup): readonly string[] {
    const known =
      this.#streams.get(name) ??
      Array.from({ length: STREAMS }, (_, at) =>
        JSON.stringify(`app${name}/${at + 1}`.replaceAll('//', '/')),
      );
    this.#streams.set(name, known);
    return known;
  }
}
