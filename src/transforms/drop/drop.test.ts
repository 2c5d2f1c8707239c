import { describe, expect, test } from 'vitest';
import type { LogRecord } from '../../record/log-record.ts';
import { componentContext } from '../testing/component-context.ts';
import { drop } from './definition.ts';

function apply(options: object, records: readonly Partial<LogRecord>[]) {
  const whole = records.map(
    (given, index): LogRecord => ({
      id: String(index),
      timestampMillis: index,
      ingestedMillis: index,
      message: '',
      origin: { source: 'app', tags: { service: 'api' } },
      ...given,
    }),
  );
  const result = drop.create(drop.options.parse(options), componentContext).apply(whole, undefined, 0);
  return { kept: result.kept.map(({ id }) => id), dropped: result.dropped };
}

const texts = (...messages: string[]) => messages.map((message) => ({ message }));

describe('when', () => {
  test('a text is looked for in the message, exact in case', () => {
    expect(apply({ when: ['GET /health'] }, texts('"GET /health HTTP/1.1" 200', 'get /health', 'x'))).toEqual(
      {
        kept: ['1', '2'],
        dropped: { message: 1 },
      },
    );
  });

  test('double quotes around a text are not part of it', () => {
    expect(apply({ when: ['"GET /health"'] }, texts('"GET /health HTTP/1.1" 200')).kept).toEqual([]);
  });

  test('between slashes stands an expression, but a plain path is a text', () => {
    const given = texts('GET /health/ 200', 'GET /healthz 200', 'HEALTH');
    expect(apply({ when: ['/health/'] }, given).kept).toEqual(['1', '2']);
    expect(apply({ when: ['/GET \\/health(z|\\/) 2\\d\\d/'] }, given).kept).toEqual(['2']);
    expect(apply({ when: ['/^health$/i'] }, given).kept).toEqual(['0', '1']);
  });

  test('everything in a condition must hold, any condition is enough', () => {
    const when = [
      { level: ['debug', 'info'], tags: { service: 'api' }, reason: 'quiet_api' },
      { message: 'ping', fields: { lines: '1' } },
    ];
    const result = apply({ when }, [
      { level: 'debug' },
      { level: 'debug', origin: { source: 'app', tags: { service: 'web' } } },
      { level: 'error' },
      { message: 'ping', fields: { lines: 1 } },
      { message: 'ping' },
    ]);
    expect(result).toEqual({ kept: ['1', '2', '4'], dropped: { quiet_api: 1, message_and_fields: 1 } });
  });

  test('values of tags are whole, with stars or expressions', () => {
    const origin = { source: 'app', tags: { service: 'load-test-7' } };
    for (const [pattern, kept] of [
      ['load-test-7', 0],
      ['load', 1],
      ['load-*', 0],
      ['*-7', 0],
      ['l*t-*7', 0],
      ['*-8*', 1],
      ['/^load-.*\\d$/', 0],
    ] as const) {
      expect([pattern, apply({ when: [{ tags: { service: pattern } }] }, [{ origin }]).kept.length]).toEqual([
        pattern,
        kept,
      ]);
    }
  });
});

test('keep drops what fits none of its conditions', () => {
  const result = apply({ keep: [{ level: ['error'] }, 'audit'] }, [
    { level: 'error' },
    { message: 'audit: x' },
    { message: 'x' },
  ]);
  expect(result).toEqual({ kept: ['0', '1'], dropped: { not_kept: 1 } });
});

test.each([
  { when: [{}] },
  { when: [''] },
  { when: ['/(a+)+$/'] },
  { when: ['/[/'] },
  { when: [{ reason: 'A B' }] },
])('options %j are refused', (options) => {
  expect(drop.options.safeParse(options).success).toBe(false);
});
