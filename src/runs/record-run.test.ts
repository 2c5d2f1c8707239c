import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { StateStore } from '../contracts/state-store.ts';
import { FakeClock } from '../foundation/fake-clock.ts';
import { LogferryError } from '../foundation/logferry-error.ts';
import { silentLogger } from '../foundation/logger.ts';
import { openSqliteState } from '../state/sqlite/open-sqlite-state.ts';
import { markLostRuns, NO_RUN_COUNTS, recordRun } from './record-run.ts';

const NOON = Date.UTC(2026, 10, 23, 12);
const RUN = { id: 'run-1', kind: 'collect', source: 'logs', trigger: 'command' } as const;

let dir: string;
let clock: FakeClock;
let state: StateStore;

beforeEach(async () => {
  dir = mkdtempSync(join(tmpdir(), 'logferry-runs-'));
  clock = new FakeClock(NOON);
  state = await openSqliteState({ dir, clock, logger: silentLogger, maxSpoolBytes: 1e8, owner: 'test' });
});

afterEach(async () => {
  await state.close();
  rmSync(dir, { recursive: true });
});

const stored = () => state.runs.get(RUN.id);

/** A run that goes on until `end` is called. */
function begin() {
  let end: (thrown?: Error) => void = () => {};
  let report: (fetched: number, progress?: number) => void = () => {};
  const ended = recordRun(state.runs, RUN, clock, async (tell) => {
    report = (fetched, progress) =>
      tell({ counts: { ...NO_RUN_COUNTS, fetched }, ...(progress !== undefined && { progress }) });
    await new Promise<void>((resolve, reject) => {
      end = (thrown) => (thrown === undefined ? resolve() : reject(thrown));
    });
  });
  // Each test looks at how it ended itself.
  ended.catch(() => {});
  return { ended, end: (thrown?: Error) => end(thrown), report: (f: number, p?: number) => report(f, p) };
}

test('is there before its work begins', async () => {
  let seen: unknown;
  await recordRun(state.runs, RUN, clock, async () => {
    seen = await stored();
  });
  expect(seen).toMatchObject({
    state: 'running',
    startedAtMillis: NOON,
    pid: process.pid,
    counts: NO_RUN_COUNTS,
  });
});

test('tells every two seconds that it lives and how far it is', async () => {
  const { ended, end, report } = begin();
  await clock.advance(500);
  report(7, 0.5);
  await clock.advance(2000);
  expect(await stored()).toMatchObject({
    heartbeatAtMillis: NOON + 2000,
    progress: 0.5,
    counts: { fetched: 7 },
  });
  end();
  await ended;
});

test('ends as succeeded, with the last counts and the whole of its progress', async () => {
  const { ended, end, report } = begin();
  await clock.advance(100);
  report(7, 0.5);
  report(9, 0.99);
  end();
  const run = await ended;
  expect(run).toMatchObject({
    state: 'succeeded',
    progress: 1,
    counts: { fetched: 9 },
    endedAtMillis: NOON + 100,
  });
  expect(await stored()).toMatchObject({ state: 'succeeded', progress: 1, counts: { fetched: 9 } });
  expect(clock.sleeping).toBe(0);
});

test.each([
  [
    'failed',
    new LogferryError('AWS_DENIED', 'Not allowed.'),
    { errorCode: 'AWS_DENIED', error: 'Not allowed.' },
  ],
  ['failed', new TypeError('x is not a function'), { errorCode: 'INTERNAL', error: 'x is not a function' }],
  ['cancelled', new LogferryError('INTERRUPTED', 'Cancelled.'), {}],
  ['cancelled', new DOMException('This operation was aborted', 'AbortError'), {}],
] as const)('ends as %s when its work throws %s, and throws the same', async (ending, thrown, more) => {
  const { ended, end, report } = begin();
  await clock.advance(100);
  report(3, 0.25);
  end(thrown);
  await expect(ended).rejects.toBe(thrown);
  expect(await stored()).toMatchObject({ state: ending, progress: 0.25, counts: { fetched: 3 }, ...more });
});

test('that a dead process left is marked as lost, once, and others are left alone', async () => {
  await recordRun(state.runs, { ...RUN, id: 'done' }, clock, () => Promise.resolve());
  const { ended, end } = begin();
  await clock.advance(100);
  // The process died here, and the next one opens the folder.
  expect((await markLostRuns(state.runs, clock)).map(({ id }) => id)).toEqual([RUN.id]);
  expect(await stored()).toMatchObject({ state: 'lost', endedAtMillis: NOON + 100 });
  expect(await markLostRuns(state.runs, clock)).toEqual([]);
  expect((await state.runs.get('done'))?.state).toBe('succeeded');
  end();
  await ended;
});
