import type { DestinationFate, EventExplanation, EventFate, Verdict } from './explanation.ts';

const OF_DELIVERY: Readonly<Record<DestinationFate['kind'], Verdict>> = {
  dropped: 'dropped',
  dead_letter: 'dead_letter',
  waiting: 'waiting',
  not_found_yet: 'waiting',
  not_started: 'waiting',
  in_store: 'delivered',
  not_in_store: 'delivered',
  passed: 'delivered',
};

/** One word for all events: `several` when they had different fates. Pure. */
export function verdictOf(events: readonly Pick<EventExplanation, 'fate'>[]): Verdict {
  const words = new Set(events.flatMap(({ fate }) => wordsOf(fate)));
  const [only] = words;
  if (only === undefined) return 'not_in_cloudwatch';
  return words.size === 1 ? only : 'several';
}

function wordsOf(fate: EventFate): readonly Verdict[] {
  if (fate.kind !== 'read') return [fate.kind];
  const deliveries = Object.values(fate.destinations);
  return deliveries.length === 0 ? ['no_destination'] : deliveries.map(({ kind }) => OF_DELIVERY[kind]);
}
