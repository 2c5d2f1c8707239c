import type { GetLogEventsCommandOutput, LogStream } from '@aws-sdk/client-cloudwatch-logs';
import type { TimeRange } from '../../contracts/checkpoint.ts';
import type { Page, Recount } from '../../contracts/pull-source.ts';
import { LogferryError } from '../../foundation/logferry-error.ts';
import type { LogRecord } from '../../record/log-record.ts';
import type { Answered, LogsApi } from '../aws-account.ts';
import { MadeIds, readEvent, toRecord } from './event-record.ts';
import { everyPage } from './every-page.ts';
import type { LogGroup } from './log-group.ts';
import type { StreamOrigins } from './stream-origins.ts';

/** Each takes two requests at least. */
const MAX_STREAMS = 40;
const MAX_STREAMS_LISTED = 500;
const STREAMS_A_PAGE = 50;
const EVENTS_A_PAGE = 10_000;
/** When a stream's last event was is known to the service an hour late and more (shared facts on AWS, Discovery). */
const LAST_EVENT_LATE_MILLIS = 6 * 3_600_000;
const MAX_PAGES = 200;

export interface StreamsToRead {
  readonly group: LogGroup;
  readonly filter: {
    readonly streamPrefix?: string;
    readonly streamNames?: readonly string[];
    readonly filterPattern?: string;
  };
  readonly api: LogsApi;
  readonly origins: StreamOrigins;
}

/** Reads a range of a log group stream by stream, with GetLogEvents: another way than FilterLogEvents to the same events. */
export async function recountByStream(
  parts: StreamsToRead,
  range: TimeRange,
  signal: AbortSignal,
): Promise<Recount> {
  if (parts.filter.filterPattern !== undefined) return { kind: 'impossible', reason: 'filter_pattern' };
  try {
    const streams = await streamsOf(parts, range, signal);
    if (streams === undefined) return { kind: 'impossible', reason: 'too_many_streams' };
    await parts.origins.prepare(streams, signal);
    const wanted = streams.filter((stream) => parts.origins.verdict(stream).kind === 'read');
    if (wanted.length > MAX_STREAMS) return { kind: 'impossible', reason: 'too_many_streams' };
    return { kind: 'pages', pages: pagesOf(parts, wanted, range, signal) };
  } catch (thrown) {
    if (thrown instanceof LogferryError && thrown.code === 'AWS_DENIED')
      return { kind: 'impossible', reason: 'denied' };
    throw thrown;
  }
}

/** Those that may have events in the range, whether they are read or not; undefined when there are too many to look at. */
async function streamsOf(
  { api, group, filter }: StreamsToRead,
  range: TimeRange,
  signal: AbortSignal,
): Promise<string[] | undefined> {
  if (filter.streamNames !== undefined) return [...filter.streamNames];
  const { streamPrefix } = filter;
  const oldestMillis = range.fromMillis - LAST_EVENT_LATE_MILLIS;
  const pages = everyPage('DescribeLogStreams', (nextToken) =>
    api.describeLogStreams(
      {
        ...named(group),
        // The service does not order by time what it finds by a prefix.
        ...(streamPrefix === undefined
          ? { orderBy: 'LastEventTime', descending: true }
          : { logStreamNamePrefix: streamPrefix }),
        limit: STREAMS_A_PAGE,
        ...(nextToken !== undefined && { nextToken }),
      },
      { signal, priority: 'audit' },
    ),
  );
  const found: string[] = [];
  let listed = 0;
  for await (const { logStreams = [] } of pages) {
    for (const { logStreamName } of logStreams.filter((stream) => mayHave(stream, range, oldestMillis)))
      if (logStreamName !== undefined) found.push(logStreamName);
    listed += logStreams.length;
    const last = logStreams.at(-1);
    if (streamPrefix === undefined && last !== undefined && (last.lastEventTimestamp ?? 0) < oldestMillis)
      return found;
    if (listed >= MAX_STREAMS_LISTED) return undefined;
  }
  return found;
}

function mayHave(stream: LogStream, range: TimeRange, oldestMillis: number): boolean {
  const { lastEventTimestamp: last, creationTime = 0 } = stream;
  // A new stream's first events may not be known yet.
  return last === undefined
    ? creationTime >= oldestMillis && creationTime <= range.toMillis
    : last >= oldestMillis;
}

function named({ linked, arn, name }: LogGroup) {
  return linked ? { logGroupIdentifier: arn } : { logGroupName: name };
}

async function* pagesOf(
  parts: StreamsToRead,
  streams: readonly string[],
  range: TimeRange,
  signal: AbortSignal,
): AsyncGenerator<Page, void> {
  const ids = new MadeIds();
  for (const stream of streams) {
    for await (const { output, serverMillis } of repliesOf(parts, stream, range, signal)) {
      const events: readonly unknown[] = output.events ?? [];
      yield { records: recordsOf(parts, stream, events, ids), events: events.length, serverMillis };
    }
  }
}

/** To the end of the range in the stream: where the token that was sent comes back. An empty page alone is no end. */
async function* repliesOf(
  { api, group }: StreamsToRead,
  stream: string,
  { fromMillis, toMillis }: TimeRange,
  signal: AbortSignal,
): AsyncGenerator<Answered<GetLogEventsCommandOutput>, void> {
  let nextToken: string | undefined;
  for (let pages = 0; pages < MAX_PAGES; pages++) {
    let answered: Answered<GetLogEventsCommandOutput>;
    try {
      answered = await api.getLogEvents(
        {
          ...named(group),
          logStreamName: stream,
          startTime: fromMillis,
          // Exclusive here, unlike in FilterLogEvents.
          endTime: toMillis + 1,
          startFromHead: true,
          limit: EVENTS_A_PAGE,
          ...(nextToken !== undefined && { nextToken }),
        },
        { signal, priority: 'audit' },
      );
    } catch (thrown) {
      // Deleted since it was listed: what it had is gone by every way.
      if (thrown instanceof LogferryError && thrown.code === 'AWS_NOT_FOUND') return;
      throw thrown;
    }
    yield answered;
    const token = answered.output.nextForwardToken;
    if (token === undefined || token === nextToken) return;
    nextToken = token;
  }
  throw new LogferryError('AWS_BAD_REPLY', `GetLogEvents of ${group.name} hands out tokens without end.`);
}

function recordsOf(
  { origins }: StreamsToRead,
  stream: string,
  events: readonly unknown[],
  ids: MadeIds,
): LogRecord[] {
  const verdict = origins.verdict(stream);
  if (verdict.kind !== 'read') return [];
  return events.flatMap((raw) => {
    const event =
      typeof raw === 'object' && raw !== null ? readEvent({ ...raw, logStreamName: stream }) : undefined;
    return event === undefined ? [] : [toRecord(event, ids.idOf(event), verdict.origin)];
  });
}
