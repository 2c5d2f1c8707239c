import { describeError } from '../foundation/logferry-error.ts';

/** Why no reply came; short and stable, labels of metrics. */
export type TransportFailureReason =
  | 'refused'
  | 'dns'
  | 'unreachable'
  | 'connect_timeout'
  | 'tls'
  | 'reset'
  | 'timeout'
  | 'bad_reply'
  | 'transport';

export interface TransportFailure {
  readonly kind: 'failed';
  readonly reason: TransportFailureReason;
  /** Whether the request may have reached the server. */
  readonly sent: boolean;
  readonly detail: string;
}

const REASONS: Readonly<Record<string, TransportFailureReason>> = {
  ECONNREFUSED: 'refused',
  ENOTFOUND: 'dns',
  EAI_AGAIN: 'dns',
  EAI_FAIL: 'dns',
  EAI_NODATA: 'dns',
  ENETUNREACH: 'unreachable',
  EHOSTUNREACH: 'unreachable',
  ENETDOWN: 'unreachable',
  EADDRNOTAVAIL: 'unreachable',
  ETIMEDOUT: 'connect_timeout',
  UND_ERR_CONNECT_TIMEOUT: 'connect_timeout',
  ECONNRESET: 'reset',
  EPIPE: 'reset',
  UND_ERR_SOCKET: 'reset',
  UND_ERR_HEADERS_TIMEOUT: 'timeout',
  UND_ERR_BODY_TIMEOUT: 'timeout',
  UND_ERR_HEADERS_OVERFLOW: 'bad_reply',
  UND_ERR_RES_CONTENT_LENGTH_MISMATCH: 'bad_reply',
};
const NEVER_SENT: ReadonlySet<TransportFailureReason> = new Set([
  'refused',
  'dns',
  'unreachable',
  'connect_timeout',
  'tls',
]);

/** Names what undici threw. */
export function transportFailure(thrown: unknown): TransportFailure {
  const reason = reasonOf(thrown);
  return { kind: 'failed', reason, sent: !NEVER_SENT.has(reason), detail: describeError(thrown) };
}

function reasonOf(thrown: unknown): TransportFailureReason {
  for (const error of chain(thrown)) {
    const { code, name } = error as { code?: unknown; name?: unknown };
    if (name === 'HTTPParserError') return 'bad_reply';
    if (typeof code !== 'string') continue;
    const known = REASONS[code];
    if (known !== undefined) return known;
    if (isTlsCode(code)) return 'tls';
  }
  return 'transport';
}

/** An error, its causes, and the first of those that an AggregateError gathers (one for each address tried). */
function chain(thrown: unknown): unknown[] {
  const errors: unknown[] = [];
  let current = thrown;
  while (current instanceof Error && errors.length < 8) {
    errors.push(current);
    current = current.cause ?? (current instanceof AggregateError ? current.errors[0] : undefined);
  }
  return errors;
}

function isTlsCode(code: string): boolean {
  return /^(ERR_TLS|ERR_SSL|EPROTO|CERT_|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO_(VERIFY|GET)|HOSTNAME_MISMATCH)/.test(
    code,
  );
}
