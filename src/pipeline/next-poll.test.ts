import { describe, expect, test } from 'vitest';
import type { CollectSettings } from '../contracts/pull-source.ts';
import { LogferryError } from '../foundation/logferry-error.ts';
import { judgeReadError, nextPollAt } from './next-poll.ts';

const NOW = Date.UTC(2026, 10, 23, 12);
const SECOND = 1000;
const MINUTE = 60 * SECOND;

const collect: CollectSettings = {
  startBeforeMillis: 0,
  everyMillis: 10 * SECOND,
  idleEveryMillis: MINUTE,
  maxLatenessMillis: 60 * MINUTE,
  discoverEveryMillis: MINUTE,
};

/** Seconds from the beginning of the poll to the next one. */
function wait(
  last: { idle?: number; wake?: number; took?: number },
  settings: Partial<CollectSettings> = {},
): number {
  const { idle = 0, wake, took = 0 } = last;
  const at = nextPollAt(
    { ...collect, ...settings },
    {
      startedMillis: NOW,
      freshMillis: NOW - idle * SECOND,
      wakeAtMillis: wake === undefined ? undefined : NOW + wake * SECOND,
    },
    NOW + took * SECOND,
  );
  return (at - NOW) / SECOND;
}

describe('the next poll', () => {
  test('comes an interval after the beginning of the last one, or at once when that took longer', () => {
    expect([wait({}), wait({ took: 4 }), wait({ took: 13 })]).toEqual([10, 10, 13]);
  });

  test('waits for a tenth of the time for which nothing new has come, within bounds', () => {
    expect([0, 99, 300, 600, 86_400].map((idle) => wait({ idle }))).toEqual([10, 10, 30, 60, 60]);
    expect(wait({ idle: 86_400 }, { everyMillis: 5 * MINUTE })).toBe(300);
  });

  test('comes sooner where a transform holds records, but not for every little while', () => {
    expect(wait({ idle: 600, wake: 5 })).toBe(10);
    expect(wait({ idle: 600, wake: 30 })).toBe(30);
  });

  test('keeps to a schedule and its time zone, idle or not', () => {
    const schedule = { schedule: '30 21 * * *', timeZone: 'Asia/Shanghai' };
    expect(wait({ idle: 86_400 }, schedule)).toBe(90 * 60);
  });
});

test('what somebody has to mend blocks, what is gone is gone, and the rest is tried again', () => {
  const kindOf = (code: ConstructorParameters<typeof LogferryError>[0]) =>
    judgeReadError(new LogferryError(code, 'x')).kind;
  expect([kindOf('AWS_DENIED'), kindOf('AWS_NOT_FOUND'), kindOf('AWS_THROTTLED')]).toEqual([
    'blocked',
    'gone',
    'retry',
  ]);
  expect(judgeReadError(new Error('reset'))).toEqual({ kind: 'retry', code: 'INTERNAL' });
});
