import { describe, expect, test } from 'vitest';
import { backOffMillis } from './back-off.ts';
import { systemClock } from './clock.ts';
import { ERROR_CODES } from './error-codes.ts';
import { FakeClock } from './fake-clock.ts';
import { describeError, LogferryError } from './logferry-error.ts';
import { seededRandom } from './random.ts';

describe('back-off', () => {
  const settings = { firstMillis: 500, maxMillis: 30_000 };

  test('stays under a ceiling that doubles, and is never zero', () => {
    const random = seededRandom(1);
    for (let attempt = 1; attempt < 60; attempt++) {
      const millis = backOffMillis(attempt, settings, random);
      expect(millis).toBeGreaterThanOrEqual(250);
      expect(millis).toBeLessThanOrEqual(Math.min(30_000, 500 * 2 ** (attempt - 1)));
    }
  });

  test('gives way to what the server asks for', () => {
    expect(backOffMillis(1, settings, seededRandom(1), 77_000)).toBe(77_000);
  });
});

describe('clocks', () => {
  test('a sleep ends at once when it is aborted, before it or in the middle', async () => {
    await expect(systemClock.sleep(60_000, AbortSignal.abort(new Error('gone')))).rejects.toThrow('gone');
    const abort = new AbortController();
    const sleeping = systemClock.sleep(60_000, abort.signal);
    abort.abort(new Error('enough'));
    await expect(sleeping).rejects.toThrow('enough');
  });

  test('the fake clock wakes sleepers in the order they are due, and not when only the wall clock moves', async () => {
    const clock = new FakeClock(1000);
    const woken: string[] = [];
    void clock.sleep(20).then(() => woken.push('second'));
    void clock.sleep(10).then(() => woken.push('first'));
    clock.setWallClock(999_999);
    await clock.advance(5);
    expect(woken).toEqual([]);
    await clock.advance(20);
    expect(woken).toEqual(['first', 'second']);
  });
});

describe('errors', () => {
  test('an error is told with its causes, once each, on one line', () => {
    const thrown = new LogferryError('AWS_UNREACHABLE', 'No answer', {
      cause: new Error('connect\nfailed', { cause: new AggregateError([new Error('ECONNREFUSED ::1')], '') }),
    });
    expect(describeError(thrown)).toBe('No answer: connect failed: AggregateError: ECONNREFUSED ::1');
  });

  test('every code leads to an exit code that the command line documents', () => {
    for (const { exitCode } of Object.values(ERROR_CODES)) expect([1, 2, 3, 4, 5, 130]).toContain(exitCode);
    expect(new LogferryError('AWS_DENIED', 'no').exitCode).toBe(4);
  });
});
