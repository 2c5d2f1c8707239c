import { keepPreviousData, useQuery } from '@tanstack/react-query';
import type { CoverageReport } from '../../../src/pipeline/coverage/coverage-report.ts';
import { getJson } from './http.ts';

export type { CoverageReport, PartitionCoverage } from '../../../src/pipeline/coverage/coverage-report.ts';

const EVERY_MILLIS = 10_000;

export interface CoverageWanted {
  readonly source?: string;
  readonly lengthMillis: number;
  readonly cells: number;
}

/** The latest so many milliseconds, as rows of cells. */
export function useCoverage({ source, lengthMillis, cells }: CoverageWanted) {
  return useQuery({
    queryKey: ['coverage', source, lengthMillis, cells],
    queryFn: ({ signal }) => {
      const to = Date.now();
      return getJson<CoverageReport>(
        '/api/v1/coverage',
        { source, from: to - lengthMillis, to, cells },
        signal,
      );
    },
    refetchInterval: EVERY_MILLIS,
    placeholderData: keepPreviousData,
  });
}
