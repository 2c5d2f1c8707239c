import type { Comparison, LogQuery, LogTerm, TermTest } from '../../contracts/log-query.ts';
import { LEVELS, type Level } from '../../record/level.ts';
import type { LogRecord } from '../../record/log-record.ts';
import { fieldValue } from './record-fields.ts';

/**
 * A query as a condition on records in memory: for records that no store holds. Where a store and this could differ is
 * in regular expressions (here JavaScript's) and in the case of letters beyond the usual scripts. Throws SyntaxError for a
 * regular expression that JavaScript does not know.
 */
export function recordMatcher(query: LogQuery): (record: LogRecord) => boolean {
  switch (query.kind) {
    case 'all':
      return () => true;
    case 'and': {
      const matchers = query.nodes.map(recordMatcher);
      return (record) => matchers.every((matches) => matches(record));
    }
    case 'or': {
      const matchers = query.nodes.map(recordMatcher);
      return (record) => matchers.some((matches) => matches(record));
    }
    case 'not': {
      const matches = recordMatcher(query.node);
      return (record) => !matches(record);
    }
    case 'term':
      return termMatcher(query);
  }
}

function termMatcher({ field, test }: LogTerm): (record: LogRecord) => boolean {
  const holds = field === 'message' ? messageTest(test) : valueTest(test);
  return (record) => {
    const value = fieldValue(record, field);
    return value !== undefined && holds(value);
  };
}

function messageTest(test: TermTest): (message: string) => boolean {
  if (test.kind === 'text') {
    const wanted = test.text.toLowerCase();
    return (message) => message.toLowerCase().includes(wanted);
  }
  if (test.kind === 'pattern') {
    const pattern = new RegExp(test.parts.map(escaped).join('.*'), 'isu');
    return (message) => pattern.test(message);
  }
  return valueTest(test);
}

function valueTest(test: TermTest): (value: string) => boolean {
  switch (test.kind) {
    case 'text':
      return (value) => value === test.text;
    case 'pattern': {
      const pattern = new RegExp(`^${test.parts.map(escaped).join('.*')}$`, 'su');
      return (value) => pattern.test(value);
    }
    case 'regex': {
      const { flags, pattern } = leadingFlags(test.pattern);
      const regex = new RegExp(pattern, `u${flags}`);
      return (value) => regex.test(value);
    }
    case 'compare':
      return (value) => isNumeric(value) && compares(Number(value), test.operator, test.value);
    case 'range': {
      const { from = Number.NEGATIVE_INFINITY, to = Number.POSITIVE_INFINITY } = test;
      return (value) => isNumeric(value) && Number(value) >= from && Number(value) <= to;
    }
    case 'severity':
      return severityTest(test.operator, test.level);
    case 'exists':
      return (value) => value !== '';
  }
}

function severityTest(operator: Comparison, level: Level): (value: string) => boolean {
  const severe = new Set<string>(levelsThat(operator, level));
  return (value) => severe.has(value);
}

/** `>= warning`: at least as severe as a warning. */
export function levelsThat(operator: Comparison, level: Level): readonly Level[] {
  // The list begins with the most severe.
  return LEVELS.filter((_, index) => compares(-index, operator, -LEVELS.indexOf(level)));
}

function compares(a: number, operator: Comparison, b: number): boolean {
  switch (operator) {
    case '>':
      return a > b;
    case '>=':
      return a >= b;
    case '<':
      return a < b;
    case '<=':
      return a <= b;
  }
}

const NUMERIC = /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?$/;

function isNumeric(text: string): boolean {
  return NUMERIC.test(text) && Number.isFinite(Number(text));
}

/** RE2 writes flags as `(?i)` at the beginning. */
function leadingFlags(pattern: string): { flags: string; pattern: string } {
  const match = /^\(\?([ims]+)\)/.exec(pattern);
  return match === null
    ? { flags: '', pattern }
    : { flags: match[1] ?? '', pattern: pattern.slice(match[0].length) };
}

function escaped(text: string): string {
  return text.replaceAll(/[\\^$.*+?()[\]{}|/]/g, String.raw`\$&`);
}
