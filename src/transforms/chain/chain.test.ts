import { describe, expect, test } from 'vitest';
import type { LogRecord } from '../../record/log-record.ts';
import { componentContext } from '../testing/component-context.ts';
import { chain } from './definition.ts';

const NOW = 100_000;
const origin = { source: 'app', tags: { log_stream: 's', task_arn: 'arn' } };

function records(...messages: string[]): LogRecord[] {
  return messages.map((message, index) => ({
    id: String(index),
    timestampMillis: 1000,
    ingestedMillis: 1000,
    message,
    origin,
  }));
}

function make(options: object) {
  return chain.create(chain.options.parse(options), componentContext);
}

test('the example of the documentation does what it says', () => {
  const tidy = make({
    multiline: 'java',
    level: 'auto',
    redact: ['aws_keys', 'bearer_tokens'],
    drop: '"GET /health"',
  });
  const first = tidy.apply(
    records(
      '10.0.0.9 - - "GET /health HTTP/1.1" 200',
      '2026-01-02 03:04:05.678 ERROR [main] c.e.App - refused: Bearer abcdefgh123',
      'java.lang.IllegalStateException: no',
      '\tat c.e.App.run(App.java:12)',
      '2026-01-02 03:04:05.700  INFO [main] c.e.App - goes on',
    ),
    undefined,
    NOW,
  );
  expect(first.dropped).toEqual({ message: 1 });
  expect(first.state).toBeUndefined();
  expect(first.kept).toMatchObject([
    {
      id: '1',
      level: 'error',
      message:
        '2026-01-02 03:04:05.678 ERROR [main] c.e.App - refused: Bearer [redacted:bearer]\njava.lang.IllegalStateException: no\n\tat c.e.App.run(App.java:12)',
      fields: { lines: 3, redacted: 1 },
    },
    { id: '4', level: 'info' },
  ]);
});

describe('the order is fixed', () => {
  test('conditions see final tags, detected levels and joined text, before anything is redacted', () => {
    const transform = make({
      multiline: 'go',
      enrich: { rename: { task_arn: 'arn' } },
      redact: ['passwords'],
      drop: [
        { reason: 'by_tag', tags: { arn: 'arn' }, level: ['debug'] },
        { reason: 'by_secret', message: 'password=x' },
        { reason: 'by_frame', message: 'main.main()' },
      ],
    });
    const given = records('[DEBUG] a', 'password=x', 'panic: b', 'goroutine 1 [running]:', 'main.main()');
    const first = transform.apply(given, undefined, NOW);
    const last = transform.apply([], first.state, NOW + 5000);
    expect(first.dropped).toEqual({ by_tag: 1, by_secret: 1 });
    expect(last.dropped).toEqual({ by_frame: 1 });
  });
});

test('lines that were held come out when joining is switched off', () => {
  const held = make({ multiline: 'auto' }).apply(records('panic: x'), undefined, NOW);
  expect(held.kept).toEqual([]);
  const after = make({}).apply([], JSON.parse(JSON.stringify(held.state)), NOW + 1);
  expect(after.kept.map(({ message }) => message)).toEqual(['panic: x']);
  expect(after.state).toBeUndefined();
});

test('level: off leaves levels alone, and so does a level that the source gave', () => {
  expect(make({ level: 'off' }).apply(records('[ERROR] x'), undefined, NOW).kept[0]).not.toHaveProperty(
    'level',
  );
  const given = records('[ERROR] x').map((record): LogRecord => ({ ...record, level: 'info' }));
  expect(make({}).apply(given, undefined, NOW).kept[0]?.level).toBe('info');
});

describe('options', () => {
  test.each([
    {},
    { multiline: 'auto' },
    { multiline: ['java', 'go'] },
    { multiline: { start: '^\\d{4}-', max_wait: '2s' } },
    { multiline: 'off', level: 'off' },
    { drop: ['a', { level: ['debug'] }] },
    { drop: { keep: [{ level: ['error'] }] } },
    { drop: { message: '/x+/', reason: 'x' } },
    { redact: ['emails', { pattern: 'tok_\\w+' }], enrich: { tags: { env: 'prod' } } },
  ])('%j is taken', (options) => {
    expect(() => make(options).apply(records('x'), undefined, NOW)).not.toThrow();
  });

  test.each([
    { multiline: 'cobol' },
    { multiline: [] },
    { multiline: { start: '(' } },
    { multiline: { start: '(a|a)*$' } },
    { level: 'maybe' },
    { drop: {}, x: 1 },
    { redact: ['everything'] },
    { unknown: true },
  ])('%j is refused', (options) => {
    expect(chain.options.safeParse(options).success).toBe(false);
  });
});
