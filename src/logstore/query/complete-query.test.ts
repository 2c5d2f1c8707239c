import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { KnownField } from '../../contracts/log-search.ts';
import { completeQuery } from './complete-query.ts';
import { choiceIn, withChoice } from './edit-query.ts';

const known: KnownField[] = ['level', 'service', 'status', 'odd key'].map((name) => ({
  name,
  kind: 'json',
  type: 'text',
  records: 1,
}));

/** The cursor is where the bar stands. */
function complete(marked: string) {
  const cursor = marked.indexOf('|');
  const text = marked.replace('|', '');
  const { items, from, to, wanted } = completeQuery(text, cursor, known);
  return { replaced: text.slice(from, to), labels: items.map(({ label }) => label), wanted };
}

describe('What could stand at the cursor', () => {
  test.each<[string, string, string[]]>([
    ['|', '', ['level', 'service', 'status', 'odd key']],
    ['s|', 's', ['service', 'status']],
    ['error se|', 'se', ['service']],
    ['-se|', 'se', ['service']],
    ['(a OR st|', 'st', ['status']],
    ['se|rv:x', 'serv:', ['service']],
    ['KEY|', 'KEY', ['odd key']],
    ['a O|', 'O', ['OR', 'odd key']],
    ['level:|', '', ['emerg', 'alert', 'critical', 'error', 'warning', 'notice', 'info', 'debug', 'OK']],
    ['level:err| x', 'err', ['error']],
    ['level:(error OR w|', 'w', ['warning']],
  ])('in %j is a field, a level or a keyword', (marked, replaced, labels) => {
    expect(complete(marked)).toMatchObject({ replaced, labels });
  });

  test.each<[string, string, string, string]>([
    ['service:|', '', 'service', ''],
    ['service:a|', 'a', 'service', 'a'],
    ['-service:"a b|', '"a b', 'service', 'a b'],
    ['service:(api OR w|)', 'w', 'service', 'w'],
    ['"odd key":x|', 'x', 'odd key', 'x'],
    ['service：a|', 'a', 'service', 'a'],
  ])('in %j is a value that the store knows', (marked, replaced, field, containing) => {
    expect(complete(marked)).toMatchObject({ replaced, wanted: { field, containing } });
  });

  test('is said for any text and any place in it', () => {
    const pieces = fc.oneof(
      fc.string({ unit: fc.constantFrom(...Array.from('ab:：()"“/*- \\')), minLength: 1, maxLength: 1 }),
      fc.constantFrom('OR', 'level:'),
    );
    fc.assert(
      fc.property(fc.array(pieces, { maxLength: 20 }), fc.nat(40), (all, cursor) => {
        const text = all.join('');
        const { from, to } = completeQuery(text, cursor, known);
        expect(from).toBeGreaterThanOrEqual(0);
        expect(to).toBeGreaterThanOrEqual(from);
        expect(to).toBeLessThanOrEqual(text.length);
      }),
    );
  });
});

describe('A value that is included or excluded', () => {
  const api = { field: 'service', value: 'api' };

  test('is added to what the person wrote, which stays as it is', () => {
    expect(withChoice('', api, 'include')).toBe('service:api');
    expect(withChoice(' a   b ', api, 'exclude')).toBe('a   b -service:api');
    expect(withChoice('a OR b', api, 'include')).toBe('(a OR b) service:api');
  });

  test('takes the place of its opposite, and can be taken out again', () => {
    expect(withChoice('a service:api b', api, 'exclude')).toBe('a b -service:api');
    expect(withChoice('a -service:api b', api, undefined)).toBe('a b');
    expect(withChoice('service:api', api, undefined)).toBe('');
  });

  test('may be any text, and may be that there is none', () => {
    const odd = { field: 'odd key', value: 'a "b" \\ OR\n' };
    const text = withChoice('x', odd, 'exclude');
    expect(choiceIn(text, odd)).toBe('exclude');
    expect(withChoice('', { field: 'level', value: undefined }, 'include')).toBe('-level:*');
    expect(withChoice('', { field: 'level', value: undefined }, 'exclude')).toBe('level:*');
  });

  test('is found in a query, whatever way it is written', () => {
    expect(choiceIn('x service:"api"', api)).toBe('include');
    expect(choiceIn('NOT service：api', api)).toBe('exclude');
    expect(choiceIn('service:api OR x', api)).toBeUndefined();
  });

  test('leaves a text alone that is no query', () => {
    expect(withChoice('a (', api, 'include')).toBe('a (');
  });
});
