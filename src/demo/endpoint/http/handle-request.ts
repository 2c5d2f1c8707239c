import type { IncomingMessage, ServerResponse } from 'node:http';
import { describeError } from '../../../foundation/logferry-error.ts';
import { ApiError } from '../api-error.ts';
import type { DeliveryFault } from '../faults/fault.ts';
import type { Parameters } from '../request-input.ts';
import { parseAuthorization } from '../signature/authorization.ts';
import { type Answer, answerRequest } from './answer-request.ts';
import type { EndpointParts } from './endpoint-parts.ts';
import { readBody } from './read-body.ts';
import { formOf, parametersOf, type Route, routeRequest } from './route-request.ts';
import { sendReply } from './send-reply.ts';
import { errorReply, type HttpReply } from './write-protocol.ts';

/** One request from its first byte to its booking. Never rejects: what goes wrong inside is the client's 500 and a line in the log. */
export async function handleRequest(
  parts: EndpointParts,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  try {
    const body = await readBody(request);
    await exchange(parts, request, response, body);
  } catch (error) {
    // The client went away, the endpoint closes, or a wait was ended: there is nobody to answer.
    parts.logger.debug({ error: describeError(error) }, 'a request to the demo endpoint ended early');
    response.destroy();
  }
}

async function exchange(
  parts: EndpointParts,
  request: IncomingMessage,
  response: ServerResponse,
  body: Buffer | undefined,
): Promise<void> {
  const form = body === undefined ? undefined : formOf(request.headers, body);
  const route = routeRequest(request.headers, form);
  const region = regionOf(parts, request);
  const requestId = parts.nextRequestId();
  let parameters: Parameters = {};
  let answer: Answer;
  try {
    if (body === undefined)
      throw new ApiError('RequestEntityTooLargeException', 'The request is too long.', 413);
    parameters = parametersOf(body, form);
    const signed = {
      method: request.method ?? 'POST',
      url: request.url ?? '/',
      headers: request.headers,
      body,
    };
    answer = answerRequest(parts, { route, region, parameters, signed, requestId });
  } catch (error) {
    answer = refusal(parts, route, error, requestId);
  }
  const spoiled = await deliver(parts, response, answer);
  parts.requests.record({
    atMillis: parts.clock.now(),
    service: route.service,
    action: route.action,
    region,
    parameters,
    outcome: spoiled ?? answer.outcome,
  });
}

function refusal(parts: EndpointParts, route: Route, error: unknown, requestId: string): Answer {
  let known: ApiError;
  if (error instanceof ApiError) {
    known = error;
  } else {
    parts.logger.error({ error: describeError(error), action: route.action }, 'the demo endpoint failed');
    known = new ApiError('InternalFailure', 'The endpoint failed. Its log says why.', 500);
  }
  return {
    kind: 'reply',
    reply: errorReply(route.service, known, requestId),
    outcome: known.code,
    delivery: [],
  };
}

/** Answers the word of a fault that spoiled the way, if one did. */
async function deliver(
  parts: EndpointParts,
  response: ServerResponse,
  answer: Answer,
): Promise<string | undefined> {
  if (answer.kind !== 'reply') {
    // After `hang` nothing more happens to the connection until its client, or the closing of the endpoint, ends it.
    if (answer.kind === 'reset') response.socket?.resetAndDestroy();
    return undefined;
  }
  return send(parts, response, answer.reply, answer.delivery);
}

function send(
  parts: EndpointParts,
  response: ServerResponse,
  reply: HttpReply,
  faults: readonly DeliveryFault[],
): Promise<string | undefined> {
  const { clock, signal } = parts;
  return sendReply(response, reply, {
    faults,
    dateMillis: clock.now() + parts.faults.skewMillis,
    clock,
    signal,
  });
}

/** The Region that the request was signed for. */
function regionOf(parts: EndpointParts, request: IncomingMessage): string {
  const { authorization } = request.headers;
  const scoped = authorization === undefined ? undefined : parseAuthorization(authorization)?.region;
  return scoped ?? parts.world.regions[0] ?? 'us-east-1';
}
