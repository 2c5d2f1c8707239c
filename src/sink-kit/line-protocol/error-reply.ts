import type { HttpReply } from '../http-transport.ts';

const MAX_MESSAGE_CHARACTERS = 160;

/** What a DataKit or Dataway says of a request that it did not take. */
export interface ErrorReply {
  /** `datakit.invalidLinePoint`, `kodo.tokenNotFound` …; empty when the server names none. */
  readonly code: string;
  /** Short, one line, and without the records that the server echoes. */
  readonly message: string;
}

/** Undefined when the reply is none of theirs: a proxy, another web server. */
export function errorReply(reply: HttpReply): ErrorReply | undefined {
  const body = parsed(reply.body);
  if (body === undefined) return undefined;
  // DataKit says error_code; Dataway passes on errorCode of the centre, too.
  const code = [body['error_code'], body['errorCode']].find((value) => typeof value === 'string');
  if (code === undefined) return undefined;
  const message = typeof body['message'] === 'string' ? body['message'] : '';
  return { code: code.slice(0, 80), message: withoutEcho(message) };
}

function parsed(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}

/** A message about bad points repeats the whole body: what is quoted or beyond the first line is records. */
function withoutEcho(message: string): string {
  const [beginning = ''] = message.split(/["'`\n]/, 1);
  return beginning.slice(0, MAX_MESSAGE_CHARACTERS).trim();
}
