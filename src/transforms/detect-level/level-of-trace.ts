import type { Level } from '../../record/level.ts';

const CRASH = /^(?:panic: |fatal error: |goroutine \d+ \[|SIG[A-Z]{3,6}: |unexpected fault address )/;
const EXCEPTION =
  /^(?:Traceback \(most recent call last\):|Exception in thread "|Caused by: |(?:Uncaught |Unhandled )?(?:[A-Za-z_$][\w$]*\.)*[A-Z]\w*(?:Error|Exception)(?: \[\w+\])?(?::|\s*$))/;
const NODE_WARNING = /^\(node:\d+\) .{0,120}?Warning: /;
const PHP =
  /^(?:\[[^\]]{0,60}\] )?PHP (?:(Fatal error|Parse error|Recoverable fatal error)|(Warning)|(Notice|Deprecated)):/;

/** What the first line of a stack trace, or of a runtime's own report, says of itself. */
export function levelOfTrace(text: string): Level | undefined {
  const first = text.charCodeAt(0);
  // `(`, `[`, or a letter: nothing else begins such a line.
  if (first !== 40 && first !== 91 && !(first >= 65 && first <= 122)) return undefined;
  if (CRASH.test(text)) return 'critical';
  if (EXCEPTION.test(text)) return 'error';
  if (first === 40) return NODE_WARNING.test(text) ? 'warning' : undefined;
  const php = text.includes('PHP ') ? PHP.exec(text) : null;
  if (php === null) return undefined;
  if (php[1] !== undefined) return 'error';
  return php[2] === undefined ? 'notice' : 'warning';
}

/** Blanks of one line only: with \s, a text of line breaks would take time that grows with its square. */
const FRAMES = /\n[ \t]+at \S|\nTraceback \(most recent call last\):|\n[ \t]+File "[^"\n]+", line \d/;
const GOROUTINE = /\n(?:panic: |goroutine \d+ \[)/;

/** A joined trace whose first line says nothing: an error by its shape. */
export function levelOfFrames(message: string): Level | undefined {
  if (GOROUTINE.test(message)) return 'critical';
  return FRAMES.test(message) ? 'error' : undefined;
}
