import { backfillKeyPrefix, type TimeRange } from '../../contracts/checkpoint.ts';
import type { InspectedEvent, Partition } from '../../contracts/pull-source.ts';
import type { StateStore } from '../../contracts/state-store.ts';
import { summarizeLateness } from '../../source-kit/lateness.ts';
import {
  type CoverageSpan,
  coverageByMinute,
  groupSpans,
  MINUTE_MILLIS,
  type PartitionReading,
  wholeMinutes,
} from '../coverage/coverage.ts';
import { describeFate } from './describe-fate.ts';
import type { ExplainContext } from './explain-context.ts';
import type { EventExplanation, ExplainRequest, PartitionExplanation } from './explanation.ts';
import { fateOf } from './fate-of.ts';
import { findElsewhere, findEvents, findSelected } from './find-events.ts';
import { wasRead } from './was-read.ts';

const MAX_EVENTS_EXPLAINED = 5;
const MAX_MESSAGE = 500;

/** What is known of a range of a log group as one source reads it, and what became of the events in it. Changes nothing. */
export async function explainPartition(
  partition: Partition,
  request: ExplainRequest,
  context: ExplainContext,
  signal: AbortSignal,
): Promise<PartitionExplanation> {
  const { source, maxLatenessMillis, nowMillis } = context;
  const reading = await readingOf(partition.key, request, context.store);
  const minutes = minutesOf(reading, request, nowMillis);
  const [state] = groupSpans(minutes, minutes.length);
  const found = await findEvents(partition, request, signal);
  const elsewhere = found.total === 0 ? await findElsewhere(partition, request, signal) : undefined;
  const events = await explainAll(partition, found.events, reading, context, signal);
  const { live } = reading;
  return {
    source,
    title: partition.title,
    ...(partition.filterText !== undefined && { filter: partition.filterText }),
    ...(partition.retentionMillis !== undefined && { retentionMillis: partition.retentionMillis }),
    maxLatenessMillis,
    state: state?.state ?? 'pending',
    ...(state?.reason !== undefined && { gapReason: state.reason }),
    ...(live !== undefined && {
      coveredFromMillis: live.coveredFromMillis,
      watermarkMillis: live.watermarkMillis,
      headMillis: live.headMillis,
      lateness: summarizeLateness(live.lateness),
    }),
    found: found.total,
    isWhole: found.isWhole,
    foundByStream: elsewhere?.byStream ?? 0,
    ...(elsewhere?.atMillis !== undefined && { elsewhereMillis: elsewhere.atMillis }),
    read: minutes.reduce((sum, one) => sum + one.liveEvents + one.backfilledEvents, 0),
    events,
  };
}

async function readingOf(
  key: string,
  range: TimeRange,
  store: StateStore | undefined,
): Promise<PartitionReading> {
  if (store === undefined) return { live: undefined, backfills: [], liveCounts: [], backfillCounts: [] };
  const backfills = await store.list(backfillKeyPrefix(key));
  const counts = await Promise.all(backfills.map((one) => store.counts(one.key, range)));
  return {
    live: (await store.load(key))?.checkpoint,
    backfills: backfills.map(({ checkpoint }) => checkpoint),
    liveCounts: await store.counts(key, range),
    backfillCounts: counts.flat(),
  };
}

function minutesOf(reading: PartitionReading, range: TimeRange, nowMillis: number): readonly CoverageSpan[] {
  const minutes = wholeMinutes(range, nowMillis);
  return minutes === undefined ? [] : coverageByMinute(reading, minutes);
}

async function explainAll(
  partition: Partition,
  events: readonly InspectedEvent[],
  reading: PartitionReading,
  context: ExplainContext,
  signal: AbortSignal,
): Promise<EventExplanation[]> {
  const explained: EventExplanation[] = [];
  for (const event of events.slice(0, MAX_EVENTS_EXPLAINED))
    explained.push(await explainEvent(partition, event, reading, context, signal));
  return explained;
}

async function explainEvent(
  partition: Partition,
  event: InspectedEvent,
  reading: PartitionReading,
  context: ExplainContext,
  signal: AbortSignal,
): Promise<EventExplanation> {
  const { id, stream, timestampMillis, ingestedMillis } = event;
  const { store, source, maxLatenessMillis, nowMillis } = context;
  const selected = event.record && (await findSelected(partition, event, signal));
  const minute = Math.floor(timestampMillis / MINUTE_MILLIS) * MINUTE_MILLIS;
  const [span] = minutesOf(reading, { fromMillis: minute, toMillis: minute }, nowMillis);
  const fate = await fateOf(
    event,
    {
      selected,
      span,
      filter: partition.filterText,
      live: reading.live,
      wasRead: () => (store === undefined ? Promise.resolve('no') : wasRead(store, partition, event, signal)),
    },
    context,
    signal,
  );
  const times = { timestampMillis, ingestedMillis };
  return {
    id,
    stream,
    ...times,
    message: event.message.slice(0, MAX_MESSAGE),
    fate,
    ...describeFate(fate, { ...times, source, maxLatenessMillis, nowMillis }),
  };
}
