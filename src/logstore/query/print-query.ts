import type { LogQuery, LogTerm, TermTest } from '../../contracts/log-query.ts';

const PLAIN_WORD = /^[\p{L}\p{N}_@][\p{L}\p{N}_.\-@/=+,;%#&?!$'~|{}[\]^]*$/u;
const PLAIN_FIELD = /^[\p{L}_@][\p{L}\p{N}_.\-@/$]*$/u;
const KEYWORDS: ReadonlySet<string> = new Set(['AND', 'OR', 'NOT']);
const SPECIAL = /[\\"“”＂:：()（）*＊\s]/g;

/** The text of a query, from which the same query is read again. */
export function printQuery(query: LogQuery): string {
  return query.kind === 'all' ? '' : print(query, 'or');
}

/** The text of a field's name, with the colon behind it. */
export function printField(field: string): string {
  return PLAIN_FIELD.test(field) ? `${field}:` : `${quoted(field)}:`;
}

/** A text as a word where it can be one, else in quotation marks. */
export function printText(text: string): string {
  const isPlain = PLAIN_WORD.test(text) && !KEYWORDS.has(text) && !text.includes('..');
  return isPlain ? text : quoted(text);
}

/** `within`: what the text will be a part of, which says whether it needs parentheses. */
function print(query: LogQuery, within: 'or' | 'and' | 'not'): string {
  switch (query.kind) {
    case 'all':
      return '*';
    case 'or': {
      const text = query.nodes.map((node) => print(node, 'and')).join(' OR ');
      return within === 'or' ? text : `(${text})`;
    }
    case 'and': {
      const text = query.nodes.map((node) => print(node, 'not')).join(' ');
      return within === 'not' ? `(${text})` : text;
    }
    case 'not':
      return `-${print(query.node, 'not')}`;
    case 'term':
      return printTerm(query);
  }
}

function printTerm({ field, test }: LogTerm): string {
  const prefix = field === 'message' ? '' : printField(field);
  return `${prefix}${printTest(test, field)}`;
}

function printTest(test: TermTest, field: string): string {
  switch (test.kind) {
    case 'text':
      return printText(test.text);
    case 'pattern':
      return printPattern(test.parts);
    case 'regex':
      return `/${test.pattern.replaceAll(/\\.|\//gs, (found) => (found === '/' ? '\\/' : found))}/`;
    case 'compare':
      return `${test.operator}${printNumber(test.value, field)}`;
    case 'range':
      return printRange(test, field);
    case 'severity':
      return `${test.operator}${test.level}`;
    case 'exists':
      return '*';
  }
}

function printRange({ from, to }: { readonly from?: number; readonly to?: number }, field: string): string {
  if (field === 'timestamp' && from !== undefined && from === to) return printNumber(from, field);
  const end = (value: number | undefined) => (value === undefined ? '' : printNumber(value, field));
  return `${end(from)}..${end(to)}`;
}

function printNumber(value: number, field: string): string {
  const date = field === 'timestamp' ? new Date(value) : undefined;
  // ISO writes years beyond 9999 with a sign, which a query does not read.
  if (date === undefined || !/^\d{4}-/.test(toIso(date))) return String(value);
  return date.toISOString();
}

function toIso(date: Date): string {
  return Number.isNaN(date.getTime()) ? '' : date.toISOString();
}

function printPattern(parts: readonly string[]): string {
  const text = parts.map((part) => part.replaceAll(SPECIAL, '\\$&').replaceAll('..', '\\.\\.')).join('*');
  // What would be a sign at the beginning of a word.
  return /^[-></＞＜]/.test(text) ? `\\${text}` : text;
}

function quoted(text: string): string {
  const escaped = text
    .replaceAll(/["\\]/g, '\\$&')
    .replaceAll('\n', '\\n')
    .replaceAll('\r', '\\r')
    .replaceAll('\t', '\\t');
  return `"${escaped}"`;
}
