import { goGrammar } from './go-grammar.ts';
import type { Grammar } from './grammar.ts';
import { headerGrammar } from './header-grammar.ts';
import { javaGrammar } from './java-grammar.ts';
import { nodeGrammar } from './node-grammar.ts';
import { pythonGrammar } from './python-grammar.ts';

export const LANGUAGES = ['java', 'python', 'node', 'go'] as const;
export type Language = (typeof LANGUAGES)[number];

const GRAMMARS: Readonly<Record<Language, Grammar>> = {
  java: javaGrammar,
  python: pythonGrammar,
  node: nodeGrammar,
  go: goGrammar,
};

/** The grammars of several languages as one. A line that only mentions an error opens last of all. */
export function traceGrammar(chosen: readonly Language[]): Grammar {
  const languages = LANGUAGES.filter((language) => chosen.includes(language)).map((one) => GRAMMARS[one]);
  const header = headerGrammar(languages);
  const byLanguage = new Map([...languages, header].map((grammar) => [grammar.language, grammar]));
  return {
    language: 'trace',
    start(line) {
      // JSON objects say all on one line.
      if (line.charCodeAt(0) === 123) return undefined;
      let mention: string | undefined;
      for (const language of languages) {
        const phase = language.start(line);
        if (phase === undefined) continue;
        if (!phase.endsWith('/mention')) return phase;
        mention ??= phase;
      }
      return header.start(line) ?? (mention === undefined ? undefined : 'mention/line');
    },
    next(phase, line) {
      if (phase === 'mention/line') return afterMention(languages, line);
      return byLanguage.get(phase.slice(0, phase.indexOf('/')))?.next(phase, line);
    },
  };
}

/** Which language mentioned the error is known by what follows. */
function afterMention(languages: readonly Grammar[], line: string) {
  for (const language of languages) {
    const step = language.next(`${language.language}/mention`, line);
    if (step !== undefined && (language.language === 'java' || language.language === 'node')) return step;
  }
  return undefined;
}
