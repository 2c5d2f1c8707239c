import type { Checkpoint } from '../../contracts/checkpoint.ts';
import type { Metrics } from '../../contracts/metrics.ts';
import { minutesByState, wholeMinutes } from './coverage.ts';

const MEASURED_MILLIS = 24 * 3_600_000;
/** Those that live reading alone decides on: what backfills read is not looked up for a metric. */
const MEASURED_STATES = ['sealed', 'open', 'pending', 'gap'] as const;

/** Sets the gauge of a source from the checkpoints of the log groups that it reads. */
export function measureCoverage(
  source: string,
  checkpoints: readonly Checkpoint[],
  nowMillis: number,
  metrics: Metrics,
): void {
  const range = wholeMinutes({ fromMillis: nowMillis - MEASURED_MILLIS, toMillis: nowMillis }, nowMillis);
  if (range === undefined) return;
  const minutes = { sealed: 0, open: 0, pending: 0, gap: 0 };
  for (const live of checkpoints) {
    const found = minutesByState({ live, backfills: [] }, range);
    for (const state of MEASURED_STATES) minutes[state] += found[state];
  }
  for (const state of MEASURED_STATES)
    metrics.set('logferry_coverage_seconds', { source, state }, minutes[state] * 60);
}
