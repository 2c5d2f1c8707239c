import type { Metrics } from '../../contracts/metrics.ts';
import type { Page, Partition, Slice } from '../../contracts/pull-source.ts';
import { hashText } from '../../foundation/hash.ts';
import type { Logger } from '../../foundation/logger.ts';
import type { LogRecord } from '../../record/log-record.ts';
import type { LogsApi } from '../aws-account.ts';
import { MadeIds, readEvent, toRecord } from './event-record.ts';
import { type FilterPage, type FilterTarget, filterPages } from './filter-pages.ts';
import { inspectGroup } from './inspect-group.ts';
import { LeftOutCounter } from './left-out-counter.ts';
import { type LogGroup, parseLogGroupArn } from './log-group.ts';
import { recountByStream } from './recount-by-stream.ts';
import type { StreamOrigins, StreamVerdict } from './stream-origins.ts';

/** Narrows what is read of a group. */
export interface StreamFilter {
  readonly streamPrefix?: string;
  readonly streamNames?: readonly string[];
  readonly filterPattern?: string;
}

export interface LogGroupPartitionParts {
  readonly sourceId: string;
  readonly group: LogGroup;
  /** What was told of it last: its `describedMillis` moves on while nothing else of it changes. */
  readonly newestGroup: () => LogGroup;
  readonly filter: StreamFilter;
  readonly api: LogsApi;
  readonly origins: StreamOrigins;
  /** See Partition. */
  readonly selectedSinceMillis?: number;
  readonly logger: Logger;
  readonly metrics: Metrics;
}

/**
 * `source id | ARN`, and a hash of the filter when there is one: with another filter it is other data. Persisted: must
 * never change.
 */
export function partitionKey(sourceId: string, group: LogGroup, filter: StreamFilter): string {
  const key = `${sourceId}|${group.arn}`;
  const parts = [
    filter.streamPrefix ?? '',
    filter.filterPattern ?? '',
    ...(filter.streamNames?.toSorted() ?? []),
  ];
  return parts.every((part) => part === '') ? key : `${key}|${hashText(JSON.stringify(parts))}`;
}

/** What a key tells a person without asking the service: the partition's title, and the filter's hash where there is one. */
export function partitionTitle(key: string): string {
  const [, arn = key, filterHash] = key.split('|');
  const group = parseLogGroupArn(arn);
  if (group === undefined) return key;
  const title = groupTitle(group);
  return filterHash === undefined ? title : `${title}, filter ${filterHash.slice(0, 6)}`;
}

function groupTitle({ name, region }: Pick<LogGroup, 'name' | 'region'>): string {
  return `${name} (${region})`;
}

export function logGroupPartition(parts: LogGroupPartitionParts): Partition {
  const { group, filter } = parts;
  const leftOut = new LeftOutCounter(parts.sourceId, group.name, parts.metrics, parts.logger);
  return {
    key: partitionKey(parts.sourceId, group, filter),
    title: groupTitle(group),
    ...(group.retentionMillis !== undefined && { retentionMillis: group.retentionMillis }),
    ...(group.creationMillis !== undefined && { createdMillis: group.creationMillis }),
    ...(parts.selectedSinceMillis !== undefined && { selectedSinceMillis: parts.selectedSinceMillis }),
    get describedMillis() {
      return parts.newestGroup().describedMillis;
    },
    read: (slice, signal) => readPages(parts, leftOut, slice, signal),
    recount: (range, signal) => recountByStream(parts, range, signal),
    ...(Object.keys(filter).length > 0 && { filterText: filterText(filter) }),
    inspect: (inspection, signal) => inspectGroup(parts, inspection, signal),
  };
}

function filterText({ streamPrefix, streamNames, filterPattern }: StreamFilter): string {
  return [
    streamPrefix !== undefined && `streams that begin with "${streamPrefix}"`,
    streamNames !== undefined && `the streams ${streamNames.join(', ')}`,
    filterPattern !== undefined && `events that match ${filterPattern}`,
  ]
    .filter((part) => part !== false)
    .join(', of them ');
}

export function filterTarget(group: LogGroup, filter: StreamFilter): FilterTarget {
  return {
    ...(group.linked ? { logGroupIdentifier: group.arn } : { logGroupName: group.name }),
    ...(filter.streamPrefix !== undefined && { logStreamNamePrefix: filter.streamPrefix }),
    ...(filter.streamNames !== undefined && { logStreamNames: [...filter.streamNames] }),
    ...(filter.filterPattern !== undefined && { filterPattern: filter.filterPattern }),
  };
}

async function* readPages(
  parts: LogGroupPartitionParts,
  leftOut: LeftOutCounter,
  slice: Slice,
  signal: AbortSignal,
): AsyncGenerator<Page, void> {
  const target = filterTarget(parts.group, parts.filter);
  const tally = leftOut.beginSlice();
  let ids = new MadeIds();
  let attempt = 0;
  for await (const page of filterPages(parts.api, target, slice, signal)) {
    if (page.attempt !== attempt) ids = new MadeIds();
    attempt = page.attempt;
    const streams = streamsOf(page);
    await parts.origins.prepare(streams.keys(), signal);
    const records = recordsOf(page, streams, parts.origins, ids, tally);
    yield { records, events: page.events.length, serverMillis: page.serverMillis };
  }
  tally.end(slice.toMillis);
}

/** The verdict of each, asked for once a page: an event then costs one look-up by its stream. */
type PageStreams = Map<string, StreamVerdict | undefined>;

function streamsOf(page: FilterPage): PageStreams {
  const streams: PageStreams = new Map();
  for (const event of page.events) {
    const name = (event as { readonly logStreamName?: unknown } | null)?.logStreamName;
    if (typeof name === 'string') streams.set(name, undefined);
  }
  return streams;
}

function recordsOf(
  page: FilterPage,
  streams: PageStreams,
  origins: StreamOrigins,
  ids: MadeIds,
  tally: ReturnType<LeftOutCounter['beginSlice']>,
): LogRecord[] {
  const records: LogRecord[] = [];
  for (const raw of page.events) {
    const event = readEvent(raw);
    if (event === undefined) {
      tally.malformed(raw);
      continue;
    }
    if (event.repaired) tally.repaired(event);
    let verdict = streams.get(event.stream);
    if (verdict === undefined) {
      verdict = origins.verdict(event.stream);
      streams.set(event.stream, verdict);
    }
    // Before the verdict is acted on: ordinals must not depend on what is selected.
    const id = event.id ?? ids.idOf(event);
    if (verdict.kind === 'read') records.push(toRecord(event, id, verdict.origin));
    else tally.leftOut(event, verdict);
  }
  return records;
}
