import type { QueryProblem, TextSpan } from '../../contracts/log-query.ts';

/** Full-width punctuation, as Chinese input methods type it, means the same outside of quotation marks. */
const OPEN = '(（';
const CLOSE = ')）';
const COLON = ':：';
const WIDE_QUOTES = '“”＂';
const QUOTES = `"${WIDE_QUOTES}`;
const STAR = '*＊';
const SPACE = /\s/;
/** What a backslash takes its meaning from, outside of quotation marks. */
const ESCAPABLE = /[\\"“”＂:：()（）*＊/<>＜＞.\s-]/;
const QUOTED_ESCAPES: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t' };
const FIELD_NAME = /[\p{L}_@][\p{L}\p{N}_.\-@/$]*(?=[:：])/uy;
/** In Chinese text a full-width colon is punctuation: it ends the name of a field only where that is in Latin letters. */
const LATIN_NAME = /^[\w.\-@/$]+$/;

/** A word, cut at its wildcards. */
export interface Word extends TextSpan {
  /** As it stands there, full-width punctuation made narrow. */
  readonly raw: string;
  /** One part more than there are wildcards. */
  readonly parts: readonly string[];
  readonly hasEscapes: boolean;
}

/** Thrown within the parser only. */
export class ProblemFound extends Error {
  readonly problem: QueryProblem;

  constructor(problem: QueryProblem) {
    super(problem.message);
    this.problem = problem;
  }
}

/** Reads the pieces that a query is made of, from left to right. */
export class QueryText {
  readonly text: string;
  at = 0;

  constructor(text: string) {
    this.text = text;
  }

  get isAtEnd(): boolean {
    return this.at >= this.text.length;
  }

  get isAtOpen(): boolean {
    return this.#isOneOf(OPEN);
  }

  get isAtClose(): boolean {
    return this.#isOneOf(CLOSE);
  }

  get isAtColon(): boolean {
    return this.#isOneOf(COLON);
  }

  get isAtQuote(): boolean {
    return this.#isOneOf(QUOTES);
  }

  /** Of a word: white space, a parenthesis, or the end. */
  get isAtDelimiter(): boolean {
    return isDelimiter(this.text[this.at]);
  }

  skipSpace(): void {
    while (!this.isAtEnd && SPACE.test(this.text[this.at] ?? '')) this.at++;
  }

  /** `AND`, `OR` or `NOT`, in capitals, when it stands here. */
  takeKeyword(keyword: 'AND' | 'OR' | 'NOT'): boolean {
    const end = this.at + keyword.length;
    if (!this.text.startsWith(keyword, this.at) || !isDelimiter(this.text[end])) return false;
    this.at = end;
    return true;
  }

  /** A minus that belongs to what follows it. */
  takeMinus(): boolean {
    if (this.text[this.at] !== '-' || isDelimiter(this.text[this.at + 1], false)) return false;
    this.at++;
    return true;
  }

  /** The name of a field, with its colon. An address (`http://…`) is none. */
  takeFieldName(): string | undefined {
    FIELD_NAME.lastIndex = this.at;
    const name = FIELD_NAME.exec(this.text)?.[0];
    if (name === undefined) return undefined;
    const end = this.at + name.length;
    if (this.text[end] === '：' && !LATIN_NAME.test(name)) return undefined;
    if (this.text.startsWith('//', end + 1)) return undefined;
    this.at = end + 1;
    return name;
  }

  /** The text between quotation marks. */
  takeQuoted(): string {
    const from = this.at;
    const closing = this.text[from] === '"' ? '"' : WIDE_QUOTES;
    let text = '';
    for (let at = from + 1; at < this.text.length; at++) {
      const character = this.text[at] ?? '';
      if (closing.includes(character)) {
        this.at = at + 1;
        return text;
      }
      const next = this.text[at + 1];
      if (character === '\\' && next !== undefined) {
        const escaped = QUOTED_ESCAPES[next] ?? (next === '\\' || QUOTES.includes(next) ? next : undefined);
        text += escaped ?? `\\${next}`;
        at++;
      } else text += character;
    }
    throw this.problem('This quotation mark is not closed.', from, this.text.length - from, ['"']);
  }

  /** `/…/` up to the first slash without a backslash, when white space, a parenthesis or the end follows it. */
  takeRegex(): string | undefined {
    if (this.text[this.at] !== '/') return undefined;
    let pattern = '';
    for (let at = this.at + 1; at < this.text.length; at++) {
      const character = this.text[at] ?? '';
      if (character === '/') {
        if (pattern === '' || !isDelimiter(this.text[at + 1])) return undefined;
        this.at = at + 1;
        return pattern;
      }
      const next = this.text[at + 1];
      if (character === '\\' && next !== undefined) {
        pattern += next === '/' ? '/' : `\\${next}`;
        at++;
      } else pattern += character;
    }
    return undefined;
  }

  takeWord(): Word {
    const from = this.at;
    const parts: string[] = [''];
    let raw = '';
    let hasEscapes = false;
    while (!this.isAtDelimiter) {
      const character = this.text[this.at] ?? '';
      const next = this.text[this.at + 1];
      if (character === '\\' && next !== undefined && ESCAPABLE.test(next)) {
        hasEscapes = true;
        raw += `\\${next}`;
        append(parts, next);
        this.at += 2;
        continue;
      }
      raw += narrow(character);
      if (STAR.includes(character)) parts.push('');
      else append(parts, character);
      this.at++;
    }
    return { from, to: this.at, raw, parts, hasEscapes };
  }

  problem(message: string, from: number, length: number, expected: readonly string[]): ProblemFound {
    return new ProblemFound({ message, column: from + 1, length, expected });
  }

  #isOneOf(characters: string): boolean {
    const character = this.text[this.at];
    return character !== undefined && characters.includes(character);
  }
}

function isDelimiter(character: string | undefined, parenthesis = true): boolean {
  if (character === undefined || SPACE.test(character)) return true;
  return CLOSE.includes(character) || (parenthesis && OPEN.includes(character));
}

function append(parts: string[], text: string): void {
  parts[parts.length - 1] += text;
}

const NARROW: Readonly<Record<string, string>> = { '＞': '>', '＜': '<', '＝': '=', '＊': '*', '：': ':' };

function narrow(character: string): string {
  return NARROW[character] ?? character;
}
