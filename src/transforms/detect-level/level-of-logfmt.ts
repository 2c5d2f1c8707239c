import type { Level } from '../../record/level.ts';
import { levelOfWord } from './level-words.ts';

const KEYS: ReadonlySet<string> = new Set(['level', 'lvl', 'severity', 'loglevel', 'log_level', 'log.level']);
const PAIR = /[ \t]*(?:([A-Za-z_@][\w.@/-]{0,60})=(?:"((?:[^"\\]|\\[^])*)"?|(\S*))|\S+)/y;
const BEGINS = /[A-Za-z_@][\w.@/-]{0,60}=/y;
/** Pairs that are looked at. */
const MAX_PAIRS = 30;

export function beginsLogfmt(text: string, at: number): boolean {
  BEGINS.lastIndex = at;
  return BEGINS.test(text);
}

/** The level in `time=… level=error msg="…"`; what stands between quotes is nobody's level. */
export function levelOfLogfmt(text: string, from: number): Level | undefined {
  PAIR.lastIndex = from;
  for (let count = 0; count < MAX_PAIRS; count++) {
    const match = PAIR.exec(text);
    if (match === null) return undefined;
    const [, key, quoted, bare] = match;
    if (key !== undefined && KEYS.has(key)) {
      const level = levelOfWord(quoted ?? bare ?? '');
      if (level !== undefined) return level;
    }
  }
  return undefined;
}
