import type { SqlParameters } from '../engine.ts';

/** Collects the values of a statement; what stands in the SQL is their placeholder. */
export class BoundValues {
  readonly #values: Record<string, SqlParameters[string]> = {};
  #count = 0;

  get parameters(): SqlParameters {
    return this.#values;
  }

  /** A lone surrogate is no text of the store's; it becomes U+FFFD, as it did when it was stored. */
  text(value: string): string {
    return this.#bind('String', value.toWellFormed());
  }

  texts(values: readonly string[]): string {
    return this.#bind(
      'Array(String)',
      values.map((value) => value.toWellFormed()),
    );
  }

  /** For `IN`. */
  integers(values: readonly number[]): string {
    return this.#bind('Array(Int64)', values);
  }

  number(value: number): string {
    // As a text: chDB takes no whole number beyond 2^53 as a number.
    return this.#bind('Float64', String(value));
  }

  integer(value: number): string {
    return this.#bind('Int64', value);
  }

  /** A moment, in Unix milliseconds. */
  time(millis: number): string {
    return `fromUnixTimestamp64Milli(${this.integer(millis)}, 'UTC')`;
  }

  #bind(type: string, value: SqlParameters[string]): string {
    const name = `p${this.#count++}`;
    this.#values[name] = value;
    return `{${name}:${type}}`;
  }
}
