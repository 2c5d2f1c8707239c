import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gunzipSync } from 'node:zlib';
import { type ParsedPoint, parseLines } from './strict-line-parser.ts';

export interface ReceivedRequest {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingMessage['headers'];
  /** Decompressed. */
  readonly body: Buffer;
}

export type ScriptedReply =
  | {
      readonly status: number;
      readonly headers?: Record<string, string>;
      readonly body?: string;
      /** What was sent is gone all the same. */
      readonly isLost?: true;
    }
  /** Cuts the connection without a reply. */
  | 'reset'
  /** Never answers. */
  | 'stall'
  /** Speaks no HTTP. */
  | 'garbage';

export type Script = (request: ReceivedRequest, count: number) => ScriptedReply;

/** A server on loopback that answers as a test's script says, and keeps what it was sent. */
export interface LoggingServer {
  readonly url: string;
  readonly requests: readonly ReceivedRequest[];
  /** Points of POSTs to a write route that were answered with 2xx, dry runs aside. */
  readonly points: readonly ParsedPoint[];
  script: Script;
  close(): Promise<void>;
}

export async function startLoggingServer(script: Script): Promise<LoggingServer> {
  const requests: ReceivedRequest[] = [];
  const points: ParsedPoint[] = [];
  const server = createServer((request, response) => {
    void receive(request).then((received) => {
      requests.push(received);
      const reply = running.script(received, requests.length);
      if (isTaken(received, reply)) points.push(...parseLines(received.body));
      send(response, reply);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const running: LoggingServer = {
    url: `http://127.0.0.1:${port}`,
    requests,
    points,
    script,
    close: () => closeServer(server),
  };
  return running;
}

const DATAKIT_HEADERS = { 'X-Datakit': '1.84.1/test-host' };

/** What a DataKit in good health answers: routes, refusals and the mark in its header as seen on 1.84.1. */
export const healthyDatakit: Script = (request) => {
  if (request.path === '/v1/ping') {
    const content = { version: '1.84.1', uptime: '3h2m', host: 'test-host', commit: 'abc' };
    return { status: 200, headers: DATAKIT_HEADERS, body: JSON.stringify({ content }) };
  }
  if (request.path !== '/v1/write/logging' || request.method !== 'POST')
    return { status: 404, headers: DATAKIT_HEADERS };
  if (request.body.length === 0) return datakitError(400, 'datakit.emptyBody', 'empty body');
  try {
    parseLines(request.body);
  } catch {
    return datakitError(400, 'datakit.invalidLinePoint', `parse error near "${request.body.toString()}"`);
  }
  return { status: 200, headers: DATAKIT_HEADERS };
};

export function datakitError(status: number, code: string, message = ''): ScriptedReply {
  return { status, headers: DATAKIT_HEADERS, body: JSON.stringify({ error_code: code, message }) };
}

async function receive(request: IncomingMessage): Promise<ReceivedRequest> {
  const chunks: Buffer[] = [];
  for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
  const raw = Buffer.concat(chunks);
  const { pathname, searchParams } = new URL(request.url ?? '/', 'http://server');
  return {
    method: request.method ?? '',
    path: pathname,
    query: searchParams,
    headers: request.headers,
    body: request.headers['content-encoding'] === 'gzip' ? gunzipSync(raw) : raw,
  };
}

function isTaken(request: ReceivedRequest, reply: ScriptedReply): boolean {
  if (typeof reply !== 'object' || reply.isLost === true || Math.trunc(reply.status / 100) !== 2)
    return false;
  return request.method === 'POST' && request.path.includes('/v1/write/') && !request.query.has('dry');
}

function send(response: ServerResponse, reply: ScriptedReply): void {
  if (reply === 'stall') return;
  if (reply === 'reset') {
    response.destroy();
    return;
  }
  if (reply === 'garbage') {
    response.socket?.end('SSH-2.0-OpenSSH_9.9\r\n');
    return;
  }
  response.writeHead(reply.status, reply.headers);
  response.end(reply.body ?? '');
}

async function closeServer(server: Server): Promise<void> {
  if (!server.listening) return;
  const closed = once(server, 'close');
  server.close();
  server.closeAllConnections();
  await closed;
}
