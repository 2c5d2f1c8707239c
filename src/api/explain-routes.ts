import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import type { ApiBackend } from './api-backend.ts';
import { untilClientLeaves } from './logs/until-client-leaves.ts';
import { jsonSchema, parseRequest } from './parse-request.ts';

const DAY_MILLIS = 86_400_000;

const millis = z.coerce.number().int().min(0).max(8_640_000_000_000_000);

const explainQuery = z
  .object({
    group: z.string().min(1).max(1024).describe('Name or ARN of a log group, or a part that no other has.'),
    from: millis.describe('Begin of the range of event time, inclusive.'),
    to: millis.describe('End of the range, inclusive; a day after its begin at most.'),
    text: z.string().min(1).max(1024).optional().describe('Only events that contain it, in whatever case.'),
  })
  .check(({ value, issues }) => {
    const { from, to } = value;
    if (from <= to && to - from <= DAY_MILLIS) return;
    const message = from > to ? 'from lies after to.' : 'The range is longer than a day.';
    issues.push({ code: 'custom', message, input: value, path: ['from'] });
  });

export function explainRoutes(app: FastifyInstance, backend: ApiBackend): void {
  app.get(
    '/api/v1/explain',
    {
      schema: {
        summary:
          'Why events of a log group are missing, or where they are: asks AWS, and looks into state, spool, dead letters and log stores. Changes nothing.',
        tags: ['status'],
        querystring: jsonSchema(explainQuery),
        response: { 200: { type: 'object', additionalProperties: true } },
      },
    },
    async (request, reply) => {
      const { group, from, to, text } = parseRequest(explainQuery, request.query);
      const query = { group, fromMillis: from, toMillis: to, ...(text !== undefined && { text }) };
      return await backend.explain(query, untilClientLeaves(reply));
    },
  );
}
