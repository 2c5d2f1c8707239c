import type { InspectedEvent, Partition } from '../../contracts/pull-source.ts';
import type { LogRecord } from '../../record/log-record.ts';
import type { ExplainRequest } from './explanation.ts';

const MAX_PAGES = 40;
/** Of those that are found, so many are kept to be explained. */
const MAX_KEPT = 20;
/** A text that is not in the range is looked for in this neighbourhood: time zones are mistaken often. */
const NEIGHBOURHOOD_MILLIS = 12 * 3_600_000;
const MAX_PAGES_ELSEWHERE = 20;
/** What is so near can be joined with an event. */
const NEIGHBOUR_MILLIS = 5000;
const MAX_NEIGHBOURS = 5000;

export interface FoundInRange {
  readonly events: readonly InspectedEvent[];
  readonly total: number;
  /** False when there was more to look at than is looked at. */
  readonly isWhole: boolean;
}

/** Events of the range that contain the text, whether they are selected or not. */
export async function findEvents(
  partition: Partition,
  { text, fromMillis, toMillis }: ExplainRequest,
  signal: AbortSignal,
): Promise<FoundInRange> {
  const events: InspectedEvent[] = [];
  let total = 0;
  let pages = 0;
  const isWanted = matcher(text);
  for await (const page of partition.inspect?.({ fromMillis, toMillis }, signal) ?? []) {
    for (const event of page) {
      if (!isWanted(event.message)) continue;
      total++;
      if (events.length < MAX_KEPT) events.push(event);
    }
    if (++pages >= MAX_PAGES) return { events, total, isWhole: false };
  }
  return { events, total, isWhole: true };
}

/** Where a text is that is not in the range: in the streams all the same, or at another time. */
export async function findElsewhere(
  partition: Partition,
  { text, fromMillis, toMillis }: ExplainRequest,
  signal: AbortSignal,
): Promise<{ readonly byStream: number; readonly atMillis?: number }> {
  const byStream = await countByStream(partition, { text, fromMillis, toMillis }, signal);
  if (text === undefined || byStream > 0) return { byStream };
  const around = {
    fromMillis: Math.max(0, fromMillis - NEIGHBOURHOOD_MILLIS),
    toMillis: toMillis + NEIGHBOURHOOD_MILLIS,
  };
  let atMillis: number | undefined;
  let pages = 0;
  for await (const page of partition.inspect?.({ ...around, containing: text }, signal) ?? []) {
    for (const { timestampMillis } of page)
      if (atMillis === undefined || distance(timestampMillis) < distance(atMillis))
        atMillis = timestampMillis;
    if (++pages >= MAX_PAGES_ELSEWHERE) break;
  }
  return { byStream, ...(atMillis !== undefined && { atMillis }) };

  function distance(millis: number): number {
    return Math.min(Math.abs(millis - fromMillis), Math.abs(millis - toMillis));
  }
}

async function countByStream(
  partition: Partition,
  { text, ...range }: Omit<ExplainRequest, 'text'> & { readonly text: string | undefined },
  signal: AbortSignal,
): Promise<number> {
  const recount = await partition.recount?.(range, signal);
  if (recount?.kind !== 'pages') return 0;
  const isWanted = matcher(text);
  let count = 0;
  let pages = 0;
  for await (const page of recount.pages) {
    count += page.records.filter(({ message }) => isWanted(message)).length;
    if (++pages >= MAX_PAGES) break;
  }
  return count;
}

export interface Selected {
  /** As the source reads it; undefined when its filter leaves it out. */
  readonly record: LogRecord | undefined;
  readonly neighbours: readonly LogRecord[];
}

/** The event as the source reads it, with what is read around it. */
export async function findSelected(
  partition: Partition,
  { id, timestampMillis }: InspectedEvent,
  signal: AbortSignal,
): Promise<Selected> {
  const range = {
    fromMillis: timestampMillis - NEIGHBOUR_MILLIS,
    toMillis: timestampMillis + NEIGHBOUR_MILLIS,
  };
  let record: LogRecord | undefined;
  const neighbours: LogRecord[] = [];
  for await (const page of partition.read({ ...range, priority: 'live' }, signal)) {
    record ??= page.records.find((one) => one.id === id);
    neighbours.push(...page.records.slice(0, MAX_NEIGHBOURS - neighbours.length));
    if (record !== undefined && neighbours.length >= MAX_NEIGHBOURS) break;
  }
  return { record, neighbours };
}

function matcher(text: string | undefined): (message: string) => boolean {
  const wanted = text?.toLowerCase();
  return wanted === undefined ? () => true : (message) => message.toLowerCase().includes(wanted);
}
