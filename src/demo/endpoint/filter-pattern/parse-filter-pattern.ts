import { invalidParameter } from '../api-error.ts';
import { parseJsonPattern } from './json-pattern.ts';
import { supportedExpression } from './supported-expression.ts';

export type MessageMatcher = (message: string) => boolean;

interface Term {
  readonly role: 'required' | 'optional' | 'excluded';
  readonly matches: MessageMatcher;
}

const TERM = /\s*([?-]?)(?:"((?:[^"\\]|\\.)*)"|%([^%]+)%|([^\s"]+))(?=\s|$)/y;

/**
 * A CloudWatch Logs filter pattern: terms and quoted phrases (all must be there), `?` (one of these must), `-` (must not), `%regex%`, or
 * a JSON pattern in braces. Case counts. Optional terms beside required ones count for nothing, as documented. Space-delimited
 * patterns in brackets are not spoken here. Throws InvalidParameterException.
 */
export function parseFilterPattern(pattern: string): MessageMatcher {
  const text = pattern.trim();
  if (text.startsWith('{')) return parseJsonPattern(text);
  if (text.startsWith('['))
    throw invalidPattern('space-delimited patterns are not supported by this endpoint');
  const terms = readTerms(text);
  const required = terms.filter(({ role }) => role === 'required');
  const excluded = terms.filter(({ role }) => role === 'excluded');
  const optional = required.length > 0 ? [] : terms.filter(({ role }) => role === 'optional');
  return (message) =>
    required.every(({ matches }) => matches(message)) &&
    !excluded.some(({ matches }) => matches(message)) &&
    (optional.length === 0 || optional.some(({ matches }) => matches(message)));
}

function readTerms(text: string): Term[] {
  const terms: Term[] = [];
  TERM.lastIndex = 0;
  while (TERM.lastIndex < text.length) {
    const found = TERM.exec(text);
    if (found === null) throw invalidPattern('a term could not be read');
    const [, sign, phrase, expression, word] = found;
    const role = sign === '?' ? 'optional' : sign === '-' ? 'excluded' : 'required';
    terms.push({ role, matches: termMatcher(phrase, expression, word) });
  }
  return terms;
}

function termMatcher(
  phrase: string | undefined,
  expression: string | undefined,
  word: string | undefined,
): MessageMatcher {
  if (expression !== undefined) {
    const compiled = supportedExpression(expression);
    return (message) => compiled.test(message);
  }
  if (word !== undefined && /[[\]{}()<>=&|!]/.test(word)) {
    throw invalidParameter(`Invalid character(s) in term '${word}'`);
  }
  const wanted = phrase === undefined ? (word ?? '') : phrase.replaceAll(/\\(.)/g, '$1');
  return (message) => message.includes(wanted);
}

export function invalidPattern(reason: string) {
  return invalidParameter(`Invalid filter pattern: ${reason}`);
}
