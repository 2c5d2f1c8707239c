/**
 * The query language. White space between terms means AND.
 *
 *   query  = and { "OR" and }
 *   and    = not { ["AND"] not }
 *   not    = ( "-" | "NOT" ) not | "(" query ")" | [ field ":" ] value
 *   value  = word | "text" | /regex/ | ( ">" | ">=" | "<" | "<=" ) number | number ".." number | "*"
 *          | "(" query of values ")"
 *
 * A word may hold `*`, which stands for any characters. A backslash takes the meaning from the character behind it.
 */
import { type LogQuery, QueryError, type QueryProblem, type TermTest } from '../../contracts/log-query.ts';
import { canonicalField } from './field-names.ts';
import { ProblemFound, QueryText } from './query-text.ts';
import { testOfQuoted, testOfWord } from './word-test.ts';

export type ParsedQuery =
  | { readonly ok: true; readonly query: LogQuery }
  | { readonly ok: false; readonly problem: QueryProblem };

/** In UTF-16 units. */
export const MAX_QUERY_LENGTH = 8192;
const MAX_TERMS = 256;
const MAX_DEPTH = 64;

const TERM = 'a word, a "quoted text", field:value or (…)';
const VALUE = 'a word, a "quoted text", a number, /regex/ or *';

/** Reads a text; the empty one is the query that everything fulfils. Never throws. */
export function parseQuery(text: string): ParsedQuery {
  try {
    return { ok: true, query: new Parser(text).parse() };
  } catch (thrown) {
    if (thrown instanceof ProblemFound) return { ok: false, problem: thrown.problem };
    throw thrown;
  }
}

/** Throws QueryError for a text that is no query. */
export function requireQuery(text: string): LogQuery {
  const parsed = parseQuery(text);
  if (parsed.ok) return parsed.query;
  throw new QueryError(parsed.problem, text);
}

class Parser {
  readonly #input: QueryText;
  #terms = 0;
  #depth = 0;

  constructor(text: string) {
    this.#input = new QueryText(text);
  }

  parse(): LogQuery {
    const input = this.#input;
    const { length } = input.text;
    if (length > MAX_QUERY_LENGTH) {
      const message = `A query has at most ${MAX_QUERY_LENGTH} characters; this one has ${length}.`;
      throw input.problem(message, MAX_QUERY_LENGTH, length - MAX_QUERY_LENGTH, []);
    }
    input.skipSpace();
    if (input.isAtEnd) return { kind: 'all' };
    const query = this.#readOr(undefined);
    if (!input.isAtEnd) throw input.problem('No parenthesis is open here.', input.at, 1, [TERM]);
    return query;
  }

  #readOr(field: string | undefined): LogQuery {
    const nodes = [this.#readAnd(field)];
    while (this.#input.takeKeyword('OR')) nodes.push(this.#readAnd(field));
    return joined('or', nodes);
  }

  #readAnd(field: string | undefined): LogQuery {
    const input = this.#input;
    const nodes = [this.#readNot(field)];
    for (;;) {
      input.skipSpace();
      if (input.isAtEnd || input.isAtClose || this.#isAtOr()) return joined('and', nodes);
      input.takeKeyword('AND');
      nodes.push(this.#readNot(field));
    }
  }

  #isAtOr(): boolean {
    const { at } = this.#input;
    const isOr = this.#input.takeKeyword('OR');
    this.#input.at = at;
    return isOr;
  }

  #readNot(field: string | undefined): LogQuery {
    const input = this.#input;
    input.skipSpace();
    const from = input.at;
    if (!input.takeMinus() && !input.takeKeyword('NOT')) return this.#readOperand(field);
    return this.#nested(from, () => ({ kind: 'not', node: this.#readNot(field) }));
  }

  #readOperand(field: string | undefined): LogQuery {
    const input = this.#input;
    for (const keyword of ['AND', 'OR'] as const) {
      const from = input.at;
      if (!input.takeKeyword(keyword)) continue;
      const message = `A term is missing before ${keyword}. To look for the word, put it in quotation marks.`;
      throw input.problem(message, from, keyword.length, [TERM]);
    }
    if (input.isAtEnd || input.isAtClose) throw input.problem('A term is missing here.', input.at, 0, [TERM]);
    if (input.isAtOpen) return this.#readGroup(field);
    return field === undefined ? this.#readTerm() : this.#readValue(field, input.at);
  }

  #readGroup(field: string | undefined): LogQuery {
    const input = this.#input;
    const from = input.at;
    return this.#nested(from, () => {
      input.at++;
      const query = this.#readOr(field);
      if (input.isAtClose) input.at++;
      else throw input.problem('This parenthesis is not closed.', from, 1, [')']);
      return query;
    });
  }

  #readTerm(): LogQuery {
    const input = this.#input;
    const from = input.at;
    if (input.isAtQuote) {
      const text = input.takeQuoted();
      if (!input.isAtColon) return this.#term(from, 'message', { kind: 'text', text });
      input.at++;
      return this.#readField(text, from);
    }
    const name = input.takeFieldName();
    return name === undefined ? this.#readValue('message', from) : this.#readField(name, from);
  }

  #readField(name: string, from: number): LogQuery {
    const input = this.#input;
    const field = canonicalField(name);
    if (input.isAtOpen) return this.#readGroup(field);
    if (!input.isAtDelimiter) return this.#readValue(field, from);
    const message = `A value is missing after "${name}:". To look for the text itself, put it in quotation marks.`;
    throw input.problem(message, input.at, 0, [VALUE]);
  }

  #readValue(field: string, from: number): LogQuery {
    const input = this.#input;
    if (input.isAtQuote) {
      const quotedFrom = input.at;
      const text = input.takeQuoted();
      return this.#term(from, field, testOfQuoted(field, text, quotedFrom, input));
    }
    const pattern = input.takeRegex();
    if (pattern !== undefined) return this.#term(from, field, { kind: 'regex', pattern });
    const word = input.takeWord();
    return this.#term(from, field, testOfWord(field, word, input));
  }

  #term(from: number, field: string, test: TermTest): LogQuery {
    const input = this.#input;
    if (++this.#terms > MAX_TERMS)
      throw input.problem(`A query has at most ${MAX_TERMS} terms.`, from, input.at - from, []);
    return { kind: 'term', field, test, span: { from, to: input.at } };
  }

  #nested(from: number, read: () => LogQuery): LogQuery {
    if (++this.#depth > MAX_DEPTH)
      throw this.#input.problem(
        `Parentheses and negations are nested at most ${MAX_DEPTH} deep.`,
        from,
        1,
        [],
      );
    const query = read();
    this.#depth--;
    return query;
  }
}

function joined(kind: 'and' | 'or', nodes: readonly LogQuery[]): LogQuery {
  const [first] = nodes;
  return first !== undefined && nodes.length === 1 ? first : { kind, nodes };
}
