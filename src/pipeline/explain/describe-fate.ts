/** What became of an event, in words: pure. */
import { formatRoughDuration } from '../../foundation/duration.ts';
import type { DestinationFate, EventFate } from './explanation.ts';

export interface FateContext {
  readonly source: string;
  readonly timestampMillis: number;
  readonly ingestedMillis: number;
  readonly maxLatenessMillis: number;
  readonly nowMillis: number;
}

export interface Described {
  readonly summary: string;
  readonly next?: string;
}

export function describeFate(fate: EventFate, context: FateContext): Described {
  const { source, timestampMillis, ingestedMillis, maxLatenessMillis } = context;
  const late = formatRoughDuration(Math.max(0, ingestedMillis - timestampMillis));
  const minute = Math.floor(timestampMillis / 60_000) * 60_000;
  const again = `logferry backfill ${source} --from ${iso(minute)} --to ${iso(minute + 59_999)}`;
  switch (fate.kind) {
    case 'left_out':
      return {
        summary: `"${source}" reads this log group but leaves its stream out: ${fate.because}.`,
        next: 'Select it in the configuration of the source; what is written from then on is read.',
      };
    case 'filtered':
      return {
        summary: `"${source}" reads only ${fate.filter}; this event is none of them.`,
        next: 'Widen the filter of the source, or add a source without it.',
      };
    case 'before_start':
      return {
        summary: `It is from before "${source}" began to read this log group.`,
        next: `Fetch it: ${again}`,
      };
    case 'gap':
      return {
        summary: `It lies in a gap (${fate.reason}): what was there could not be read.`,
        next: 'The service shows this event now: fetch it with a backfill of its time, with --again.',
      };
    case 'pending':
      return {
        summary: 'Its time was not read yet.',
        next: 'Wait for the next poll; `logferry coverage` shows how far reading is. If that does not move: `logferry check`.',
      };
    case 'not_yet':
      return {
        summary: `It was not there when its time was read: it came in ${late} late, or was shown late. Its time is still open and is read again.`,
        next: `Wait: it comes when the learned horizon has passed, at the latest when it is sealed (${formatRoughDuration(maxLatenessMillis)} after its time).`,
      };
    case 'too_late':
      return {
        summary: `It came in ${late} after its own time, later than max_lateness (${formatRoughDuration(maxLatenessMillis)}): its time was sealed by then${fate.isCertain ? '' : ', so that most likely it was not read'}.`,
        next: `Fetch it: ${again} --again (what was delivered of that minute is delivered a second time). Raise max_lateness of the source when such events are usual.`,
      };
    case 'missed':
      return {
        summary: `It was not read although it came in ${late} after its own time: the service did not show it when it was looked for.`,
        next: `The audit adds it when it draws this minute. At once: ${again} --again (what was delivered of that minute is delivered a second time).`,
      };
    case 'unknown':
      return {
        summary:
          'Its time is sealed, and it is not known any more which events were read of it: by its time of arrival it should have been.',
        next: 'Look for it in the destination, by its event id.',
      };
    case 'read':
      return describeRead(fate, context);
  }
}

function describeRead(fate: EventFate & { readonly kind: 'read' }, { nowMillis }: FateContext): Described {
  const destinations = Object.entries(fate.destinations);
  const joined =
    fate.joinedInto === undefined
      ? ''
      : ` It is a line of the record ${fate.joinedInto.id}: "${fate.joinedInto.component}" joined them.`;
  if (destinations.length === 0) {
    return {
      summary: `It was read, but no destination takes what this source reads.${joined}`,
      next: 'Name the source, or a transform behind it, among the `inputs` of a destination.',
    };
  }
  const described = destinations.map(([id, one]) => describeDelivery(id, one, nowMillis));
  const next = described.find((one) => one.next !== undefined)?.next;
  return {
    summary: `It was read.${joined} ${described.map(({ summary }) => summary).join(' ')}`,
    ...(next !== undefined && { next }),
  };
}

function describeDelivery(id: string, fate: DestinationFate, nowMillis: number): Described {
  switch (fate.kind) {
    case 'dropped':
      return {
        summary: `For "${id}" it is dropped by "${fate.component}" (${fate.reason}).`,
        next: `Change "${fate.component}" in the configuration if that is not wanted.`,
      };
    case 'dead_letter':
      return {
        summary: `"${id}" refused it for good: it is dead letter ${fate.letterId} (${fate.reason}: ${fate.detail}).`,
        next: `logferry dead-letters list ${id} shows it; logferry dead-letters send ${id} sends it again.`,
      };
    case 'waiting':
      return {
        summary: `It waits for "${id}" since ${formatRoughDuration(Math.max(0, nowMillis - fate.sinceMillis))}, with ${fate.before} records before it.`,
        next: `See whether "${id}" takes records: logferry check ${id}`,
      };
    case 'not_found_yet':
      return {
        summary: `"${id}" has more than ${fate.looked} records waiting; it was not among the first.`,
        next: `See whether "${id}" takes records: logferry check ${id}`,
      };
    case 'not_started':
      return { summary: `Nothing was ever collected for "${id}".`, next: 'Start `logferry up`.' };
    case 'in_store':
      return { summary: `It is in the log store "${id}".` };
    case 'not_in_store':
      return {
        summary: `"${id}" took it, but it is not in the log store any more, or came before the store was configured.`,
        next: `Look at \`retention\` and \`max_disk\` of "${id}".`,
      };
    case 'passed':
      return {
        summary: `"${id}" took it, or it was read before "${id}" was configured: it neither waits nor is a dead letter.`,
      };
  }
}

const iso = (millis: number) => new Date(millis).toISOString();
