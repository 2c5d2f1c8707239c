/** What can be read off anything that the SDK, the sockets below it or a credential provider throw. Pure. */
export interface ThrownFacts {
  /** The error's name: for an AWS error its code, such as `AccessDeniedException`. */
  readonly name: string;
  readonly message: string;
  /** Code of the operating system or of Node, from the first of the causes that has one. */
  readonly systemCode: string | undefined;
  /** HTTP status, where there was a reply. */
  readonly status: number | undefined;
  /** Date header of the reply, Unix milliseconds. */
  readonly serverMillis: number | undefined;
  /** What the service asks to wait. */
  readonly retryAfterMillis: number | undefined;
  /** The SDK found the local clock wrong by minutes, and signs with the corrected time from now on. */
  readonly clockCorrected: boolean;
}

const MAX_RETRY_AFTER_MILLIS = 60_000;

export function thrownFacts(thrown: unknown): ThrownFacts {
  const error = asObject(thrown);
  const metadata = asObject(error.$metadata);
  const response = asObject(error.$response);
  const headers = asObject(response.headers);
  return {
    name: typeof error.name === 'string' ? error.name : 'Error',
    message: typeof error.message === 'string' ? error.message : String(thrown),
    systemCode: systemCode(thrown),
    status: asNumber(response.statusCode) ?? asNumber(metadata.httpStatusCode),
    serverMillis: parseDate(headers.date),
    retryAfterMillis: parseRetryAfter(headers['retry-after']),
    clockCorrected: metadata.clockSkewCorrected === true,
  };
}

/** An HTTP date in Unix milliseconds; undefined when it is none. */
export function parseDate(text: unknown): number | undefined {
  if (typeof text !== 'string') return undefined;
  const millis = Date.parse(text);
  return Number.isNaN(millis) ? undefined : millis;
}

function parseRetryAfter(text: unknown): number | undefined {
  if (typeof text !== 'string' || !/^\d{1,9}$/.test(text.trim())) return undefined;
  return Math.min(MAX_RETRY_AFTER_MILLIS, Number(text) * 1000);
}

function systemCode(thrown: unknown, depth = 0): string | undefined {
  if (typeof thrown !== 'object' || thrown === null || depth > 4) return undefined;
  const { code, cause, errors } = thrown as { code?: unknown; cause?: unknown; errors?: unknown };
  if (typeof code === 'string') return code;
  const first: unknown = Array.isArray(errors) ? errors[0] : cause;
  return systemCode(first, depth + 1);
}

function asObject(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>) : {};
}

function asNumber(value: unknown): number | undefined {
  return typeof value === 'number' ? value : undefined;
}
