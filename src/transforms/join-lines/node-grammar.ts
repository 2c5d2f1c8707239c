import { isFrame, isNodeFrame, mentionsError } from './at-frames.ts';
import { type Grammar, isBlank, isFresh, isIndented, type Step } from './grammar.ts';

/**
 * What Node.js prints of an error:
 *
 *   source ──^──▶ caret ──Error: …──▶ head ──frame──▶ frames ──"}"──▶ closed ──"Node.js v24…"──▶ closed
 *
 * source: `/app/server.js:42`, before the offending line of code. frames: frames, properties, [cause] and [errors] with
 * theirs. closed: the last brace has come.
 */
export const nodeGrammar: Grammar = {
  language: 'node',
  start(line) {
    if (SOURCE.test(line)) return 'node/source';
    if (HEAD.test(line)) return 'node/head';
    return mentionsError(line) ? 'node/mention' : undefined;
  },
  next,
};

const SOURCE = /^(?:(?:file:\/\/)?\/\S+\.[cm]?[jt]sx?|node:[\w/.-]+):\d+$/;
const HEAD =
  /^(?:Uncaught |\(node:\d+\) )?(?:\w*(?:Error|Exception|Warning|Rejection))(?: \[\w+\])?(?::|\s*$)/;
const CARET = /^\s*\^+\s*$/;
const CLOSER = /^\s*[}\]]+,?\s*$/;
const VERSION = /^Node\.js v\d/;

function next(phase: string, line: string): Step | undefined {
  switch (phase) {
    case 'node/source':
      if (CARET.test(line)) return { phase: 'node/caret' };
      return isFresh(line) ? undefined : { phase, tentative: true };
    case 'node/caret':
      if (isBlank(line)) return { phase };
      if (isFrame(line)) return { phase: 'node/frames' };
      return HEAD.test(line) || mentionsError(line) ? { phase: 'node/head' } : undefined;
    case 'node/mention':
      if (isFrame(line)) return isNodeFrame(line) ? { phase: 'node/frames' } : undefined;
      return HEAD.test(line) ? { phase: 'node/head' } : undefined;
    case 'node/head':
      if (isFrame(line)) return { phase: 'node/frames' };
      if (CLOSER.test(line)) return { phase: 'node/closed' };
      return isFresh(line) || HEAD.test(line) ? undefined : { phase, tentative: true };
    case 'node/frames':
      if (CLOSER.test(line) && !isIndented(line)) return { phase: 'node/closed' };
      if (isIndented(line)) return isFresh(line) ? undefined : { phase };
      return last(line) ?? undefined;
    default:
      return last(line);
  }
}

function last(line: string): Step | undefined {
  if (VERSION.test(line)) return { phase: 'node/closed' };
  return isBlank(line) ? { phase: 'node/closed', tentative: true } : undefined;
}
