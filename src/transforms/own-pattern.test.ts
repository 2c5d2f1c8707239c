import { describe, expect, test } from 'vitest';
import { compileOwnPattern } from './own-pattern.ts';

describe('patterns of the configuration', () => {
  test.each([
    '(a+)+$',
    '(a*)*b',
    '(?:a|a)*$',
    '(\\w|\\d)+$',
    '^(\\s*\\S+\\s*)+$',
    '(x+x+)+y',
    '(.*a){12}',
    '(?=(a+)+$)b',
    '((ab)?a?b?)*$',
    '(a{1,50}){1,50}$',
    '(?:[\\w.-]+)*@',
  ])('%s is refused: it could take forever', (text) => {
    expect(() => compileOwnPattern(text)).toThrow('could take forever');
  });

  test.each([
    '^\\d{4}-\\d{2}-\\d{2}',
    '^(?:[\\w$]+\\.)+[A-Z]\\w*Exception',
    '^\\[?(?:ERROR|WARN|INFO)\\b',
    '(?i)^(get|post) /health(z|y)?',
    '^\\s+at .*|^Caused by: .*',
    '^(?:\\d{1,3}\\.){3}\\d{1,3} ',
    '^\\w+(?:, \\w+)*: ',
    '"(?:[^"\\\\]|\\\\.)*"',
    '^(?<time>\\d\\d:\\d\\d)\\b(?!x)[^\\]]+\\]',
    'token=[A-Za-z0-9_-]{20,}',
    '\\p{L}+ .*\\u4e2d',
    'GET /(?:[^/ ]+/)*health',
  ])('%s is taken', (text) => {
    expect(compileOwnPattern(text)).toBeInstanceOf(RegExp);
  });

  test('what does not compile is refused by name', () => {
    expect(() => compileOwnPattern('(')).toThrow('"(" is no regular expression');
  });

  test('(?i) at the beginning ignores case', () => {
    expect(compileOwnPattern('(?i)^warn').test('WARN x')).toBe(true);
  });
});
