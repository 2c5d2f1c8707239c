import { ERROR_CODES, type ErrorCode } from './error-codes.ts';

export interface LogferryErrorOptions {
  /** What the reader should do next, as a sentence. */
  readonly hint?: string;
  readonly cause?: unknown;
}

/** An error meant for a person: what happened, why, and what to do next. Never carries a secret. */
export class LogferryError extends Error {
  override readonly name = 'LogferryError';
  readonly code: ErrorCode;
  readonly hint: string | undefined;

  constructor(code: ErrorCode, message: string, options: LogferryErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.hint = options.hint;
  }

  get exitCode(): number {
    return ERROR_CODES[this.code].exitCode;
  }
}

/** The text of anything that was thrown, its causes included, on one line. */
export function describeError(thrown: unknown): string {
  if (!(thrown instanceof Error)) return String(thrown);
  const parts: string[] = [];
  let current: unknown = thrown;
  while (current instanceof Error && parts.length < 5) {
    const { code } = current as { code?: unknown };
    const text = current.message || (typeof code === 'string' ? code : current.name);
    if (!parts.some((part) => part.includes(text))) parts.push(text);
    // A refused connection to several addresses has its reasons in `errors`.
    current = current.cause ?? (current instanceof AggregateError ? current.errors[0] : undefined);
  }
  // A cause goes on where the sentence before it ended.
  const sentence = parts.map((part, at) => (at < parts.length - 1 ? part.replace(/\.$/, '') : part));
  return sentence.join(': ').replaceAll(/\s*\n\s*/g, ' ');
}

export function isAbort(thrown: unknown): boolean {
  return thrown instanceof Error && (thrown.name === 'AbortError' || thrown.name === 'TimeoutError');
}
