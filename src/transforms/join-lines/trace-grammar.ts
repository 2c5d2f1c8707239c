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
  const open = (line: string) => openTrace(languages, line);
  const header = headerGrammar(languages, open);
  const byLanguage = new Map([...languages, header].map((grammar) => [grammar.language, grammar]));
  return {
    language: 'trace',
    start(line) {
      // JSON objects say all on one line.
      if (line.charCodeAt(0) === 123) return undefined;
      const opened = open(line);
      return opened === undefined || opened === MENTION ? (header.start(line) ?? opened) : opened;
    },
    next(phase, line) {
      if (phase === MENTION) return afterMention(languages, line);
      return byLanguage.get(phase.slice(0, phase.indexOf('/')))?.next(phase, line);
    },
  };
}

/** A line that several languages could go on from, if at all. */
const MENTION = 'mention/line';

function openTrace(languages: readonly Grammar[], line: string): string | undefined {
  const phases = languages.map((language) => language.start(line)).filter((phase) => phase !== undefined);
  const certain = phases.find((phase) => !phase.endsWith('/mention'));
  return certain ?? (phases.length === 0 ? undefined : MENTION);
}

/** Which language mentioned the error is known by what follows. */
function afterMention(languages: readonly Grammar[], line: string) {
  for (const language of languages) {
    const step = language.next(`${language.language}/mention`, line);
    if (step !== undefined && (language.language === 'java' || language.language === 'node')) return step;
  }
  return undefined;
}
