import type { FastifyReply, FastifyRequest } from 'fastify';

const LOOPBACK = /^(?:127(?:\.\d{1,3}){3}|localhost|\[::1\])$/i;

/**
 * There is no access control yet, so that the server listens on this machine alone. A web page must not reach it all the
 * same: neither by a name that it resolves to 127.0.0.1 (DNS rebinding), nor by a request from another site; what another
 * program of this machine serves, on a port of its own, is one too.
 */
export async function refuseForeignOrigins(request: FastifyRequest, reply: FastifyReply): Promise<void> {
  const own = parsed(`http://${request.headers.host ?? ''}`);
  if (own === undefined || !LOOPBACK.test(own.hostname)) {
    await refuse(reply, 'The Host header names no address of this machine.');
    return;
  }
  const { origin } = request.headers;
  if (origin !== undefined && parsed(origin)?.host !== own.host)
    await refuse(reply, 'The request comes from another site.');
}

async function refuse(reply: FastifyReply, message: string): Promise<void> {
  await reply.code(403).send({ error: { code: 'FORBIDDEN', message } });
}

function parsed(url: string): URL | undefined {
  return URL.canParse(url) ? new URL(url) : undefined;
}
