import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { LogferryError } from '../foundation/logferry-error.ts';
import type { DeadLetterBackend } from './dead-letter-backend.ts';
import { jsonSchema, parseRequest } from './parse-request.ts';

const id = z.coerce.number().int().min(1).max(Number.MAX_SAFE_INTEGER);
const reason = z.string().min(1).max(200);

const listQuery = z.object({
  limit: z.coerce.number().int().min(1).max(1000).default(50),
  reason: reason.exactOptional().describe('Only those that were refused for it.'),
  beforeId: id.exactOptional().describe('Only those with smaller ids: the next page.'),
});
const sendBody = z.strictObject({
  reason: reason.exactOptional().describe('Only those that were refused for it.'),
});
const discardQuery = z.object({
  reason: reason.exactOptional().describe('Only those that were refused for it.'),
  throughId: id.exactOptional().describe('Only those up to this id; what came later stays.'),
});

const anyObject = { type: 'object', additionalProperties: true } as const;
const tags = ['dead letters'];
const params = { type: 'object', properties: { id: { type: 'string' } }, required: ['id'] } as const;
interface Route {
  readonly Params: { readonly id: string };
}

export function deadLetterRoutes(app: FastifyInstance, backend: DeadLetterBackend): void {
  const path = '/api/v1/destinations/:id/dead-letters';
  /** The destination of a request. */
  const named = ({ params: { id: destination } }: { readonly params: Route['Params'] }): string => {
    if (backend.hasDestination(destination)) return destination;
    throw new LogferryError('DESTINATION_NOT_FOUND', `There is no destination "${destination}".`, {
      hint: 'GET /api/v1/status lists what there is.',
    });
  };
  app.get<Route>(
    path,
    {
      schema: {
        summary: 'Dead letters of a destination, newest first, and how many are kept by reason.',
        tags,
        params,
        querystring: jsonSchema(listQuery),
        response: { 200: anyObject },
      },
    },
    async (request) => await backend.list(named(request), parseRequest(listQuery, request.query)),
  );
  app.delete<Route>(
    path,
    {
      schema: {
        summary:
          'Gives dead letters up, oldest first: some thousand with each call, until `isMore` is false.',
        tags,
        params,
        querystring: jsonSchema(discardQuery),
        response: { 200: anyObject },
      },
    },
    async (request) => await backend.discard(named(request), parseRequest(discardQuery, request.query)),
  );
  app.post<Route>(
    `${path}/send`,
    {
      schema: {
        summary: 'Sends dead letters again; it goes on when the connection is closed.',
        tags,
        params,
        body: jsonSchema(sendBody),
        response: { 202: anyObject },
      },
    },
    async (request, reply) => {
      const destination = named(request);
      const { reason: wanted } = parseRequest(sendBody, request.body ?? {});
      return await reply.code(202).send(backend.send(destination, wanted));
    },
  );
  app.get<Route>(
    `${path}/send`,
    {
      schema: {
        summary: 'How far the last sending is, or how it ended.',
        tags,
        params,
        response: { 200: anyObject },
      },
    },
    (request) => {
      const status = backend.sendStatus(named(request));
      if (status !== undefined) return status;
      throw nothingUnderWay('No dead letters were sent since the server was started.');
    },
  );
  app.delete<Route>(
    `${path}/send`,
    {
      schema: {
        summary: 'Ends a sending that is under way, after the batch that is being written.',
        tags,
        params,
        response: { 202: anyObject },
      },
    },
    async (request, reply) => {
      const destination = named(request);
      if (!backend.cancelSend(destination)) throw nothingUnderWay('No dead letters are being sent.');
      return await reply.code(202).send({ destination, cancelling: true });
    },
  );
}

function nothingUnderWay(message: string): LogferryError {
  return new LogferryError('USAGE', message);
}
