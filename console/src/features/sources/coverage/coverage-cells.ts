import type { CoverageState } from '../../../../../src/pipeline/coverage/coverage.ts';
import type { PartitionCoverage } from '../../../api-client/coverage.ts';

export interface CoverageCell {
  readonly state: CoverageState;
  readonly fromMillis: number;
  readonly events: number;
}

const STATES: Readonly<Record<string, CoverageState>> = {
  s: 'sealed',
  b: 'backfilled',
  o: 'open',
  p: 'pending',
  u: 'unread',
  g: 'gap',
};

/** The cells of a strip that begins at `fromMillis`. */
export function cellsOf(
  { states, cellMillis, liveEvents, backfilledEvents }: PartitionCoverage['strip'],
  fromMillis: number,
): readonly CoverageCell[] {
  return Array.from(states, (letter, index) => ({
    state: STATES[letter] ?? 'unread',
    fromMillis: fromMillis + index * cellMillis,
    events: (liveEvents[index] ?? 0) + (backfilledEvents[index] ?? 0),
  }));
}
