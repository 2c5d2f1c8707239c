import type { FastifyInstance } from 'fastify';
import type { z } from 'zod';
import type { RecordKey } from '../../contracts/log-search.ts';
import { LogferryError } from '../../foundation/logferry-error.ts';
import { jsonSchema, parseRequest, replySchema } from '../parse-request.ts';
import type { LogBackend } from './log-backend.ts';
import { contextReply, errorReply, recordReply, recordToReply, storesReply } from './log-replies.ts';
import { contextParameters, recordParameters } from './log-requests.ts';
import { untilClientLeaves } from './until-client-leaves.ts';

const tags = ['logs'];

/** One record, what stands around it, and the stores that there are. */
export function recordRoutes(app: FastifyInstance, backend: LogBackend): void {
  app.get(
    '/api/v1/logs/record',
    {
      schema: {
        summary: 'One record, whole.',
        tags,
        querystring: jsonSchema(recordParameters),
        response: { 200: replySchema(recordReply), '4xx': replySchema(errorReply) },
      },
    },
    async (request, reply) => {
      const parameters = parseRequest(recordParameters, request.query);
      const { logs } = backend.store(parameters.store);
      const record = await logs.record(keyOf(parameters), untilClientLeaves(reply));
      if (record === undefined) throw notThere();
      return recordToReply(record);
    },
  );
  app.get(
    '/api/v1/logs/context',
    {
      schema: {
        summary: 'What stands before and after a record in its stream, or in all containers of its task.',
        tags,
        querystring: jsonSchema(contextParameters),
        response: { 200: replySchema(contextReply), '4xx': replySchema(errorReply) },
      },
    },
    async (request, reply) => {
      const parameters = parseRequest(contextParameters, request.query);
      const { id, logs } = backend.store(parameters.store);
      const { scope, before, after, maxMessageLength } = parameters;
      const wanted = { ...keyOf(parameters), scope, before, after, maxMessageLength };
      const context = await logs.context(wanted, untilClientLeaves(reply));
      if (context === undefined) throw notThere();
      return {
        ...context,
        store: id,
        before: context.before.map(recordToReply),
        record: recordToReply(context.record),
        after: context.after.map(recordToReply),
      };
    },
  );
  app.get(
    '/api/v1/logs/stores',
    {
      schema: {
        summary: 'The destinations that are log stores, and what each holds.',
        tags,
        response: { 200: replySchema(storesReply) },
      },
    },
    async (_request, reply) => {
      const signal = untilClientLeaves(reply);
      const stores = await Promise.all(
        backend.stores().map(async (id) => ({ id, ...(await backend.store(id).logs.usage(signal)) })),
      );
      return { stores };
    },
  );
}

function keyOf({ time, id, source }: z.output<typeof recordParameters>): RecordKey {
  return { timestampMillis: time, id, ...(source !== undefined && { source }) };
}

function notThere(): LogferryError {
  return new LogferryError('RECORD_NOT_FOUND', 'There is no such record.', {
    hint: 'It may have been removed since, by the retention of the store.',
  });
}
