import type { ErrorCode } from '../foundation/error-codes.ts';
import { LogferryError } from '../foundation/logferry-error.ts';

/** Something about the configuration that its author should know, with the place where it stands. No secrets. */
export interface Problem {
  readonly code: ErrorCode;
  /** As the user named the file. */
  readonly file: string;
  /** Both from 1. */
  readonly line: number;
  readonly column: number;
  /** `sources.ecs.every`; empty for the file as a whole. */
  readonly path: string;
  readonly message: string;
}

/** `logferry.yaml:12:5  sources.ecs.every: …` */
export function formatProblem(problem: Problem): string {
  const place = `${problem.file}:${problem.line}:${problem.column}`;
  return `${place}  ${problem.path === '' ? '' : `${problem.path}: `}${problem.message}`;
}

/** A configuration that cannot be used, with everything that is wrong with it, in the order of the file. */
export class ConfigError extends LogferryError {
  readonly problems: readonly Problem[];

  constructor(problems: readonly Problem[], cause?: unknown) {
    const codes = new Set(problems.map((problem) => problem.code));
    const [only] = codes;
    super(
      codes.size === 1 && only !== undefined ? only : 'CONFIG_INVALID',
      problems.map(formatProblem).join('\n'),
      { hint: hintFor(only), cause },
    );
    this.problems = problems;
  }
}

function hintFor(code: ErrorCode | undefined): string {
  if (code === 'CONFIG_UNREADABLE') return 'Name the file with --config, or write one with `logferry init`.';
  if (code === 'LISTEN_NOT_LOOPBACK')
    return 'Listen on 127.0.0.1, and put a proxy that asks for a password before it.';
  return 'Correct the lines above; `logferry validate` looks at the file again without starting anything.';
}
