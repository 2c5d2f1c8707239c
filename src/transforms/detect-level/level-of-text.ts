/**
 * The level in the head of a line of text. The head is walked token by token, from the time on: brackets, numbers,
 * logger names, separators may come before the level; the first ordinary word ends the search. So no level is ever
 * taken from a sentence: `no ERROR found`, `error connecting to x`, `ERROR_COUNT=0` have none.
 */
import type { Level } from '../../record/level.ts';
import { beginsLogfmt, levelOfLogfmt } from './level-of-logfmt.ts';
import { levelOfWord } from './level-words.ts';
import { skipTimestamp } from './skip-timestamp.ts';

/** Words that are levels of some logger and too common elsewhere: only `LOG:`, and `CONFIG` between separators. */
const WEAK: ReadonlySet<string> = new Set([
  'log',
  'config',
  'http',
  'ok',
  'success',
  'fine',
  'finer',
  'finest',
  'silly',
  'alert',
]);
const MAX_TOKENS = 10;
/** `host app[123]: ` after the time of syslog. */
const SYSLOG_HEAD = / [\w.-]{1,255} [\w./-]{1,64}(?:\[\d+\])?: /y;
const FILLER = /[.:/@#$_\d-]/;

const TAB = 9;
const BLANK = 32;
const DASH = 45;
const COLON = 58;
const BRACKET = 91;
const CLOSING = 93;
const BAR = 124;

interface Walk {
  readonly text: string;
  at: number;
  hasTime: boolean;
  /** The separator before the token: `|`, `-`, tab; 0 = none. */
  before: number;
}

export function levelOfText(text: string): Level | undefined {
  const walk: Walk = { text, at: 0, hasTime: false, before: 0 };
  for (let tokens = 0; tokens < MAX_TOKENS; tokens++) {
    skipSeparators(walk);
    if (walk.at >= text.length) return undefined;
    if (skipTime(walk)) continue;
    const unit = text.charCodeAt(walk.at);
    const outcome = isOpening(unit) ? bracket(walk, unit) : word(walk);
    if (outcome === 'goes on') continue;
    return outcome === 'ends' ? undefined : outcome;
  }
  return undefined;
}

type Outcome = Level | 'goes on' | 'ends';

function skipSeparators(walk: Walk): void {
  walk.before = 0;
  for (; walk.at < walk.text.length; walk.at++) {
    const unit = walk.text.charCodeAt(walk.at);
    if (unit === TAB || unit === BAR || unit === DASH) walk.before = unit;
    else if (unit !== BLANK && unit !== CLOSING && unit !== COLON) return;
  }
}

function skipTime(walk: Walk): boolean {
  const from = walk.text.charCodeAt(walk.at) === BRACKET ? walk.at + 1 : walk.at;
  const end = skipTimestamp(walk.text, from);
  if (end === from) return false;
  walk.at = end;
  walk.hasTime = true;
  SYSLOG_HEAD.lastIndex = end;
  if (walk.text.charCodeAt(from) > 57 && SYSLOG_HEAD.test(walk.text)) walk.at = SYSLOG_HEAD.lastIndex;
  return true;
}

function isOpening(unit: number): boolean {
  return unit === BRACKET || unit === 40 || unit === 123;
}

/** `[ERROR]`, `[ error ]`, `[core:error]`; else a thread, a process, a file: passed over. */
function bracket(walk: Walk, unit: number): Outcome {
  const { text, at, hasTime } = walk;
  const close = text.indexOf(unit === BRACKET ? ']' : unit === 40 ? ')' : '}', at);
  if (close === -1) return 'ends';
  walk.at = close + 1;
  if (unit !== BRACKET || close - at > 40) return 'goes on';
  const inner = text.slice(at + 1, close).trim();
  const name = /^[a-z_]+:[a-z]+$/.test(inner) ? inner.slice(inner.indexOf(':') + 1) : inner;
  const level = levelOfWord(name);
  if (level === undefined) return 'goes on';
  const isUpper = name === name.toUpperCase();
  if (name.length === 1) return isUpper ? level : 'goes on';
  if (WEAK.has(name.toLowerCase()) && !(isUpper && (hasTime || name === 'OK'))) return 'goes on';
  return level;
}

function word(walk: Walk): Outcome {
  const { text, at } = walk;
  let end = at;
  while (end < text.length && isLetter(text.charCodeAt(end))) end++;
  if (end > at) {
    const level = levelOfWord(end - at <= 16 ? text.slice(at, end) : '');
    if (level !== undefined && isLevelHere(walk, end)) return level;
    if (text.charCodeAt(end) === 61 || beginsLogfmt(text, at)) return levelOfLogfmt(text, at) ?? 'ends';
  }
  return filler(walk);
}

/** Whether the word that stands for a level is written as loggers write one. */
function isLevelHere(walk: Walk, wordEnd: number): boolean {
  const { text, at, hasTime, before } = walk;
  const name = text.slice(at, wordEnd);
  const isUpper = name === name.toUpperCase();
  // slog: ERROR+2
  const offset = isUpper ? /^[+-]\d{1,2}(?=\s|$)/.exec(text.slice(wordEnd, wordEnd + 4)) : null;
  const end = wordEnd + (offset?.[0].length ?? 0);
  const unit = end < text.length ? text.charCodeAt(end) : BLANK;
  const after = nextSeparator(text, end);
  const isSeparated = before !== 0 && (after === before || (before === DASH && after === BAR));
  if (name.length === 1) return isUpper && hasTime && (isSeparated || (after === BAR && unit === BLANK));
  if (WEAK.has(name.toLowerCase())) return isUpper && (unit === COLON || (hasTime && isSeparated));
  if (!isUpper) {
    const isLabel = unit === COLON && isBlankOrEnd(text, end + 1);
    return isLabel || (hasTime && isSeparated);
  }
  if (unit <= BLANK || unit === COLON || unit === CLOSING || unit === BAR) return true;
  // celery: `[time: ERROR/ForkPoolWorker-1]`; logrus: `INFO[0001] `
  if (unit === 47 || unit === 44) return hasTime;
  return unit === BRACKET && /^\[\d+\]/.test(text.slice(end, end + 12));
}

/** Passed over: numbers; after a time also logger names, hosts, ids, and single words between separators. */
function filler(walk: Walk): Outcome {
  const { text, at, hasTime, before } = walk;
  let end = at;
  let isNumber = true;
  for (; end < text.length; end++) {
    const unit = text.charCodeAt(end);
    if (unit <= BLANK || unit === BAR || unit === BRACKET || unit === CLOSING) break;
    if (unit < 48 || unit > 57) isNumber = false;
  }
  if (end === at) return 'ends';
  walk.at = end;
  if (isNumber) return 'goes on';
  if (!hasTime) return 'ends';
  const token = text.slice(at, end);
  if (/^["'*]|[.,;!?"']$/.test(token)) return 'ends';
  const after = nextSeparator(text, end);
  const isSeparated = after !== 0 && (before === after || after === BAR);
  return isSeparated || FILLER.test(token) ? 'goes on' : 'ends';
}

/** The separator that comes next, blanks passed over; 0 = none. A dash counts with a blank behind it only. */
function nextSeparator(text: string, from: number): number {
  let at = from;
  while (text.charCodeAt(at) === BLANK) at++;
  const unit = text.charCodeAt(at);
  if (unit === TAB || unit === BAR) return unit;
  return unit === DASH && at > from && isBlankOrEnd(text, at + 1) ? DASH : 0;
}

function isBlankOrEnd(text: string, at: number): boolean {
  return at >= text.length || text.charCodeAt(at) <= BLANK;
}

function isLetter(unit: number): boolean {
  return (unit >= 97 && unit <= 122) || (unit >= 65 && unit <= 90);
}
