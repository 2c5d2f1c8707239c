import { request } from 'undici';
import type { LoadedConfig } from '../config/loaded-config.ts';
import { QueryError } from '../contracts/log-query.ts';
import { ERROR_CODES, type ErrorCode } from '../foundation/error-codes.ts';
import { LogferryError } from '../foundation/logferry-error.ts';

const TIMEOUT_MILLIS = 10_000;

export function serverUrl({ server }: Pick<LoadedConfig, 'server'>): string {
  return `http://${server.host.includes(':') ? `[${server.host}]` : server.host}:${server.port}`;
}

/** Asks the server of a configuration. Throws SERVER_NOT_RUNNING when nobody answers, or the error it answered with. */
export async function callServer(
  config: Pick<LoadedConfig, 'server'>,
  method: 'GET' | 'POST' | 'DELETE',
  path: string,
  body?: object,
): Promise<unknown> {
  const reply = await askServer(config, path, {
    method,
    headersTimeout: TIMEOUT_MILLIS,
    bodyTimeout: TIMEOUT_MILLIS,
    ...(body !== undefined && {
      body: JSON.stringify(body),
      headers: { 'content-type': 'application/json' },
    }),
  });
  const text = await reply.body.text();
  const value = parse(text);
  if (reply.statusCode < 400) return value;
  // A server that is not well answers /healthz and /readyz with its verdict.
  const isVerdict = reply.statusCode === 503 && value !== undefined && !('error' in (value as object));
  if (isVerdict) return value;
  throw errorOf(value, `${method} ${path} answered HTTP ${reply.statusCode}.`);
}

/** As above, for what may take long and be much: the bytes as they come. The signal ends it on both sides. */
export async function readServer(
  config: Pick<LoadedConfig, 'server'>,
  path: string,
  signal: AbortSignal,
): Promise<AsyncIterable<Buffer>> {
  const reply = await askServer(config, path, { method: 'GET', signal, headersTimeout: 0, bodyTimeout: 0 });
  if (reply.statusCode < 400) return reply.body as AsyncIterable<Buffer>;
  throw errorOf(parse(await reply.body.text()), `GET ${path} answered HTTP ${reply.statusCode}.`);
}

async function askServer(
  config: Pick<LoadedConfig, 'server'>,
  path: string,
  options: NonNullable<Parameters<typeof request>[1]>,
): ReturnType<typeof request> {
  const url = serverUrl(config);
  try {
    return await request(`${url}${path}`, options);
  } catch (thrown) {
    if (isAborted(options.signal)) throw thrown;
    throw new LogferryError('SERVER_NOT_RUNNING', `No Logferry server answers at ${url}.`, {
      hint: 'Start it with `logferry up`, or look at server.listen in the configuration.',
      cause: thrown,
    });
  }
}

function isAborted(signal: unknown): boolean {
  return signal instanceof AbortSignal && signal.aborted;
}

interface ServerError {
  readonly code?: string;
  readonly message?: string;
  readonly hint?: string;
  readonly column?: number;
  readonly length?: number;
  readonly expected?: readonly string[];
}

function errorOf(value: unknown, otherwise: string): LogferryError {
  const { error } = (value ?? {}) as { error?: ServerError };
  const message = error?.message ?? otherwise;
  if (error?.code === 'QUERY_INVALID' && error.column !== undefined) {
    const { column, length = 0, expected = [] } = error;
    return new QueryError({ message, column, length, expected });
  }
  const code =
    error?.code !== undefined && error.code in ERROR_CODES ? (error.code as ErrorCode) : 'INTERNAL';
  return new LogferryError(code, message, { ...(error?.hint !== undefined && { hint: error.hint }) });
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
