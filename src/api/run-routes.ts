import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { RUN_STATES } from '../contracts/run.ts';
import { LogferryError } from '../foundation/logferry-error.ts';
import type { ApiBackend } from './api-backend.ts';
import { jsonSchema, parseRequest } from './parse-request.ts';

const millis = z.int().min(0).max(8_640_000_000_000_000);

const startRun = z
  .strictObject({
    kind: z.enum(['collect', 'backfill']).describe('What to do: one collection now, or a range of the past.'),
    source: z.string().min(1).describe('Id of the source.'),
    fromMillis: millis.optional().describe('Begin of a backfill, inclusive.'),
    toMillis: millis.optional().describe('End of a backfill, inclusive.'),
    again: z.boolean().optional().describe('Reads again what was read before.'),
    resumes: z.string().min(1).optional().describe('Id of an interrupted backfill to go on with.'),
  })
  .check(({ value, issues }) => {
    const isBackfill = value.kind === 'backfill';
    const { fromMillis, toMillis } = value;
    const hasRange = fromMillis !== undefined && toMillis !== undefined && fromMillis <= toMillis;
    if (isBackfill && !hasRange && value.resumes === undefined)
      issues.push({
        code: 'custom',
        message: 'A backfill needs fromMillis and toMillis, the first not after the second.',
        input: value,
        path: ['fromMillis'],
      });
  });

const listQuery = z.object({
  source: z.string().optional(),
  state: z.enum(RUN_STATES).optional(),
  limit: z.coerce.number().int().min(1).max(1000).default(50),
});

const anyObject = { type: 'object', additionalProperties: true } as const;
const idParameter = { type: 'object', properties: { id: { type: 'string' } }, required: ['id'] } as const;

export function runRoutes(app: FastifyInstance, backend: ApiBackend): void {
  app.get(
    '/api/v1/runs',
    {
      schema: {
        summary: 'Runs, newest first.',
        tags: ['runs'],
        querystring: jsonSchema(listQuery),
        response: { 200: anyObject },
      },
    },
    async (request) => {
      const { source, state, limit } = parseRequest(listQuery, request.query);
      return {
        runs: await backend.listRuns({
          limit,
          ...(source !== undefined && { source }),
          ...(state !== undefined && { states: [state] }),
        }),
      };
    },
  );
  app.get<{ Params: { id: string } }>(
    '/api/v1/runs/:id',
    {
      schema: { summary: 'One run.', tags: ['runs'], params: idParameter, response: { 200: anyObject } },
    },
    async (request) => {
      const run = await backend.getRun(request.params.id);
      if (run === undefined)
        throw new LogferryError('RUN_NOT_FOUND', `There is no run ${request.params.id}.`);
      return run;
    },
  );
  app.post(
    '/api/v1/runs',
    {
      schema: {
        summary: 'Starts a run; it goes on when the connection is closed.',
        tags: ['runs'],
        body: jsonSchema(startRun),
        response: { 202: anyObject },
      },
    },
    async (request, reply) => {
      const { kind, source, fromMillis, toMillis, again, resumes } = parseRequest(startRun, request.body);
      const run = await backend.startRun({
        kind,
        source,
        ...(fromMillis !== undefined && { fromMillis }),
        ...(toMillis !== undefined && { toMillis }),
        ...(again !== undefined && { again }),
        ...(resumes !== undefined && { resumes }),
      });
      return await reply.code(202).send(run);
    },
  );
  app.delete<{ Params: { id: string } }>(
    '/api/v1/runs/:id',
    {
      schema: {
        summary: 'Cancels a run that is under way.',
        tags: ['runs'],
        params: idParameter,
        response: { 202: anyObject },
      },
    },
    async (request, reply) => {
      if (!backend.cancelRun(request.params.id))
        throw new LogferryError('RUN_NOT_FOUND', `No run ${request.params.id} is under way.`);
      return await reply.code(202).send({ id: request.params.id, cancelling: true });
    },
  );
}
