import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type { StartRun } from '../../../src/api/api-backend.ts';
import type { Run, RunState } from '../../../src/contracts/run.ts';
import { getJson, sendJson } from './http.ts';

export type { Run, RunState } from '../../../src/contracts/run.ts';

const EVERY_MILLIS = 2000;
const PATH = '/api/v1/runs';

export interface RunFilter {
  readonly source?: string | undefined;
  readonly state?: RunState | undefined;
}

export function useRuns(filter: RunFilter) {
  return useQuery({
    queryKey: ['runs', filter],
    queryFn: async ({ signal }) =>
      (await getJson<{ readonly runs: readonly Run[] }>(PATH, { ...filter, limit: 200 }, signal)).runs,
    refetchInterval: EVERY_MILLIS,
  });
}

export function useRun(id: string | undefined) {
  return useQuery({
    queryKey: ['run', id],
    queryFn: ({ signal }) => getJson<Run>(`${PATH}/${encodeURIComponent(id ?? '')}`, {}, signal),
    enabled: id !== undefined,
    refetchInterval: EVERY_MILLIS,
  });
}

/** Begins a run; the lists show it at once. */
export function useStartRun() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (request: StartRun) => sendJson<Run>('POST', PATH, request),
    onSuccess: () => queries.invalidateQueries({ queryKey: ['runs'] }),
  });
}

export function useCancelRun() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (id: string) => sendJson<unknown>('DELETE', `${PATH}/${encodeURIComponent(id)}`),
    onSuccess: () => queries.invalidateQueries(),
  });
}
