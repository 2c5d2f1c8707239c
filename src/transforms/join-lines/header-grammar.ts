import { isFrame, isNodeFrame } from './at-frames.ts';
import { isBareFunction, isGoFile } from './go-grammar.ts';
import { type Grammar, isFresh, isIndented, type Step } from './grammar.ts';

/**
 * Lines of a logger that say a warning or worse, after which a trace may come: it then belongs to them, and so does
 * what is indented. Quieter lines are not waited for: nearly all would be held for nothing, at the end of each poll.
 */
const LOUD = /(?<![\w.-])(?:EMERG|ALERT|CRITICAL|CRIT|FATAL|SEVERE|ERROR|WARNING|WARN)(?![\w.=-])/;
/** Where a logger's level stands, at most. */
const LEVEL_WITHIN = 160;

export function isLoudHeader(line: string): boolean {
  return isFresh(line) && LOUD.test(line.length > LEVEL_WITHIN ? line.slice(0, LEVEL_WITHIN) : line);
}

/** `open` tells how a trace begins, as it would without a header. */
export function headerGrammar(
  languages: readonly Grammar[],
  open: (line: string) => string | undefined,
): Grammar {
  const has = (language: string) => languages.some((one) => one.language === language);
  const frames = (line: string): Step | undefined => {
    const language = isNodeFrame(line) ? 'node' : 'java';
    return has(language) ? { phase: `${language}/frames` } : undefined;
  };
  return {
    language: 'header',
    start: (line) => (isLoudHeader(line) ? 'header/line' : undefined),
    next(phase, line) {
      if (isFrame(line)) return frames(line);
      if (phase === 'header/function') return isGoFile(line) ? { phase: 'go/frames' } : undefined;
      if (isFresh(line)) return undefined;
      const opened = open(line);
      if (opened !== undefined) return { phase: opened };
      if (has('go') && isBareFunction(line)) return { phase: 'header/function', tentative: true };
      return isIndented(line) ? { phase } : undefined;
    },
  };
}
