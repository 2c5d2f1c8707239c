import type { Checkpoint } from '../../contracts/checkpoint.ts';
import type { InspectedEvent } from '../../contracts/pull-source.ts';
import type { LogRecord } from '../../record/log-record.ts';
import type { CoverageSpan } from '../coverage/coverage.ts';
import type { ExplainContext } from './explain-context.ts';
import type { DestinationFate, EventFate } from './explanation.ts';
import { findDelivery } from './find-delivery.ts';
import type { Selected } from './find-events.ts';
import { type Traced, traceRecord } from './trace-record.ts';
import type { WasRead } from './was-read.ts';

export interface KnownOfEvent {
  /** undefined when its stream is left out. */
  readonly selected: Selected | undefined;
  /** What is known of its minute; undefined when that lies in the future. */
  readonly span: CoverageSpan | undefined;
  readonly filter: string | undefined;
  readonly live: Checkpoint | undefined;
  readonly wasRead: () => Promise<WasRead>;
}

/** What became of an event: the first that explains it, in the order in which it goes its way. */
export async function fateOf(
  event: InspectedEvent,
  known: KnownOfEvent,
  context: ExplainContext,
  signal: AbortSignal,
): Promise<EventFate> {
  if (event.leftOut !== undefined) return { kind: 'left_out', ...event.leftOut };
  const record = known.selected?.record;
  if (record === undefined) return { kind: 'filtered', filter: known.filter ?? 'other streams' };
  const { span } = known;
  if (span?.state === 'unread' && !isLiveTime(event, known.live)) return { kind: 'before_start' };
  const wasRead = await known.wasRead();
  if (wasRead === 'yes') return await afterReading(record, known.selected?.neighbours ?? [], context, signal);
  return fateOfUnread(event, known, wasRead, context.maxLatenessMillis);
}

/** A minute that reading began in the middle of is shown as unread. */
function isLiveTime({ timestampMillis }: InspectedEvent, live: Checkpoint | undefined): boolean {
  return live !== undefined && timestampMillis >= live.coveredFromMillis;
}

function fateOfUnread(
  { timestampMillis, ingestedMillis }: InspectedEvent,
  { span, live }: KnownOfEvent,
  wasRead: Exclude<WasRead, 'yes'>,
  maxLatenessMillis: number,
): EventFate {
  const gap = live?.gaps.find((one) => one.fromMillis <= timestampMillis && one.toMillis >= timestampMillis);
  if (gap !== undefined) return { kind: 'gap', reason: gap.reason };
  if (span?.state === 'gap' && live === undefined)
    return { kind: 'gap', reason: span.reason ?? 'unreadable' };
  if (live === undefined || timestampMillis >= live.headMillis) return { kind: 'pending' };
  if (timestampMillis >= live.watermarkMillis) return { kind: 'not_yet' };
  if (ingestedMillis - timestampMillis > maxLatenessMillis)
    return { kind: 'too_late', isCertain: wasRead === 'no' };
  return { kind: wasRead === 'no' ? 'missed' : 'unknown' };
}

async function afterReading(
  record: LogRecord,
  neighbours: readonly LogRecord[],
  context: ExplainContext,
  signal: AbortSignal,
): Promise<EventFate> {
  const { destinations, route } = context;
  const traced = traceRecord(route, record, neighbours);
  const fates: Record<string, DestinationFate> = {};
  let joinedInto: { readonly id: string; readonly component: string } | undefined;
  for (const { id, inputs } of destinations) {
    const ways = inputs.map((input) => traced.get(input)).filter((one) => one !== undefined);
    const way = ways.find(({ kind }) => kind === 'kept') ?? ways[0];
    if (way === undefined) continue;
    fates[id] = await deliveryOf(id, way, context, signal);
    if (way.kind === 'kept' && way.joinedBy !== undefined)
      joinedInto = { id: way.id, component: way.joinedBy };
  }
  return { kind: 'read', ...(joinedInto !== undefined && { joinedInto }), destinations: fates };
}

async function deliveryOf(
  destination: string,
  way: Traced,
  { store, isStored }: ExplainContext,
  signal: AbortSignal,
): Promise<DestinationFate> {
  if (way.kind === 'dropped') return way;
  if (store === undefined) return { kind: 'not_started' };
  const fate = await findDelivery(store.spool, destination, way.id, signal);
  if (fate.kind !== 'passed') return fate;
  const stored = await isStored?.(destination, way, signal);
  return stored === undefined ? fate : { kind: stored ? 'in_store' : 'not_in_store' };
}
