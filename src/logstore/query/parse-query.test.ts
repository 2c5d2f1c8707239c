import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { LogQuery } from '../../contracts/log-query.ts';
import { parseQuery } from './parse-query.ts';
import { printQuery } from './print-query.ts';
import { anyQuery, withoutSpans } from './testing/any-query.ts';

const term = (field: string, test: object) => ({ kind: 'term', field, test }) as LogQuery;
const has = (text: string) => term('message', { kind: 'text', text });
const is = (field: string, text: string) => term(field, { kind: 'text', text });
const not = (node: LogQuery): LogQuery => ({ kind: 'not', node });
const and = (...nodes: LogQuery[]): LogQuery => ({ kind: 'and', nodes });
const or = (...nodes: LogQuery[]): LogQuery => ({ kind: 'or', nodes });

function read(text: string): LogQuery {
  const parsed = parseQuery(text);
  if (!parsed.ok) throw new Error(`${parsed.problem.column}: ${parsed.problem.message}`);
  return withoutSpans(parsed.query);
}

describe('A query', () => {
  test.each<[string, LogQuery]>([
    ['', { kind: 'all' }],
    [' \t\n\u3000', { kind: 'all' }],
    ['timeout', has('timeout')],
    ['超时', has('超时')],
    ['two words', and(has('two'), has('words'))],
    ['two AND words', and(has('two'), has('words'))],
    ['"timed out"', has('timed out')],
    [String.raw`"say \"hi\" \\ \d \n"`, has('say "hi" \\ \\d \n')],
    ['-healthcheck', not(has('healthcheck'))],
    ['NOT healthcheck', not(has('healthcheck'))],
    ['--a', not(not(has('a')))],
    ['well-known', has('well-known')],
    ['a OR b c', or(has('a'), and(has('b'), has('c')))],
    ['(a OR b) c', and(or(has('a'), has('b')), has('c'))],
    ['-(a OR b)', not(or(has('a'), has('b')))],
    ['or and not', and(has('or'), has('and'), has('not'))],
    ['level:error', is('level', 'error')],
    ['level:WARN', is('level', 'warning')],
    ['Level:"fatal"', is('level', 'critical')],
    ['level:>=warn', term('level', { kind: 'severity', operator: '>=', level: 'warning' })],
    ['service:api', is('service', 'api')],
    ['service:(api OR web)', or(is('service', 'api'), is('service', 'web'))],
    [
      'status:(>=500 -503)',
      and(term('status', { kind: 'compare', operator: '>=', value: 500 }), not(is('status', '503'))),
    ],
    ['status:>=500', term('status', { kind: 'compare', operator: '>=', value: 500 })],
    ['dur:<-0.5e3', term('dur', { kind: 'compare', operator: '<', value: -500 })],
    ['dur:100..500', term('dur', { kind: 'range', from: 100, to: 500 })],
    ['dur:..500', term('dur', { kind: 'range', to: 500 })],
    ['dur:-5..', term('dur', { kind: 'range', from: -5 })],
    ['path:a..b', is('path', 'a..b')],
    ['path:/api/*', term('path', { kind: 'pattern', parts: ['/api/', ''] })],
    ['path:*.js*', term('path', { kind: 'pattern', parts: ['', '.js', ''] })],
    ['path:a**b', term('path', { kind: 'pattern', parts: ['a', 'b'] })],
    [String.raw`path:\*a\ b*`, term('path', { kind: 'pattern', parts: ['*a b', ''] })],
    ['*time*out*', term('message', { kind: 'pattern', parts: ['time', 'out'] })],
    ['time*', has('time')],
    ['trace_id:*', term('trace_id', { kind: 'exists' })],
    ['/time(d)? ?out/', term('message', { kind: 'regex', pattern: 'time(d)? ?out' })],
    [String.raw`path:/^\/api\/\d+$/`, term('path', { kind: 'regex', pattern: String.raw`^/api/\d+$` })],
    ['/api/v1 error', and(has('/api/v1'), has('error'))],
    ['GET / 200', and(has('GET'), has('/'), has('200'))],
    ['http://example.com/x', has('http://example.com/x')],
    ['12:30:45', has('12:30:45')],
    ['key="some value"', and(has('key="some'), has('value"'))],
    ['"odd key":x', is('odd key', 'x')],
    ['@timestamp:x', is('@timestamp', 'x')],
    ['用户:张三', is('用户', '张三')],
    ['错误：超时', has('错误：超时')],
    ['level：error', is('level', 'error')],
    ['（a OR b） service：“a b”', and(or(has('a'), has('b')), is('service', 'a b'))],
    ['status：＞＝500', term('status', { kind: 'compare', operator: '>=', value: 500 })],
    [
      'timestamp:>2026-11-23T13:10',
      term('timestamp', { kind: 'compare', operator: '>', value: Date.UTC(2026, 10, 23, 13, 10) }),
    ],
    [
      'timestamp:2026-11-23..2026-11-24T00:00:00.5+08:00',
      term('timestamp', {
        kind: 'range',
        from: Date.UTC(2026, 10, 23),
        to: Date.UTC(2026, 10, 23, 16, 0, 0, 500),
      }),
    ],
  ])('%j is read as it is meant', (text, query) => {
    expect(read(text)).toEqual(query);
  });

  test.each<[string, number, number, RegExp]>([
    ['a "b c', 3, 4, /quotation mark is not closed/],
    ['a (b OR c', 3, 1, /parenthesis is not closed/],
    ['a) b', 2, 1, /No parenthesis is open/],
    ['a OR', 5, 0, /term is missing/],
    ['OR a', 1, 2, /term is missing before OR/],
    ['a AND OR b', 7, 2, /term is missing before OR/],
    ['()', 2, 0, /term is missing/],
    ['NOT', 4, 0, /term is missing/],
    ['service: api', 9, 0, /value is missing after "service:"/],
    ['level:loud', 7, 4, /"loud" is no level/],
    ['level:>loud', 8, 4, /"loud" is no level/],
    ['a status:>=5x', 12, 2, /"5x" is no number/],
    ['status:>', 9, 0, /number is missing/],
    ['message:>5', 9, 2, /message is text/],
    ['timestamp:>yesterday', 12, 9, /no time/],
    ['timestamp:2026-02-31', 11, 10, /no time/],
    ['timestamp:2026-99-99', 11, 10, /no time/],
    ['a service:(b', 11, 1, /parenthesis is not closed/],
    ['（a', 1, 1, /parenthesis is not closed/],
  ])('%j is refused at its column', (text, column, length, message) => {
    const parsed = parseQuery(text);
    expect(parsed).toMatchObject({
      ok: false,
      problem: { column, length, message: expect.stringMatching(message) },
    });
  });

  test('knows where each of its terms stands', () => {
    const parsed = parseQuery('a  -level:error ("b c")');
    const spans: string[] = [];
    const walk = (query: LogQuery): void => {
      if (query.kind === 'not') walk(query.node);
      else if (query.kind === 'and' || query.kind === 'or') query.nodes.forEach(walk);
      else if (query.kind === 'term' && query.span !== undefined)
        spans.push('a  -level:error ("b c")'.slice(query.span.from, query.span.to));
    };
    if (parsed.ok) walk(parsed.query);
    expect(spans).toEqual(['a', 'level:error', '"b c"']);
  });

  test.each([
    ['too long', 'a'.repeat(10_000)],
    ['of too many terms', 'a '.repeat(1000)],
    ['nested too deep', `${'('.repeat(500)}a${')'.repeat(500)}`],
    ['of too many negations', `${'-'.repeat(500)}a`],
  ])('that is %s is refused', (_name, text) => {
    expect(parseQuery(text)).toMatchObject({ ok: false });
  });

  test('is never more than a query or a problem with a column, whatever the text', () => {
    const pieces = fc.constantFrom(
      ...Array.from('ab:：()（）"“”*＊\\/-<>=. \u3000\0\n\ud800'),
      'OR',
      'AND',
      'NOT',
      'level:',
      'timestamp:',
      '..',
      '5',
      '>=',
      '//',
    );
    const text = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.array(pieces, { maxLength: 30 }).map((all) => all.join('')),
    );
    fc.assert(
      fc.property(text, (input) => {
        const parsed = parseQuery(input);
        if (parsed.ok) {
          expect(withoutSpans(read(printQuery(parsed.query)))).toEqual(withoutSpans(parsed.query));
          return;
        }
        expect(parsed.problem.column).toBeGreaterThanOrEqual(1);
        expect(parsed.problem.column + parsed.problem.length).toBeLessThanOrEqual(input.length + 1);
      }),
      { numRuns: 1000 },
    );
  });

  test('that is printed is read again as the same', () => {
    fc.assert(
      fc.property(anyQuery(), (query) => {
        expect(read(printQuery(query))).toEqual(query);
      }),
      { numRuns: 1000 },
    );
  });
});
