import type { Level } from '../../record/level.ts';
import { levelOfJson } from './level-of-json.ts';
import { levelOfText } from './level-of-text.ts';
import { levelOfFrames, levelOfTrace } from './level-of-trace.ts';
import { levelOfSyslogSeverity, levelOfWord } from './level-words.ts';

/** Where text says its level, it says it within this (UTF-16 units). */
const HEAD_LENGTH = 512;

const ANSI = /\u001b\[[0-9;:]*[A-Za-z]/g;
/** klog and glog: `E0102 15:04:05.678901       1 server.go:42] message`. */
const KLOG = /^([IWEF])(?:\d{4}|\d{8}) \d\d:\d\d:\d\d(?:\.\d+)? +\d+ [^\s\]]+:\d+\]/;
/** Ruby's Logger: `E, [2026-01-02T03:04:05.678901 #1] ERROR -- : message`. */
const RUBY = /^([DIWEF]), \[\d{4}-/;
const SYSLOG_PRIORITY = /^<(\d{1,3})>/;
/** Redis: `1:M 02 Jan 2026 03:04:05.678 # message`. */
const REDIS = /^\d+:[XCSM] \d\d \w{3} \d{4} [\d:.]{8,15} ([.*#-]) /;
const REDIS_LEVELS: Readonly<Record<string, Level>> = {
  '.': 'debug',
  '-': 'debug',
  '*': 'notice',
  '#': 'warning',
};

/** The level that the message gives itself; undefined when it gives none in a form that is known. */
export function levelOfMessage(message: string): Level | undefined {
  const at = textStart(message);
  if (message.charCodeAt(at) === 123) return levelOfJson(message, at);
  let head = message.length > HEAD_LENGTH || at > 0 ? message.slice(at, at + HEAD_LENGTH) : message;
  if (head.includes('\u001b')) {
    head = head.replaceAll(ANSI, '').trimStart();
    if (head.startsWith('{')) return levelOfJson(head);
  }
  const lineEnd = head.indexOf('\n');
  const line = lineEnd === -1 ? head : head.slice(0, lineEnd);
  return (
    marked(line) ??
    levelOfTrace(line) ??
    levelOfText(line) ??
    (message.includes('\n') ? levelOfFrames(message) : undefined)
  );
}

function textStart(message: string): number {
  let at = 0;
  while (at < message.length && (message.charCodeAt(at) <= 32 || message.charCodeAt(at) === 0xfeff)) {
    if (message.charCodeAt(at) === 27) break;
    at++;
  }
  return at;
}

/** Forms that begin with a mark in place of a word. */
function marked(line: string): Level | undefined {
  const first = line.charCodeAt(0);
  const second = line.charCodeAt(1);
  if (first === 60) {
    const priority = Number(SYSLOG_PRIORITY.exec(line)?.[1] ?? Number.NaN);
    return priority <= 191 ? levelOfSyslogSeverity(priority % 8) : undefined;
  }
  if (first >= 68 && first <= 87 && second >= 48 && second <= 57) {
    const letter = KLOG.exec(line)?.[1];
    return letter === undefined ? undefined : levelOfWord(letter);
  }
  if (second === 44) {
    const letter = RUBY.exec(line)?.[1];
    return letter === undefined ? undefined : levelOfWord(letter);
  }
  if (first >= 48 && first <= 57 && line.charCodeAt(2) !== 45) {
    const mark = REDIS.exec(line)?.[1];
    return mark === undefined ? undefined : REDIS_LEVELS[mark];
  }
  return undefined;
}
