import type { ErrorCode } from '../foundation/error-codes.ts';
import type { Problem } from './config-error.ts';
import { type ConfigPath, formatPath } from './config-path.ts';
import type { Positions } from './positions.ts';

const HIDDEN = '(not shown)';
/** Shorter values would be found inside ordinary words. */
const SMALLEST_MASKED = 4;

interface Statement {
  readonly path: ConfigPath;
  readonly message: string;
  /** What the place is of: the key (an unknown one, a bad name) or the value. */
  readonly at?: 'key' | 'value';
  readonly code?: ErrorCode;
}

/** Gathers what is wrong with a file: puts the place to it, and takes out whatever must not be shown. */
export class ProblemList {
  readonly #file: string;
  readonly #positions: Positions;
  readonly #hidden = new Set<string>();
  readonly #errors: Problem[] = [];
  readonly #warnings: Problem[] = [];

  constructor(file: string, positions: Positions) {
    this.#file = file;
    this.#positions = positions;
  }

  /** From here on no message shows one of these texts. */
  hide(values: Iterable<string>): void {
    for (const value of values) if (value !== '') this.#hidden.add(value);
  }

  error(statement: Statement): void {
    this.#errors.push(this.#locate(statement));
  }

  warn(statement: Statement): void {
    this.#warnings.push(this.#locate(statement));
  }

  /** In the order of the file. */
  get errors(): readonly Problem[] {
    return [...this.#errors].sort(byPlace);
  }

  get warnings(): readonly Problem[] {
    return [...this.#warnings].sort(byPlace);
  }

  #locate({ path, message, at = 'value', code = 'CONFIG_INVALID' }: Statement): Problem {
    const { line, column } = at === 'key' ? this.#positions.ofKey(path) : this.#positions.ofValue(path);
    return { code, file: this.#file, line, column, path: formatPath(path), message: this.#mask(message) };
  }

  #mask(message: string): string {
    let text = message;
    // Longest first, so that a part of a value does not stay behind.
    for (const value of [...this.#hidden].sort((a, b) => b.length - a.length)) {
      if (value.length >= SMALLEST_MASKED) text = text.replaceAll(value, HIDDEN);
      else text = text.replaceAll(`"${value}"`, HIDDEN).replaceAll(`'${value}'`, HIDDEN);
    }
    return text;
  }
}

function byPlace(a: Problem, b: Problem): number {
  return a.line - b.line || a.column - b.column;
}
