import { isFrame, isNodeFrame, mentionsError } from './at-frames.ts';
import { type Grammar, isBlank, isFresh, isIndented, type Step } from './grammar.ts';

/**
 * Traces of the JVM:
 *
 *   mention ──frame──▶ frames ──Caused by──▶ head ──frame──▶ frames …
 *
 * mention: an exception is named within the line. head: the line is an exception's name and message, which may have
 * more lines before the first frame. frames: at, ... n more, Suppressed, whatever is indented.
 */
export const javaGrammar: Grammar = {
  language: 'java',
  start: (line) => (HEAD.test(line) ? 'java/head' : mentionsError(line) ? 'java/mention' : undefined),
  next,
};

const HEAD =
  /^\s*(?:(?:Exception in thread "[^"]*"|Caused by:|Suppressed:|Wrapped by:) )?(?:[A-Za-z_$][\w$]*\.)+[A-Z_$][\w$]*(?::|\s*$)|^\s*(?:Exception in thread "|Caused by: |Suppressed: |Wrapped by: )/;
const CAUSE = /^\s*(?:Caused by|Suppressed|Wrapped by): /;
const ELIDED = /^\s*\.\.\. \d+ (?:more|common frames omitted|frames? )/;

function next(phase: string, line: string): Step | undefined {
  if (CAUSE.test(line)) return { phase: 'java/head' };
  if (ELIDED.test(line)) return { phase: 'java/frames' };
  if (isFrame(line)) {
    return phase === 'java/mention' && isNodeFrame(line) ? undefined : { phase: 'java/frames' };
  }
  switch (phase) {
    case 'java/mention':
      return HEAD.test(line) ? { phase: 'java/head' } : undefined;
    case 'java/head':
      if (isFresh(line) || HEAD.test(line)) return undefined;
      return { phase, tentative: true };
    default:
      if (isBlank(line)) return { phase, tentative: true };
      return isIndented(line) && !isFresh(line) ? { phase } : undefined;
  }
}
