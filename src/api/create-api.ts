import swagger from '@fastify/swagger';
import fastify, { type FastifyError, type FastifyInstance } from 'fastify';
import type { ErrorCode } from '../foundation/error-codes.ts';
import { describeError, LogferryError } from '../foundation/logferry-error.ts';
import type { Logger } from '../foundation/logger.ts';
import type { ApiBackend } from './api-backend.ts';
import { coverageRoutes } from './coverage-routes.ts';
import { deadLetterRoutes } from './dead-letter-routes.ts';
import { healthRoutes } from './health-routes.ts';
import { refuseForeignOrigins } from './refuse-foreign-origins.ts';
import { runRoutes } from './run-routes.ts';
import { statusRoutes } from './status-routes.ts';

const MAX_BODY_BYTES = 1024 * 1024;
const NOT_THERE: ReadonlySet<ErrorCode> = new Set(['RUN_NOT_FOUND', 'DESTINATION_NOT_FOUND']);

/** The HTTP server: health, metrics and API, described by /openapi.json. Not listening yet. */
export async function createApi(backend: ApiBackend, logger: Logger): Promise<FastifyInstance> {
  const app = fastify({
    logger: false,
    bodyLimit: MAX_BODY_BYTES,
    requestTimeout: 30_000,
    forceCloseConnections: true,
  });
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'Logferry',
        version: backend.version,
        description:
          'Gets logs off Amazon ECS: health, metrics, what is collected and delivered, runs, and dead letters.',
      },
    },
  });
  app.addHook('onRequest', refuseForeignOrigins);
  app.setErrorHandler((thrown: FastifyError, _request, reply) => {
    const { status, code, hint } = explain(thrown);
    if (status === 500) logger.error({ error: describeError(thrown) }, 'A request of the API failed.');
    return reply
      .code(status)
      .send({ error: { code, message: describeError(thrown), ...(hint && { hint }) } });
  });
  app.setNotFoundHandler((request, reply) =>
    reply.code(404).send({
      error: {
        code: 'NOT_FOUND',
        message: `There is no ${request.method} ${request.url.split('?')[0] ?? ''}.`,
        hint: 'GET /openapi.json lists what there is.',
      },
    }),
  );
  // After the registration of swagger, so that it sees them.
  await app.register(async (scope) => {
    // zod decides what is valid; the JSON Schema made of it is what /openapi.json shows.
    scope.setValidatorCompiler(() => () => true);
    healthRoutes(scope, backend);
    statusRoutes(scope, backend);
    runRoutes(scope, backend);
    coverageRoutes(scope, backend);
    deadLetterRoutes(scope, backend.deadLetters);
    scope.get('/openapi.json', { schema: { hide: true } }, () => app.swagger());
  });
  return app;
}

function explain(thrown: FastifyError): { status: number; code: string; hint?: string } {
  if (thrown instanceof LogferryError) {
    const status = NOT_THERE.has(thrown.code) ? 404 : thrown.code === 'USAGE' ? 409 : 500;
    return { status, code: thrown.code, ...(thrown.hint !== undefined && { hint: thrown.hint }) };
  }
  const status = thrown.statusCode ?? 500;
  return { status, code: status < 500 ? 'USAGE' : 'INTERNAL' };
}
