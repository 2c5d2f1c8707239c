import swagger from '@fastify/swagger';
import fastify, { type FastifyError, type FastifyInstance } from 'fastify';
import { describeError } from '../foundation/logferry-error.ts';
import type { Logger } from '../foundation/logger.ts';
import type { ApiBackend } from './api-backend.ts';
import { asksForPage, consoleRoutes } from './console-routes.ts';
import { coverageRoutes } from './coverage-routes.ts';
import { deadLetterRoutes } from './dead-letter-routes.ts';
import { explainError } from './explain-error.ts';
import { explainRoutes } from './explain-routes.ts';
import { healthRoutes } from './health-routes.ts';
import { logRoutes } from './logs/log-routes.ts';
import { refuseForeignOrigins } from './refuse-foreign-origins.ts';
import { runRoutes } from './run-routes.ts';
import { statusRoutes } from './status-routes.ts';

const MAX_BODY_BYTES = 1024 * 1024;

/**
 * The HTTP server: health, metrics and API, described by /openapi.json, and the web console that lies built in
 * `consoleFolder`. Not listening yet.
 */
export async function createApi(
  backend: ApiBackend,
  logger: Logger,
  consoleFolder?: string,
): Promise<FastifyInstance> {
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
          'Gets logs off Amazon ECS: health, metrics, what is collected and delivered, runs, dead letters, and searching logs.',
      },
    },
  });
  app.addHook('onRequest', refuseForeignOrigins);
  app.setErrorHandler((thrown: FastifyError, _request, reply) => {
    const { status, body } = explainError(thrown);
    if (status === 500) logger.error({ error: describeError(thrown) }, 'A request of the API failed.');
    return reply.code(status).send(body);
  });
  const pages = await consoleRoutes(app, consoleFolder);
  app.setNotFoundHandler((request, reply) => {
    if (asksForPage(request)) return pages.answer(reply);
    return reply.code(404).send({
      error: {
        code: 'NOT_FOUND',
        message: `There is no ${request.method} ${request.url.split('?')[0] ?? ''}.`,
        hint: 'GET /openapi.json lists what there is.',
      },
    });
  });
  // After the registration of swagger, so that it sees them.
  await app.register(async (scope) => {
    // zod decides what is valid; the JSON Schema made of it is what /openapi.json shows.
    scope.setValidatorCompiler(() => () => true);
    healthRoutes(scope, backend);
    statusRoutes(scope, backend);
    runRoutes(scope, backend);
    coverageRoutes(scope, backend);
    explainRoutes(scope, backend);
    deadLetterRoutes(scope, backend.deadLetters);
    await logRoutes(scope, backend.logs);
    scope.get('/openapi.json', { schema: { hide: true } }, () => app.swagger());
  });
  return app;
}
