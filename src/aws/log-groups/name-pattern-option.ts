import { z } from 'zod';
import { describeError, LogferryError } from '../../foundation/logferry-error.ts';
import { parseNamePattern } from './name-pattern.ts';

/** An option that takes a name, a name with `*`, or `/regex/`; a broken expression is refused at the start. */
export const namePatternOption = z
  .string()
  .min(1)
  .max(2048)
  .check((payload) => {
    const problem = problemOf(payload.value);
    if (problem !== undefined)
      payload.issues.push({ code: 'custom', message: problem, input: payload.value });
  });

function problemOf(text: string): string | undefined {
  try {
    parseNamePattern(text);
    return undefined;
  } catch (thrown) {
    if (!(thrown instanceof LogferryError)) throw thrown;
    return describeError(thrown);
  }
}
