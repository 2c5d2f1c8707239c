import { LogferryError } from '../foundation/logferry-error.ts';
import type { Level } from '../record/level.ts';

/**
 * What the query language is read into: a condition on records. Each condition holds or does not; a record that has no
 * value for a field fulfils no term on it, and every negation of one.
 */
export type LogQuery =
  | { readonly kind: 'all' }
  | { readonly kind: 'and' | 'or'; readonly nodes: readonly LogQuery[] }
  | { readonly kind: 'not'; readonly node: LogQuery }
  | LogTerm;

/**
 * `field` is `message`, `level`, `source`, `event_id` or `timestamp`; the name of a tag or a short name for one
 * (`service`, `container`, `cluster`, `task`, `stream`); else the name of a field of the record, or of a key of a message
 * that is a JSON object (`pool.size` for a nested one). The first of these that the record has is its value.
 */
export interface LogTerm {
  readonly kind: 'term';
  readonly field: string;
  readonly test: TermTest;
  /** Where it stands in the text that it was read from, in UTF-16 units. */
  readonly span?: TextSpan;
}

export type TermTest =
  /** Of a message: it is contained, in whatever case. Of any other field: it is the value. */
  | { readonly kind: 'text'; readonly text: string }
  /** The parts in this order, with anything between them. Of a message, anywhere in it and in whatever case. At least two parts. */
  | { readonly kind: 'pattern'; readonly parts: readonly string[] }
  /** In RE2's syntax; found anywhere in the value. */
  | { readonly kind: 'regex'; readonly pattern: string }
  /** Of values that are numbers; of `timestamp`, Unix milliseconds. */
  | { readonly kind: 'compare'; readonly operator: Comparison; readonly value: number }
  /** Both ends inclusive; an end that is not there is open. */
  | { readonly kind: 'range'; readonly from?: number; readonly to?: number }
  /** Of `level`: `>=` is "at least as severe as". */
  | { readonly kind: 'severity'; readonly operator: Comparison; readonly level: Level }
  /** There is a value, and it is not empty. */
  | { readonly kind: 'exists' };

export type Comparison = '>' | '>=' | '<' | '<=';

export interface TextSpan {
  readonly from: number;
  readonly to: number;
}

/** Why a text is no query. */
export interface QueryProblem {
  /** A sentence: what is wrong, and what would be right. */
  readonly message: string;
  /** The first character that is wrong: 1 for the first of the text, in UTF-16 units. */
  readonly column: number;
  /** How many characters are wrong; 0 where something is missing. */
  readonly length: number;
  /** What could stand there, in words. */
  readonly expected: readonly string[];
}

/** A query that cannot be carried out, and where in its text the reason stands. */
export class QueryError extends LogferryError {
  readonly problem: QueryProblem;
  /** The text that its column is of, where it is known. */
  readonly text: string | undefined;

  constructor(problem: QueryProblem, text?: string) {
    super('QUERY_INVALID', problem.message);
    this.problem = problem;
    this.text = text;
  }
}
