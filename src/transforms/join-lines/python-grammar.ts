import { type Grammar, isBlank, isFresh, isIndented, type Step } from './grammar.ts';

/**
 * Tracebacks of Python:
 *
 *   frames ──"ValueError: …"──▶ end ──"During handling …"──▶ chain ──"Traceback"──▶ frames
 *   group ──indented──▶ group
 *
 * frames: everything indented (File, code, carets). end: the exception was named; its message may have indented lines.
 * group: an exception group, whose every line is drawn with `|` and `+`.
 */
export const pythonGrammar: Grammar = {
  language: 'python',
  start(line) {
    if (TRACEBACK.test(line) || FILE.test(line)) return 'python/frames';
    return GROUP.test(line) ? 'python/group' : undefined;
  },
  next,
};

const TRACEBACK = /^\s*(?:[\w.]+ )?Traceback \(most recent call last\):/;
const GROUP = /^\s*[+|] (?:Exception Group )?Traceback \(most recent call last\):/;
const FILE = /^ {2}File "[^"]+", line \d+/;
const EXCEPTION = /^[A-Za-z_][\w.]*(?:: |:?\s*$)/;
const CHAIN =
  /^(?:During handling of the above exception|The above exception was the direct cause of the following exception)/;
/** Second lines of messages of widespread database drivers, which stand at the margin. */
const MESSAGE_LINE =
  /^(?:\[SQL: |\[parameters: |\(Background on this error at|(?:LINE \d+|DETAIL|HINT|CONTEXT): )/;

function next(phase: string, line: string): Step | undefined {
  if (phase === 'python/group') {
    if (CHAIN.test(line)) return { phase: 'python/chain' };
    if (isBlank(line)) return { phase, tentative: true };
    return isIndented(line) && !isFresh(line) ? { phase } : undefined;
  }
  if (phase === 'python/chain') {
    if (isBlank(line)) return { phase };
    if (GROUP.test(line)) return { phase: 'python/group' };
    return TRACEBACK.test(line) ? { phase: 'python/frames' } : undefined;
  }
  if (CHAIN.test(line)) return { phase: 'python/chain' };
  if (phase === 'python/frames') {
    if (isIndented(line)) return { phase };
    if (isBlank(line)) return { phase, tentative: true };
    return EXCEPTION.test(line) && !isFresh(line) ? { phase: 'python/end' } : undefined;
  }
  if (isBlank(line)) return { phase, tentative: true };
  if (MESSAGE_LINE.test(line)) return { phase };
  return isIndented(line) && !isFresh(line) ? { phase } : undefined;
}
