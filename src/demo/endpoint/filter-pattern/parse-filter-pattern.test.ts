import { describe, expect, test } from 'vitest';
import { parseFilterPattern } from './parse-filter-pattern.ts';

const LINES = ['[ERROR 400] BAD REQUEST', '[WARN 1] slow request', 'INFO ok'];
const JSON_LINE = '{"level":"error","n":5,"deep":{"list":[{"x":"a-b-c"}]},"none":null,"yes":true}';

const matching = (pattern: string) => LINES.filter(parseFilterPattern(pattern));
const matchesJson = (pattern: string) => parseFilterPattern(pattern)(JSON_LINE);

describe('filter patterns', () => {
  test.each([
    ['ERROR', [0]],
    ['error', []],
    ['REQUEST BAD', [0]],
    ['"BAD REQUEST"', [0]],
    ['?ERROR ?INFO', [0, 2]],
    ['request -slow', []],
    ['-ERROR', [1, 2]],
    ['-"slow request" -INFO', [0]],
    ['%[45]00%', [0]],
    ['INFO ?WARN', [2]],
  ])('%s', (pattern, wanted) => {
    expect(matching(pattern)).toEqual(wanted.map((index) => LINES[index]));
  });

  test.each([
    ['{ $.level = "error" }', true],
    ['{ $.level = error }', true],
    ['{ $.level = "err*" }', true],
    ['{ $.level != "error" }', false],
    ['{ $.n > 4 && $.n <= 5 }', true],
    ['{ $.n = 5 }', true],
    ['{ ($.n < 5 || $.level = "e*r") && $.yes IS TRUE }', true],
    ['{ $.deep.list[0].x = "a*c" }', true],
    ['{ $.deep.list[1].x = "a*c" }', false],
    ['{ $.none IS NULL }', true],
    ['{ $.gone NOT EXISTS }', true],
    ['{ $.level = %^er+or$% }', true],
  ])('%s is %s of a JSON message', (pattern, wanted) => {
    expect(matchesJson(pattern)).toBe(wanted);
  });

  test('of JSON never match other messages', () => {
    expect(matching('{ $.gone NOT EXISTS }')).toEqual([]);
  });

  test.each(['{ $.a = ', '{ $.a > "x" }', '{ a = 1 }', '{ ($.a = 1 }', '"open', '[ip, user]', '%(a)%', '{a'])(
    'that cannot be read is refused: %s',
    (pattern) => {
      expect(() => parseFilterPattern(pattern)).toThrow(
        expect.objectContaining({ code: 'InvalidParameterException' }),
      );
    },
  );
});
