import type { FastifyInstance } from 'fastify';
import type { LogQuery, LogTerm } from '../../contracts/log-query.ts';
import type { LogFilter } from '../../contracts/log-search.ts';
import { completeQuery } from '../../logstore/query/complete-query.ts';
import { parseQuery } from '../../logstore/query/parse-query.ts';
import { printQuery, printText } from '../../logstore/query/print-query.ts';
import { jsonSchema, parseRequest, replySchema } from '../parse-request.ts';
import type { LogBackend } from './log-backend.ts';
import { completeReply, errorReply, parseReply } from './log-replies.ts';
import { completeParameters, filterOf, parseParameters } from './log-requests.ts';
import { untilClientLeaves } from './until-client-leaves.ts';

const tags = ['logs'];
const MAX_VALUES = 20;

/** The query language itself: whether a text is a query, and how it could go on. */
export function queryRoutes(app: FastifyInstance, backend: LogBackend): void {
  app.get(
    '/api/v1/logs/parse',
    {
      schema: {
        summary: 'Whether a text is a query; if not, what is wrong and at which column.',
        tags,
        querystring: jsonSchema(parseParameters),
        response: { 200: replySchema(parseReply) },
      },
    },
    (request) => {
      const parsed = parseQuery(parseRequest(parseParameters, request.query).q);
      if (!parsed.ok) return { ok: false, problem: parsed.problem, terms: [] };
      const terms = termsOf(parsed.query).map(({ field, test, span }) => ({
        field,
        kind: test.kind,
        from: span?.from ?? 0,
        to: span?.to ?? 0,
      }));
      return { ok: true, canonical: printQuery(parsed.query), terms };
    },
  );
  app.get(
    '/api/v1/logs/complete',
    {
      schema: {
        summary: 'What could stand at a place of a query: fields, levels, values that the store has.',
        tags,
        querystring: jsonSchema(completeParameters),
        response: { 200: replySchema(completeReply), '4xx': replySchema(errorReply) },
      },
    },
    async (request, reply) => {
      const { q, cursor, ...rest } = parseRequest(completeParameters, request.query);
      // Of everything in the range: what the rest of the text says may not be a query yet.
      const filter: LogFilter = filterOf({ ...rest, q: '' }, backend.now());
      const { logs } = backend.store(rest.store);
      const signal = untilClientLeaves(reply);
      const isOfField = completeQuery(q, cursor, []).wanted === undefined;
      const known = isOfField ? (await logs.fields(filter, signal)).fields : [];
      const { from, to, items, wanted } = completeQuery(q, cursor, known);
      if (wanted === undefined) return { from, to, items };
      const values = await logs.fieldValues({ ...filter, ...wanted, limit: MAX_VALUES }, signal);
      return {
        from,
        to,
        items: values.map(({ value, count }) => ({
          kind: 'value',
          label: value,
          insert: printText(value),
          count,
        })),
      };
    },
  );
}

function termsOf(query: LogQuery): readonly LogTerm[] {
  switch (query.kind) {
    case 'all':
      return [];
    case 'and':
    case 'or':
      return query.nodes.flatMap(termsOf);
    case 'not':
      return termsOf(query.node);
    case 'term':
      return [query];
  }
}
