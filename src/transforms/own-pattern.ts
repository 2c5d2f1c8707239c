import { z } from 'zod';
import { describeError, LogferryError } from '../foundation/logferry-error.ts';
import { mayBacktrackWithoutEnd } from './backtracking.ts';

const MAX_PATTERN_LENGTH = 1000;

/**
 * A regular expression of the configuration; `(?i)` at its beginning ignores case. Throws CONFIG_INVALID when it does
 * not compile, or when some text would keep it busy without end: the text is whatever an application prints.
 */
export function compileOwnPattern(text: string, flags = ''): RegExp {
  const ignoresCase = text.startsWith('(?i)');
  const body = ignoresCase ? text.slice(4) : text;
  if (text.length > MAX_PATTERN_LENGTH)
    throw new LogferryError('CONFIG_INVALID', `A pattern has at most ${MAX_PATTERN_LENGTH} characters.`);
  let compiled: RegExp;
  try {
    compiled = new RegExp(body, flags + (ignoresCase ? 'i' : ''));
  } catch (cause) {
    const reason = describeError(cause).split(': ').at(-1) ?? '';
    throw new LogferryError('CONFIG_INVALID', `"${text}" is no regular expression: ${reason}.`, { cause });
  }
  if (mayBacktrackWithoutEnd(body)) {
    throw new LogferryError('CONFIG_INVALID', `"${text}" could take forever on some lines.`, {
      hint: 'Do not repeat a group that can match the same text in several ways, such as (a+)+ or (a|a)*.',
    });
  }
  return compiled;
}

/** An option that is such an expression. Stays text: components compile it when they are made. */
export function ownPatternOption() {
  return z
    .string()
    .min(1)
    .check((payload) => {
      try {
        compileOwnPattern(payload.value);
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
