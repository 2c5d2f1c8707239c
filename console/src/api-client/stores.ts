import { useQuery } from '@tanstack/react-query';
import type { z } from 'zod';
import type { storesReply } from '../../../src/api/logs/log-replies.ts';
import { getJson } from './http.ts';

/** The log stores, with what each holds. */
export function useStores() {
  return useQuery({
    queryKey: ['stores'],
    queryFn: async ({ signal }) =>
      (await getJson<z.output<typeof storesReply>>('/api/v1/logs/stores', {}, signal)).stores,
    refetchInterval: 10_000,
  });
}
