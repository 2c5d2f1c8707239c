import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { z } from 'zod';
import type { LogFilter, LogReader } from '../../contracts/log-search.ts';
import { jsonSchema, parseRequest, replySchema } from '../parse-request.ts';
import type { LogBackend } from './log-backend.ts';
import {
  errorReply,
  facetsReply,
  fieldsReply,
  histogramReply,
  pageReply,
  pageToReply,
  patternsReply,
  valuesReply,
} from './log-replies.ts';
import {
  decodeCursor,
  facetsParameters,
  filterOf,
  filterParameters,
  histogramParameters,
  patternsParameters,
  searchParameters,
  valuesParameters,
} from './log-requests.ts';
import { untilClientLeaves } from './until-client-leaves.ts';

type Parameters = z.ZodType<z.output<typeof filterParameters>>;

interface SearchRoute<Schema extends Parameters> {
  readonly path: string;
  readonly summary: string;
  readonly parameters: Schema;
  readonly reply: z.ZodType;
  readonly work: (
    logs: LogReader,
    filter: LogFilter,
    parameters: z.output<Schema>,
    signal: AbortSignal,
  ) => Promise<object>;
}

/** Everything that is asked of the records of a query and a range of time. */
export function searchRoutes(app: FastifyInstance, backend: LogBackend): void {
  const add = <Schema extends Parameters>(route: SearchRoute<Schema>) => {
    app.get(
      route.path,
      {
        schema: {
          summary: route.summary,
          tags: ['logs'],
          querystring: jsonSchema(route.parameters),
          response: { 200: replySchema(route.reply), '4xx': replySchema(errorReply) },
        },
      },
      async (request: FastifyRequest, reply: FastifyReply) => {
        const parameters = parseRequest(route.parameters, request.query);
        const filter = filterOf(parameters, backend.now());
        const { id, logs } = backend.store(parameters.store);
        const { fromMillis, toMillis } = filter;
        const found = await route.work(logs, filter, parameters, untilClientLeaves(reply));
        return { store: id, fromMillis, toMillis, ...found };
      },
    );
  };
  add({
    path: '/api/v1/logs',
    summary: 'Records of a query and a range of time, page by page.',
    parameters: searchParameters,
    reply: pageReply,
    work: async (logs, filter, { order, limit, cursor, maxMessageLength }, signal) => {
      const after = cursor === undefined ? {} : { after: decodeCursor(cursor) };
      return pageToReply(await logs.search({ ...filter, order, limit, maxMessageLength, ...after }, signal));
    },
  });
  add({
    path: '/api/v1/logs/histogram',
    summary: 'How many records there are over time, by level.',
    parameters: histogramParameters,
    reply: histogramReply,
    work: (logs, filter, { buckets, zoneOffsetMinutes }, signal) =>
      logs.histogram({ ...filter, maxBuckets: buckets, zoneOffsetMinutes }, signal),
  });
  add({
    path: '/api/v1/logs/facets',
    summary: 'The most frequent values of some fields, with their counts.',
    parameters: facetsParameters,
    reply: facetsReply,
    work: (logs, filter, { field, top }, signal) =>
      logs.facets({ ...filter, fields: typeof field === 'string' ? [field] : field, top }, signal),
  });
  add({
    path: '/api/v1/logs/fields',
    summary: 'The fields that records have: built-in ones, tags, fields, and keys of JSON messages.',
    parameters: filterParameters,
    reply: fieldsReply,
    work: (logs, filter, _parameters, signal) => logs.fields(filter, signal),
  });
  add({
    path: '/api/v1/logs/fields/values',
    summary: 'Values of one field, to choose from.',
    parameters: valuesParameters,
    reply: valuesReply,
    work: async (logs, filter, { field, containing, limit }, signal) => ({
      field,
      values: await logs.fieldValues({ ...filter, field, containing, limit }, signal),
    }),
  });
  add({
    path: '/api/v1/logs/patterns',
    summary: 'What kinds of messages there are: messages by what they have in common.',
    parameters: patternsParameters,
    reply: patternsReply,
    work: (logs, filter, { limit }, signal) => logs.patterns({ ...filter, limit }, signal),
  });
}
