import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { Agent, type Dispatcher } from 'undici';
import type { SinkLimits } from '../contracts/sink.ts';
import { type TransportFailure, transportFailure } from './transport-failure.ts';

/** Of a reply's body; enough for any error message. */
const MAX_KEPT_BODY_BYTES = 64 * 1024;
/** A body is read to its end so that its connection can be used again, but not for ever. */
const MAX_READ_BODY_BYTES = 8 * 1024 * 1024;
const KEEP_ALIVE_MILLIS = 30_000;

export interface HttpReply {
  readonly kind: 'reply';
  readonly status: number;
  /** Lower-case names; of a repeated header, the first. */
  readonly headers: Readonly<Record<string, string>>;
  /** The first 64 KiB, as text. */
  readonly body: string;
}

export type HttpResult = HttpReply | TransportFailure;

export interface HttpRequest {
  readonly method: 'GET' | 'POST';
  readonly url: URL;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Buffer;
}

export interface HttpTransportSettings {
  /** Connections to the server at once. */
  readonly connections: number;
  readonly connectTimeoutMillis: number;
  /** Wait for the reply's first byte, and between two pieces of it. */
  readonly replyTimeoutMillis: number;
  /** False accepts any certificate. */
  readonly verifyTls: boolean;
}

const LONGEST_CONNECT_MILLIS = 10_000;

/** As a sink with these limits needs it. */
export function transportSettings(limits: SinkLimits, verifyTls: boolean): HttpTransportSettings {
  return {
    // One more, so that a check need not wait for writes.
    connections: limits.maxInFlight + 1,
    connectTimeoutMillis: Math.min(LONGEST_CONNECT_MILLIS, limits.timeoutMillis),
    replyTimeoutMillis: limits.timeoutMillis,
    verifyTls,
  };
}

/** One HTTP exchange at a time and connection, with connections kept alive. No retries, no redirects. */
export interface HttpTransport {
  /** How it ended is a value; rejects only with the signal's reason, when aborted, and for a request that cannot be made. */
  send(request: HttpRequest, signal: AbortSignal): Promise<HttpResult>;
  /** Ends all connections; idempotent. */
  close(): Promise<void>;
}

export function httpTransport(settings: HttpTransportSettings): HttpTransport {
  const agent = new Agent({
    connections: settings.connections,
    pipelining: 1,
    connect: { timeout: settings.connectTimeoutMillis, rejectUnauthorized: settings.verifyTls },
    headersTimeout: settings.replyTimeoutMillis,
    bodyTimeout: settings.replyTimeoutMillis,
    keepAliveTimeout: KEEP_ALIVE_MILLIS,
  });
  let closed: Promise<void> | undefined;
  return {
    send: (request, signal) => exchange(agent, request, signal),
    close: () => (closed ??= agent.destroy()),
  };
}

/** Of compressed output: the default of 16 KiB costs a turn of the event loop each. */
const CHUNK_BYTES = 128 * 1024;
const gzipOnThread = promisify(gzip);

/** On libuv's threads; level 1, which costs the least for a ratio of about 0.21 on logs. */
export function gzipFast(body: Buffer): Promise<Buffer> {
  return gzipOnThread(body, { level: 1, chunkSize: CHUNK_BYTES });
}

async function exchange(agent: Agent, request: HttpRequest, signal: AbortSignal): Promise<HttpResult> {
  signal.throwIfAborted();
  try {
    const response = await agent.request({
      origin: request.url.origin,
      path: `${request.url.pathname}${request.url.search}`,
      method: request.method,
      headers: { ...request.headers },
      body: request.body ?? null,
      signal,
    });
    return {
      kind: 'reply',
      status: response.statusCode,
      headers: firstOfEach(response.headers),
      body: await readBounded(response.body),
    };
  } catch (thrown) {
    if (signal.aborted) throw signal.reason;
    return transportFailure(thrown);
  }
}

async function readBounded(body: Dispatcher.ResponseData['body']): Promise<string> {
  const kept: Buffer[] = [];
  let keptBytes = 0;
  let readBytes = 0;
  for await (const chunk of body as AsyncIterable<Buffer>) {
    readBytes += chunk.length;
    if (keptBytes < MAX_KEPT_BODY_BYTES) {
      const piece = chunk.subarray(0, MAX_KEPT_BODY_BYTES - keptBytes);
      kept.push(piece);
      keptBytes += piece.length;
    }
    if (readBytes > MAX_READ_BODY_BYTES) break;
  }
  return Buffer.concat(kept).toString('utf8');
}

function firstOfEach(headers: Dispatcher.ResponseData['headers']): Record<string, string> {
  const first: Record<string, string> = {};
  for (const [name, value] of Object.entries(headers)) {
    const text = Array.isArray(value) ? value[0] : value;
    if (text !== undefined) first[name.toLowerCase()] = text;
  }
  return first;
}
