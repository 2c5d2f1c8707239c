import { request } from 'undici';
import type { LoadedConfig } from '../config/loaded-config.ts';
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
  const url = serverUrl(config);
  let reply: Awaited<ReturnType<typeof request>>;
  try {
    reply = await request(`${url}${path}`, {
      method,
      headersTimeout: TIMEOUT_MILLIS,
      bodyTimeout: TIMEOUT_MILLIS,
      ...(body !== undefined && {
        body: JSON.stringify(body),
        headers: { 'content-type': 'application/json' },
      }),
    });
  } catch (thrown) {
    throw new LogferryError('SERVER_NOT_RUNNING', `No Logferry server answers at ${url}.`, {
      hint: 'Start it with `logferry up`, or look at server.listen in the configuration.',
      cause: thrown,
    });
  }
  const text = await reply.body.text();
  const value = parse(text);
  if (reply.statusCode < 400) return value;
  const { error } = (value ?? {}) as { error?: { code?: string; message?: string; hint?: string } };
  // A server that is not well answers /healthz and /readyz with its verdict.
  if (reply.statusCode === 503 && value !== undefined && error === undefined) return value;
  const code =
    error?.code !== undefined && error.code in ERROR_CODES ? (error.code as ErrorCode) : 'INTERNAL';
  throw new LogferryError(code, error?.message ?? `${method} ${path} answered HTTP ${reply.statusCode}.`, {
    ...(error?.hint !== undefined && { hint: error.hint }),
  });
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
