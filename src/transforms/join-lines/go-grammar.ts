import { type Grammar, isBlank, isFresh, isIndented, type Step } from './grammar.ts';

/**
 * What the Go runtime prints when it ends, and the traces of zap and of net/http:
 *
 *   head ──"goroutine 1 [running]:"──▶ frames ──blank, "goroutine 2 …"──▶ frames
 *
 * head: panic or fatal error, whose message may have several lines.
 */
export const goGrammar: Grammar = {
  language: 'go',
  start(line) {
    if (GOROUTINE.test(line)) return 'go/frames';
    return HEAD.test(line) ? 'go/head' : undefined;
  },
  next,
};

const HEAD =
  /^(?:panic: |fatal error: |runtime: |unexpected fault address |SIG[A-Z]+: |WARNING: DATA RACE|\d{4}\/\d\d\/\d\d \d\d:\d\d:\d\d(?:\.\d+)? (?:\S+:\d+: )?(?:http: panic serving |http2: panic serving |panic: ))/;
const GOROUTINE = /^goroutine \d+ [^[]{0,80}\[[^\]]{0,200}\]:|^goroutine \d+ \[/;
const SIGNAL =
  /^\s*(?:\[signal |panic: |\[recovered\]|\[originating from goroutine |runtime stack:|goroutine running on other thread)/;
const FUNCTION = /^[\w.~%/@+-]+[.(]/;
/** zap writes functions without arguments; the line after has the file. */
const BARE_FUNCTION = /^[\w.~%/@+-]+\.[\w.()*[\]·-]+$/;
const FILE = /^\s+\S+\.(?:go|s):\d+/;
const TAIL =
  /^(?:created by |exit status \d|\.{3}additional frames elided|r\w{1,5}\s+0x|[cfg]s\s+0x|Previous (?:read|write) at |=+$)/;

/** Whether the line may be a function of a trace that follows a header (zap). */
export function isBareFunction(line: string): boolean {
  return BARE_FUNCTION.test(line);
}

export function isGoFile(line: string): boolean {
  return FILE.test(line);
}

function next(phase: string, line: string): Step | undefined {
  if (GOROUTINE.test(line)) return { phase: 'go/frames' };
  if (SIGNAL.test(line)) return { phase };
  if (phase === 'go/head') {
    if (FILE.test(line)) return { phase: 'go/frames' };
    if (isFresh(line)) return undefined;
    return { phase, tentative: !isIndented(line) };
  }
  if (isBlank(line)) return { phase, tentative: true };
  if (isIndented(line)) return isFresh(line) ? undefined : { phase };
  if (TAIL.test(line)) return { phase };
  const isCall = FUNCTION.test(line) && line.endsWith(')');
  return isCall || BARE_FUNCTION.test(line) ? { phase, tentative: !isCall } : undefined;
}
