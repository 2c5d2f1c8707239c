import { useQuery } from '@tanstack/react-query';
import type { NamedBudgetStatus } from '../../../src/aws/budget/request-budgets.ts';
import type { PipelineStatus } from '../../../src/pipeline/pipeline.ts';
import { ApiError, getJson } from './http.ts';

export type Status = PipelineStatus & {
  readonly version: string;
  readonly startedAtMillis: number;
  readonly budgets: readonly NamedBudgetStatus[];
};

export interface Readiness {
  readonly status: 'ok' | 'degraded' | 'failed';
  readonly problems: readonly string[];
}

const EVERY_MILLIS = 2000;

export function useStatus() {
  return useQuery({
    queryKey: ['status'],
    queryFn: ({ signal }) => getJson<Status>('/api/v1/status', {}, signal),
    refetchInterval: EVERY_MILLIS,
  });
}

/** 503 is an answer too: it says what failed. */
export function useReadiness() {
  return useQuery({
    queryKey: ['readiness'],
    queryFn: async ({ signal }) => {
      const response = await fetch('/readyz', { signal });
      if (response.status !== 200 && response.status !== 503) throw new ApiError(response.status, undefined);
      return (await response.json()) as Readiness;
    },
    refetchInterval: EVERY_MILLIS,
  });
}
