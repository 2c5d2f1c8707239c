import type { LogGroup } from '../../world/log-group.ts';
import type { LogStream } from '../../world/log-stream.ts';
import type { StoredEvent } from '../../world/stored-event.ts';
import type { ApiCall, Reply } from '../api-call.ts';
import { ApiError, invalidParameter, resourceNotFound } from '../api-error.ts';
import { parseFilterPattern } from '../filter-pattern/parse-filter-pattern.ts';
import { positionOf, tokenOwner } from '../list-page.ts';
import type { Position } from '../page-tokens.ts';
import { constraint } from '../request-input.ts';
import { findLogGroup, refuseToken } from './find-log-group.ts';
import { type Scanned, scanEvents } from './scan-events.ts';
import { streamByStream } from './stream-by-stream.ts';

export const MAX_PAGE_EVENTS = 10_000;
export const MAX_PAGE_BYTES = 1024 * 1024;

/** Before every event: what the token of a page without a predecessor says. */
const START: Position = [-1, -1, -1];

export function filterLogEvents(call: ApiCall): Reply {
  const group = findLogGroup(call);
  if (group.logGroupClass !== 'STANDARD') {
    const text = 'The specified operation is not supported for log groups of the class ';
    throw new ApiError('InvalidOperationException', `${text}${group.logGroupClass}.`);
  }
  const maxEvents = call.input.pageSize('limit', MAX_PAGE_EVENTS, MAX_PAGE_EVENTS);
  const streams = chooseStreams(call, group);
  const owner = tokenOwner(call, `${group.arn} ${group.generation}`);
  const sentToken = call.input.optionalText('nextToken');
  const position = positionOf(call, sentToken, owner, refuseToken) ?? START;
  const { empty, repeat } = call.page;
  const scanned = empty
    ? { events: [], stoppedAt: undefined }
    : readPage(call, group, streams, position, maxEvents);
  const next = empty || repeat ? position : positionBehind(scanned.stoppedAt);
  const nextToken =
    repeat && sentToken !== undefined
      ? sentToken
      : next === undefined
        ? undefined
        : call.tokens.encode(owner, next);
  const events = call.page.unsort ? streamByStream(scanned.events, call.random) : scanned.events;
  return { json: pageJson(events, nextToken) };
}

function readPage(
  call: ApiCall,
  group: LogGroup,
  streams: ReadonlySet<LogStream> | undefined,
  position: Position,
  maxEvents: number,
): Scanned {
  const { input, nowMillis } = call;
  const [only] = streams?.size === 1 ? streams : [];
  const log = only?.log ?? group.log;
  const [timestampMillis, ingestedMillis, sequence] = position.map(Number);
  const startMillis = Math.max(input.optionalNumber('startTime') ?? 0, group.retentionStart(nowMillis));
  const cursor = {
    timestampMillis: timestampMillis ?? -1,
    ingestedMillis: ingestedMillis ?? -1,
    sequence: sequence ?? -1,
  };
  const pattern = input.optionalText('filterPattern');
  return scanEvents({
    log,
    fromIndex: Math.max(log.firstAtOrAfter(startMillis), log.firstAfter(cursor)),
    untilMillis: input.optionalNumber('endTime') ?? Number.POSITIVE_INFINITY,
    nowMillis,
    streams: only === undefined ? streams : undefined,
    matches: pattern === undefined || pattern.trim() === '' ? undefined : parseFilterPattern(pattern),
    maxEvents: Math.min(maxEvents, call.page.maxItems),
    maxBytes: MAX_PAGE_BYTES,
    maxScanned: call.limits.scannedEvents,
  });
}

/** undefined = all of the group's. */
function chooseStreams(call: ApiCall, group: LogGroup): ReadonlySet<LogStream> | undefined {
  const names = call.input.texts('logStreamNames');
  const prefix = call.input.optionalText('logStreamNamePrefix');
  if (!call.input.has('logStreamNames')) {
    return prefix === undefined ? undefined : new Set(group.streams.withPrefix(prefix));
  }
  if (prefix !== undefined) {
    throw invalidParameter('LogStreamNamePrefix and LogStreamNames are mutually exclusive parameters.');
  }
  if (names.length === 0 || names.length > 100) {
    throw constraint(
      `[${names.length} items]`,
      'logStreamNames',
      'Member must have length between 1 and 100',
    );
  }
  const streams = names.map((name) => group.streams.get(name));
  if (streams.includes(undefined)) throw resourceNotFound('The specified log stream does not exist.');
  return new Set(streams.filter((stream) => stream !== undefined));
}

function positionBehind(event: StoredEvent | undefined): Position | undefined {
  return event === undefined ? undefined : [event.timestampMillis, event.ingestedMillis, event.sequence];
}

/** Written by hand: a page of 10,000 events through objects and JSON.stringify takes twice as long. */
function pageJson(events: readonly StoredEvent[], nextToken: string | undefined): string {
  let json = '{"events":[';
  let separator = '';
  for (const event of events) {
    json += `${separator}${event.stream.filterJsonHead}${event.timestampMillis},"message":${JSON.stringify(event.message)},"ingestionTime":${event.ingestedMillis},"eventId":"${event.id}"}`;
    separator = ',';
  }
  return `${json}],"searchedLogStreams":[]${nextToken === undefined ? '' : `,"nextToken":"${nextToken}"`}}`;
}
