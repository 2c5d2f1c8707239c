import type { LogGroup } from '../../world/log-group.ts';
import type { LogStream } from '../../world/log-stream.ts';
import { compareKeys, type EventKey, type StoredEvent } from '../../world/stored-event.ts';
import type { ApiCall, Reply } from '../api-call.ts';
import { resourceNotFound } from '../api-error.ts';
import { MAX_PAGE_BYTES, MAX_PAGE_EVENTS } from './filter-log-events.ts';
import { findLogGroup, refuseToken } from './find-log-group.ts';

/** A place between events: behind `key` when reading forward, before it when reading backward. */
interface Cursor {
  readonly direction: 'f' | 'b';
  readonly key: EventKey;
}

interface Range {
  readonly from: number;
  /** Exclusive, unlike in FilterLogEvents. */
  readonly until: number;
}

/** One stream, page by page in both directions. The end is where the token that was sent comes back. */
export function getLogEvents(call: ApiCall): Reply {
  const group = findLogGroup(call);
  const stream = group.streams.get(call.input.text('logStreamName'));
  if (stream === undefined) throw resourceNotFound('The specified log stream does not exist.');
  const limit = call.input.pageSize('limit', MAX_PAGE_EVENTS, MAX_PAGE_EVENTS);
  const owner = `GetLogEvents ${group.arn} ${group.generation} ${stream.name}`;
  const sentToken = call.input.optionalText('nextToken');
  const range = rangeOf(call, group, stream);
  const cursor = sentToken === undefined ? undefined : decode(call, sentToken, owner);
  const forward = cursor === undefined ? call.input.flag('startFromHead') : cursor.direction === 'f';
  const bounded = bound(range, stream, cursor);
  const events = call.page.empty
    ? []
    : take(stream, bounded, forward, call, Math.min(limit, call.page.maxItems));
  const edges = edgesOf(events, bounded, stream);
  const token = (direction: 'f' | 'b', key: EventKey) => {
    const stays = events.length === 0 && !call.page.empty && cursor?.direction === direction;
    if (sentToken !== undefined && (stays || (call.page.repeat && cursor?.direction === direction)))
      return sentToken;
    return encode(call, owner, { direction, key });
  };
  return {
    value: {
      events: events.map(({ timestampMillis, message, ingestedMillis }) => ({
        timestamp: timestampMillis,
        message,
        ingestionTime: ingestedMillis,
      })),
      nextForwardToken: token('f', edges.behind),
      nextBackwardToken: token('b', edges.before),
    },
  };
}

function rangeOf(call: ApiCall, group: LogGroup, stream: LogStream): Range {
  const start = Math.max(call.input.optionalNumber('startTime') ?? 0, group.retentionStart(call.nowMillis));
  const end = call.input.optionalNumber('endTime');
  const from = stream.log.firstAtOrAfter(start);
  return {
    from,
    until: Math.max(from, end === undefined ? stream.log.events.length : stream.log.firstAtOrAfter(end)),
  };
}

function bound(range: Range, stream: LogStream, cursor: Cursor | undefined): Range {
  if (cursor === undefined) return range;
  const behind = stream.log.firstAfter(cursor.key);
  if (cursor.direction === 'f')
    return { from: Math.max(range.from, Math.min(behind, range.until)), until: range.until };
  const at = stream.log.events[behind - 1];
  const before = at !== undefined && compareKeys(at, cursor.key) === 0 ? behind - 1 : behind;
  return { from: range.from, until: Math.max(range.from, Math.min(range.until, before)) };
}

/** From the head of the range or from its tail; in the order of time either way. */
function take(
  stream: LogStream,
  range: Range,
  forward: boolean,
  call: ApiCall,
  limit: number,
): StoredEvent[] {
  const found: StoredEvent[] = [];
  let bytes = 0;
  for (let step = 0; step < range.until - range.from && found.length < limit; step++) {
    const event = stream.log.events[forward ? range.from + step : range.until - 1 - step] as StoredEvent;
    if (event.visibleAtMillis > call.nowMillis) continue;
    if (found.length > 0 && bytes + event.bytes > MAX_PAGE_BYTES) break;
    bytes += event.bytes;
    found.push(event);
  }
  return forward ? found : found.reverse();
}

/** Where the next page begins in each direction; of an empty page, where the range was. */
function edgesOf(
  events: readonly StoredEvent[],
  range: Range,
  stream: LogStream,
): { before: EventKey; behind: EventKey } {
  const all = stream.log.events;
  const nothing: EventKey = { timestampMillis: -1, ingestedMillis: -1, sequence: -1 };
  const last = events.at(-1) ?? all[range.from - 1] ?? nothing;
  const first = events[0] ?? all[range.from] ?? { ...last, sequence: last.sequence + 1 };
  return { before: first, behind: last };
}

function encode(call: ApiCall, owner: string, { direction, key }: Cursor): string {
  const position = [direction, key.timestampMillis, key.ingestedMillis, key.sequence];
  return `${direction}/${call.tokens.encode(owner, position)}/s`;
}

function decode(call: ApiCall, token: string, owner: string): Cursor {
  const [, body = ''] = token.split('/');
  const decoded = call.tokens.decode(body, owner);
  if (decoded.kind !== 'position') throw refuseToken(decoded.kind);
  const [direction, timestampMillis, ingestedMillis, sequence] = decoded.position;
  return {
    direction: direction === 'b' ? 'b' : 'f',
    key: {
      timestampMillis: Number(timestampMillis),
      ingestedMillis: Number(ingestedMillis),
      sequence: Number(sequence),
    },
  };
}
