import type { CoverageReport } from '../../api-client/coverage.ts';

/** Events of all log groups of a source together, cell by cell; empty until they are known. */
export function eventsByCell(report: CoverageReport | undefined, source: string): readonly number[] {
  const strips = (report?.partitions ?? []).filter((one) => one.source === source).map(({ strip }) => strip);
  const cells = Math.max(0, ...strips.map(({ liveEvents }) => liveEvents.length));
  return Array.from({ length: cells }, (_, cell) =>
    strips.reduce(
      (sum, { liveEvents, backfilledEvents }) =>
        sum + (liveEvents[cell] ?? 0) + (backfilledEvents[cell] ?? 0),
      0,
    ),
  );
}
