import { expect, test } from 'vitest';
import { backfillKey } from '../../contracts/checkpoint.ts';
import type { HourCounts } from '../../contracts/state-store.ts';
import { firstCheckpoint } from '../../source-kit/checkpoint-progress.ts';
import { MINUTE_MILLIS } from './coverage.ts';
import { type CoverageRequest, reportCoverage } from './coverage-report.ts';

const NOW = Math.floor(Date.UTC(2026, 10, 23, 12) / 3_600_000) * 3_600_000;
const MINUTES = 60;
const keyOf = (source: string, name: string) =>
  `${source}|arn:aws:logs:eu-west-1:123456789012:log-group:${name}`;
const before = (minutes: number) => NOW - minutes * MINUTE_MILLIS;

const live = {
  ...firstCheckpoint(before(60), 0),
  watermarkMillis: before(30),
  headMillis: before(1),
};
const hour = (count: number): HourCounts => ({
  hourStartMillis: before(60),
  byMinute: Array.from({ length: 60 }, () => count),
});

function storeOf(keys: readonly string[]) {
  const counted: string[] = [];
  return {
    counted,
    list: (prefix: string) =>
      Promise.resolve(
        keys
          .filter((key) => key.startsWith(prefix))
          .map((key) => ({ key, revision: 1, checkpoint: live, transformStates: {} })),
      ),
    counts: (key: string) => {
      counted.push(key);
      return Promise.resolve([hour(key.includes('#') ? 1 : 10)]);
    },
  };
}

const request = (more: Partial<CoverageRequest> = {}): CoverageRequest => ({
  fromMillis: before(MINUTES),
  toMillis: NOW - 1,
  sources: ['a', 'b'],
  maxCells: 1440,
  limit: 100,
  ...more,
});

test('log groups come in the order of their keys, with their backfills counted beside them', async () => {
  const key = keyOf('a', '/x');
  const store = storeOf([keyOf('b', '/y'), key, backfillKey(key, 'r', 1)]);
  const { partitions, leftOut } = await reportCoverage(store, request(), NOW);
  expect(leftOut).toBe(0);
  expect(partitions.map(({ title, source }) => [source, title])).toEqual([
    ['a', '/x (eu-west-1)'],
    ['b', '/y (eu-west-1)'],
  ]);
  expect(partitions[0]).toMatchObject({
    liveEvents: 600,
    backfilledEvents: 60,
    minutes: { sealed: 30, open: 29, pending: 1, unread: 0, backfilled: 0, gap: 0 },
    lateness: { isLearned: false, horizonMillis: 60_000 },
  });
  expect(partitions[0]?.strip).toMatchObject({
    cellMillis: MINUTE_MILLIS,
    states: 's'.repeat(30) + 'o'.repeat(29) + 'p',
  });
});

test('a strip has no more cells than wanted, of a length to count with, and the whole sum', async () => {
  const { partitions } = await reportCoverage(storeOf([keyOf('a', '/x')]), request({ maxCells: 13 }), NOW);
  const strip = partitions[0]?.strip;
  expect(strip).toMatchObject({ cellMillis: 5 * MINUTE_MILLIS, states: 'ssssssooooop' });
  expect(strip?.liveEvents).toEqual(Array.from({ length: 12 }, () => 50));
});

test('pages follow each other by key, and only what is shown is looked up', async () => {
  const keys = ['/x', '/y', '/z'].map((name) => keyOf('a', name));
  const store = storeOf(keys);
  const first = await reportCoverage(store, request({ limit: 2 }), NOW);
  expect(first).toMatchObject({ leftOut: 1, partitions: [{ key: keys[0] }, { key: keys[1] }] });
  expect(store.counted).toEqual(keys.slice(0, 2));
  const rest = await reportCoverage(store, request({ limit: 2, after: keys[1] ?? '' }), NOW);
  expect(rest).toMatchObject({ leftOut: 0, partitions: [{ key: keys[2] }] });
  const named = await reportCoverage(store, request({ group: '/y' }), NOW);
  expect(named.partitions.map(({ key }) => key)).toEqual([keys[1]]);
});

test('a range in the future has no minutes', async () => {
  const future = { fromMillis: NOW + 1, toMillis: NOW + MINUTE_MILLIS };
  expect(await reportCoverage(storeOf([keyOf('a', '/x')]), request(future), NOW)).toMatchObject({
    partitions: [],
    leftOut: 0,
  });
});
