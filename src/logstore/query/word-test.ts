import type { Comparison, TermTest } from '../../contracts/log-query.ts';
import { parseDateTime } from '../../foundation/moment.ts';
import { LEVELS, levelFromName } from '../../record/level.ts';
import type { QueryText, Word } from './query-text.ts';

const COMPARISON = /^(>=|<=|>|<)(.*)$/s;
const NUMBER = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i;
const RANGE = '..';
const TEXT_FIELDS: ReadonlySet<string> = new Set(['message', 'level', 'source', 'event_id']);

/** What a word says of a field's value. */
export function testOfWord(field: string, word: Word, input: QueryText): TermTest {
  const comparison = COMPARISON.exec(word.raw);
  if (comparison !== null) {
    const [, operator = '', operand = ''] = comparison;
    return compare(field, operator as Comparison, operand, word, input);
  }
  return (
    rangeOf(field, word, input) ?? (word.parts.length === 1 ? text(field, word, input) : pattern(field, word))
  );
}

/** What a quoted text says of a field's value: the same as a word, but every character is itself. */
export function testOfQuoted(field: string, quoted: string, from: number, input: QueryText): TermTest {
  const word = { from, to: input.at, raw: quoted, parts: [quoted], hasEscapes: true };
  return text(field, word, input);
}

function text(field: string, word: Word, input: QueryText): TermTest {
  const [value = ''] = word.parts;
  if (field === 'timestamp') {
    const instant = instantOf(value, word.from, input);
    return { kind: 'range', from: instant, to: instant };
  }
  if (field !== 'level') return { kind: 'text', text: value };
  return { kind: 'text', text: levelOf(value, word.from, input) };
}

function pattern(field: string, { parts }: Word): TermTest {
  if (parts.every((part) => part === '')) return { kind: 'exists' };
  const kept = parts.filter((part, at) => part !== '' || at === 0 || at === parts.length - 1);
  if (field !== 'message') return { kind: 'pattern', parts: kept };
  // A message is searched for what it contains: wildcards at the ends say nothing.
  const inner = kept.filter((part) => part !== '');
  return inner.length === 1 ? { kind: 'text', text: inner[0] ?? '' } : { kind: 'pattern', parts: inner };
}

function compare(
  field: string,
  operator: Comparison,
  operand: string,
  word: Word,
  input: QueryText,
): TermTest {
  const from = word.from + operator.length;
  if (field === 'level') return { kind: 'severity', operator, level: levelOf(operand, from, input) };
  if (TEXT_FIELDS.has(field)) {
    const message = `${field === 'message' ? 'A message is' : `"${field}" is`} text: it cannot be compared with ${operator}. To look for the sign itself, put the term in quotation marks.`;
    throw input.problem(message, word.from, word.to - word.from, ['a word or a "quoted text"']);
  }
  if (field === 'timestamp') return { kind: 'compare', operator, value: instantOf(operand, from, input) };
  return { kind: 'compare', operator, value: numberOf(operand, from, input) };
}

function rangeOf(field: string, word: Word, input: QueryText): TermTest | undefined {
  if (word.hasEscapes || TEXT_FIELDS.has(field)) return undefined;
  const at = word.raw.indexOf(RANGE);
  if (at === -1 || word.raw === RANGE) return undefined;
  const [low, high] = [word.raw.slice(0, at), word.raw.slice(at + RANGE.length)];
  const isOfNumbers = [low, high].every((end) => end === '' || NUMBER.test(end));
  if (!isOfNumbers && field !== 'timestamp') return undefined;
  const read = field === 'timestamp' ? instantOf : numberOf;
  return {
    kind: 'range',
    ...(low !== '' && { from: read(low, word.from, input) }),
    ...(high !== '' && { to: read(high, word.from + at + RANGE.length, input) }),
  };
}

function numberOf(operand: string, from: number, input: QueryText): number {
  const value = Number(operand);
  if (NUMBER.test(operand) && Number.isFinite(value)) return value;
  const message = operand === '' ? 'A number is missing here.' : `"${operand}" is no number.`;
  throw input.problem(message, from, operand.length, ['a number, such as 500 or 0.25']);
}

function instantOf(operand: string, from: number, input: QueryText): number {
  const value = /^\d{11,16}$/.test(operand) ? Number(operand) : parseDateTime(operand, true);
  if (value !== undefined && Number.isSafeInteger(value)) return value;
  const message = operand === '' ? 'A time is missing here.' : `"${operand}" is no time.`;
  throw input.problem(message, from, operand.length, ['a time in UTC, such as 2026-11-23T13:10:00Z']);
}

function levelOf(operand: string, from: number, input: QueryText) {
  const level = levelFromName(operand);
  if (level !== undefined) return level;
  const message = operand === '' ? 'A level is missing here.' : `"${operand}" is no level.`;
  throw input.problem(message, from, operand.length, [LEVELS.join(', ')]);
}
