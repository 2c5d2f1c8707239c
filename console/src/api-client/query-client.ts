import { QueryClient } from '@tanstack/react-query';
import { ApiError } from './http.ts';

export function createQueryClient(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: {
        // What the server refused it refuses again; what did not reach it may reach it now.
        retry: (failures, error) => !(error instanceof ApiError) && failures < 2,
        refetchOnWindowFocus: false,
        staleTime: 1000,
      },
    },
  });
}
