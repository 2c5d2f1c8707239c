import { type LogQuery, type LogTerm, QueryError } from '../contracts/log-query.ts';
import { LogferryError } from '../foundation/logferry-error.ts';
import type { LogEngine } from './engine.ts';
import { rowsOf } from './rows-of.ts';
import { BoundValues } from './sql/bound-values.ts';

const BAD_REGEX = /CANNOT_COMPILE_REGEXP|cannot compile re2/;
const REASON = /error: (.+?)(?:\. Look at|$)/s;
const MAX_KNOWN = 1000;

/**
 * Lets the engine read the regular expressions of a query before it is carried out: a search that meets no record would
 * not notice that one is none.
 */
export class RegexCheck {
  readonly #engine: LogEngine;
  readonly #known = new Set<string>();

  constructor(engine: LogEngine) {
    this.#engine = engine;
  }

  /** Rejects with QueryError at the place of the first one that is none. */
  async check(query: LogQuery, signal: AbortSignal): Promise<void> {
    for (const term of regexTerms(query)) await this.#checkTerm(term, signal);
  }

  async #checkTerm({ test, span }: LogTerm, signal: AbortSignal): Promise<void> {
    if (test.kind !== 'regex' || this.#known.has(test.pattern)) return;
    const values = new BoundValues();
    const sql = `SELECT match('', ${values.text(test.pattern)}) AS matches`;
    try {
      await rowsOf(this.#engine, { sql, parameters: values.parameters }, undefined, signal);
    } catch (thrown) {
      if (!(thrown instanceof LogferryError) || !BAD_REGEX.test(thrown.message)) throw thrown;
      const reason = REASON.exec(thrown.message)?.[1]?.slice(0, 200) ?? 'it cannot be read';
      const { from, to } = span ?? { from: 0, to: 0 };
      throw new QueryError({
        message: `This is no regular expression: ${reason}.`,
        column: from + 1,
        length: to - from,
        expected: ['a regular expression in the syntax of RE2'],
      });
    }
    if (this.#known.size >= MAX_KNOWN) this.#known.clear();
    this.#known.add(test.pattern);
  }
}

function regexTerms(query: LogQuery): readonly LogTerm[] {
  switch (query.kind) {
    case 'all':
      return [];
    case 'and':
    case 'or':
      return query.nodes.flatMap(regexTerms);
    case 'not':
      return regexTerms(query.node);
    case 'term':
      return query.test.kind === 'regex' ? [query] : [];
  }
}
