import { z } from 'zod';
import { LogferryError } from '../foundation/logferry-error.ts';
import { compileOwnPattern } from './own-pattern.ts';

export type TextMatcher = (text: string) => boolean;

/** A path between slashes is plain text; an expression also holds a character that plain paths do not. */
const REGEX = /^\/(.*[\\^$*+?()[\]{}|].*)\/(i?)$/s;
/** So much of a text is given to an expression (UTF-16 units); plain text is looked for in all of it. */
const REGEX_WITHIN = 64 * 1024;

/**
 * `/regex/` or `/regex/i`; text in double quotes without them; else the text itself. `within` looks for plain text
 * anywhere, `whole` compares all of it, with * for any text. Throws CONFIG_INVALID for a bad expression.
 */
export function compileTextMatcher(text: string, mode: 'within' | 'whole'): TextMatcher {
  const regex = REGEX.exec(text);
  if (regex?.[1] !== undefined) {
    const compiled = compileOwnPattern(regex[1], regex[2]);
    return (given) => compiled.test(given.length > REGEX_WITHIN ? given.slice(0, REGEX_WITHIN) : given);
  }
  const isQuoted = text.length > 2 && text.startsWith('"') && text.endsWith('"');
  const plain = isQuoted ? text.slice(1, -1) : text;
  if (mode === 'within') return (given) => given.includes(plain);
  if (isQuoted || !plain.includes('*')) return (given) => given === plain;
  const parts = plain.split('*');
  return (given) => matchesParts(given, parts);
}

/** An option that is such a text. Stays text: components compile it when they are made. */
export function textMatcherOption() {
  return z
    .string()
    .min(1)
    .max(2000)
    .check((payload) => {
      try {
        compileTextMatcher(payload.value, 'within');
      } catch (thrown) {
        if (!(thrown instanceof LogferryError)) throw thrown;
        // `continue`: a union then reports this, and not that none of its alternatives fits.
        payload.issues.push({
          code: 'custom',
          message: [thrown.message, thrown.hint].join(' ').trim(),
          input: payload.value,
          continue: true,
        });
      }
    });
}

/** From the left, each part as early as it comes: right for stars alone, and never goes back. */
function matchesParts(text: string, parts: readonly string[]): boolean {
  const first = parts[0] ?? '';
  const last = parts.at(-1) ?? '';
  const end = text.length - last.length;
  if (first.length > end || !text.startsWith(first) || !text.endsWith(last)) return false;
  let at = first.length;
  for (const part of parts.slice(1, -1)) {
    const found = text.indexOf(part, at);
    if (found === -1 || found + part.length > end) return false;
    at = found + part.length;
  }
  return true;
}
