import type { Grammar } from './grammar.ts';

export interface OwnPatterns {
  /** A line that begins an event. Without `continuation` every other line goes on with the one before. */
  readonly start?: RegExp | undefined;
  /** A line that goes on with the one before. */
  readonly continuation?: RegExp | undefined;
}

/**
 * Patterns of the user. Every line is held until the next one says that nothing more belongs to it. Without a start
 * pattern any line begins an event; a continuation with nothing before it begins one too.
 */
export function ownGrammar({ start, continuation }: OwnPatterns): Grammar {
  return {
    language: 'own',
    start: () => 'own/open',
    next(phase, line) {
      if (start?.test(line) === true) return undefined;
      return continuation === undefined || continuation.test(line) ? { phase } : undefined;
    },
  };
}
