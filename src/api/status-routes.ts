import type { FastifyInstance } from 'fastify';
import type { ApiBackend } from './api-backend.ts';

export function statusRoutes(app: FastifyInstance, backend: ApiBackend): void {
  app.get(
    '/api/v1/status',
    {
      schema: {
        summary:
          'Sources with their log groups, destinations with what waits, the spool, the request budgets. Times are Unix milliseconds.',
        tags: ['status'],
        response: { 200: { type: 'object', additionalProperties: true } },
      },
    },
    async () => ({
      version: backend.version,
      startedAtMillis: backend.startedAtMillis,
      pid: process.pid,
      ...(await backend.status()),
      budgets: backend.budgets(),
    }),
  );
}
