import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import type { FastifyInstance } from 'fastify';
import { describeError, LogferryError } from '../../foundation/logferry-error.ts';
import { requireQuery } from '../../logstore/query/parse-query.ts';
import { explainError } from '../explain-error.ts';
import { jsonSchema, parseRequest } from '../parse-request.ts';
import type { LogBackend } from './log-backend.ts';
import { recordToReply } from './log-replies.ts';
import { momentOf, tailParameters } from './log-requests.ts';
import { untilClientLeaves } from './until-client-leaves.ts';

/** So that proxies and clients know that the stream lives. */
const HEARTBEAT_MILLIS = 15_000;
const MAX_TAILS = 50;

const DESCRIPTION =
  'Server-sent events. `open` comes first: `{"store","fromMillis"}`. Each `records` is `{"records":[…],"leftOut":{"tooMany","older"}}`, records as in a page, the oldest first; `leftOut` counts what came in and is not shown. `failed` is an error, and the last. A comment comes every 15 seconds. A client that reads slowly gets fewer and larger events, and is told what it missed.';

export function tailRoute(app: FastifyInstance, backend: LogBackend): void {
  let tails = 0;
  app.get(
    '/api/v1/logs/tail',
    {
      schema: {
        summary: 'Records as they come in, as server-sent events.',
        description: DESCRIPTION,
        tags: ['logs'],
        produces: ['text/event-stream'],
        querystring: jsonSchema(tailParameters),
        response: { 200: { type: 'string', description: DESCRIPTION } },
      },
    },
    async (request, reply) => {
      const { q, from, backlog, limit, maxMessageLength, store } = parseRequest(
        tailParameters,
        request.query,
      );
      const query = requireQuery(q);
      const fromMillis = momentOf('from', from, backend.now());
      const { id, logs } = backend.store(store);
      if (tails >= MAX_TAILS) {
        throw new LogferryError('STORE_BUSY', `${MAX_TAILS} clients follow the log store already.`, {
          hint: 'Close some of them.',
        });
      }
      const signal = untilClientLeaves(reply);
      const batches = logs.tail({ query, fromMillis, backlog, maxRecords: limit, maxMessageLength }, signal);
      tails++;
      reply.hijack();
      const events = new EventStream(reply.raw, signal);
      try {
        await events.send('open', { store: id, fromMillis });
        for await (const { records, leftOut } of batches)
          await events.send('records', { records: records.map(recordToReply), leftOut });
      } catch (thrown) {
        if (!signal.aborted) await events.send('failed', explainError(thrown).body).catch(() => {});
      } finally {
        tails--;
        events.end();
      }
    },
  );
}

/** Server-sent events, no faster than the client takes them. */
class EventStream {
  readonly #response: ServerResponse;
  readonly #signal: AbortSignal;
  readonly #heartbeat: NodeJS.Timeout;

  constructor(response: ServerResponse, signal: AbortSignal) {
    this.#response = response;
    this.#signal = signal;
    response.writeHead(200, {
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-store',
      // Proxies that keep answers back until they are whole.
      'x-accel-buffering': 'no',
    });
    this.#heartbeat = setInterval(() => {
      if (!response.writableNeedDrain) response.write(': still here\n\n');
    }, HEARTBEAT_MILLIS);
  }

  async send(event: string, data: object): Promise<void> {
    this.#signal.throwIfAborted();
    if (this.#response.write(`event: ${event}\ndata: ${JSON.stringify(data)}\n\n`)) return;
    await once(this.#response, 'drain', { signal: this.#signal }).catch((thrown: unknown) => {
      throw this.#signal.aborted ? this.#signal.reason : new Error(describeError(thrown));
    });
  }

  end(): void {
    clearInterval(this.#heartbeat);
    this.#response.end();
  }
}
