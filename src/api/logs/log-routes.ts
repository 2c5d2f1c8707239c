import type { FastifyInstance } from 'fastify';
import { exportRoute } from './export-route.ts';
import type { LogBackend } from './log-backend.ts';
import { queryRoutes } from './query-routes.ts';
import { recordRoutes } from './record-routes.ts';
import { searchRoutes } from './search-routes.ts';
import { tailRoute } from './tail-route.ts';

/** Searching the logs that a store holds. */
export async function logRoutes(app: FastifyInstance, backend: LogBackend): Promise<void> {
  await app.register(async (scope) => {
    // The schemas of replies are what /openapi.json shows; what is answered is theirs by its types.
    scope.setSerializerCompiler(() => (data) => JSON.stringify(data));
    searchRoutes(scope, backend);
    recordRoutes(scope, backend);
    queryRoutes(scope, backend);
    tailRoute(scope, backend);
    exportRoute(scope, backend);
  });
}
