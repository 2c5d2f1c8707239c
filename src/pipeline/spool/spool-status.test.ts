import { expect, test } from 'vitest';
import { describeShares, fullProblem, makeRoom, spoolStatus } from './spool-status.ts';
import { type SpoolLevel, spoolLevel } from './watch-spool.ts';

const GIB = 1024 ** 3;
const consumer = (name: string, waitingBytes: number, deadLetterBytes: number) => ({
  consumer: name,
  waitingEntries: 1,
  waitingRecords: 10,
  waitingBytes,
  oldestMillis: 0,
  deadLetters: 5,
  deadLetterBytes,
});
const usage = (
  usedBytes: number,
  fullSinceMillis: number | undefined,
  ...consumers: ReturnType<typeof consumer>[]
) => spoolStatus({ usedBytes, maxBytes: 2 * GIB, fullSinceMillis, consumers });

test('what fills a full spool is told, most first, with what to do about it', () => {
  const status = usage(
    2 * GIB,
    1_700_000_000_000,
    consumer('local', 0.1 * GIB, 0),
    consumer('guance', GIB, 1.5 * GIB),
  );
  expect(fullProblem(status)).toBe(
    'the spool is full (2 GiB) and reading waits, since 2023-11-14T22:13:20.000Z: dead letters of guance 1.5 GiB, waiting for guance 1 GiB, waiting for local 102 MiB',
  );
  expect(makeRoom(status.shares)).toMatch(/`logferry dead-letters list guance` .* send or discard/);
  expect(makeRoom(usage(2 * GIB, 1, consumer('local', GIB, 0)).shares)).toMatch(
    /`logferry check local` tells/,
  );
});

test('a spool in which nobody waits for space is no problem, however full', () => {
  expect(fullProblem(usage(2 * GIB, undefined, consumer('guance', 2 * GIB, 0)))).toBeUndefined();
  expect(describeShares(usage(0, undefined, consumer('guance', 0, 0)).shares)).toBe('');
});

test('it fills from 80 % on, until it is below 70 % again', () => {
  const seen: SpoolLevel[] = [];
  let level: SpoolLevel = 'well';
  for (const share of [0.79, 0.8, 0.75, 0.7, 0.69, 0.75]) {
    level = spoolLevel(level, usage(share * 2 * GIB, undefined));
    seen.push(level);
  }
  expect(seen).toEqual(['well', 'filling', 'filling', 'filling', 'well', 'well']);
  expect(spoolLevel('well', usage(GIB, 1))).toBe('full');
  expect(spoolLevel('full', usage(1.5 * GIB, undefined))).toBe('filling');
  expect(spoolLevel('full', usage(GIB, undefined))).toBe('well');
});
