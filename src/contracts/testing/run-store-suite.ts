import { afterEach, beforeEach, expect, test } from 'vitest';
import { END_STATES, type Run } from '../run.ts';
import { type MakeHarness, OpenStore } from './state-store-harness.ts';

export function runStoreSuite(make: MakeHarness): void {
  let open: OpenStore;
  beforeEach(async () => {
    open = await OpenStore.make(make);
  });
  afterEach(() => open.end());

  test('a run comes back as it was, after opening again too', async () => {
    const run = sampleRun('1', { fromMillis: 5, parameters: { 流: ['\ud800'] }, progress: 0.5 });
    await open.store.runs.create(run);
    await open.reopen();
    expect(await open.store.runs.get('1')).toEqual(run);
    expect(await open.store.runs.get('2')).toBeUndefined();
  });

  test('an id is used once', async () => {
    await open.store.runs.create(sampleRun('1'));
    await expect(open.store.runs.create(sampleRun('1', { source: 'other' }))).rejects.toMatchObject({
      code: 'STATE_FAILED',
    });
    expect((await open.store.runs.get('1'))?.source).toBe('api');
  });

  test('a change is merged and answered; a run that is not there stays so', async () => {
    await open.store.runs.create(sampleRun('1', { state: 'queued' }));
    const running = await open.store.runs.update('1', { state: 'running', pid: 7 });
    expect(running).toEqual(sampleRun('1', { state: 'running', pid: 7 }));
    expect(await open.store.runs.get('1')).toEqual(running);
    expect(await open.store.runs.update('2', { state: 'running' })).toBeUndefined();
    expect(await open.store.runs.get('2')).toBeUndefined();
  });

  test.each(END_STATES)('a run that is %s is never changed again', async (state) => {
    await open.store.runs.create(sampleRun('1', { state: 'running' }));
    const ended = await open.store.runs.update('1', { state, endedAtMillis: 9 });
    expect(ended?.state).toBe(state);
    expect(await open.store.runs.update('1', { state: 'running', endedAtMillis: 10 })).toEqual(ended);
    expect(await open.store.runs.get('1')).toEqual(ended);
  });

  test('the list is newest first, by source, states and time, and no longer than asked for', async () => {
    const runs = [
      sampleRun('1', { createdAtMillis: 10 }),
      sampleRun('2', { createdAtMillis: 30, state: 'failed' }),
      sampleRun('3', { createdAtMillis: 20, source: 'web' }),
      sampleRun('4', { createdAtMillis: 30, source: 'web', state: 'succeeded' }),
    ];
    for (const run of runs) await open.store.runs.create(run);
    const ids = async (filter: Omit<Parameters<typeof open.store.runs.list>[0], 'limit'>, limit = 9) =>
      (await open.store.runs.list({ ...filter, limit })).map(({ id }) => id);
    expect(await ids({})).toEqual(['4', '2', '3', '1']);
    expect(await ids({}, 2)).toEqual(['4', '2']);
    expect(await ids({ source: 'web' })).toEqual(['4', '3']);
    expect(await ids({ states: ['failed', 'succeeded'] })).toEqual(['4', '2']);
    expect(await ids({ states: [] })).toEqual([]);
    expect(await ids({ beforeMillis: 30 })).toEqual(['3', '1']);
    expect(await ids({ source: 'api', states: ['running'], beforeMillis: 11 })).toEqual(['1']);
    await open.store.runs.update('1', { state: 'lost' });
    expect(await ids({ states: ['lost'] })).toEqual(['1']);
  });
}

function sampleRun(id: string, more: Partial<Run> = {}): Run {
  return {
    id,
    kind: 'collect',
    source: 'api',
    trigger: 'command',
    state: 'running',
    createdAtMillis: 100,
    counts: {
      fetched: 1,
      duplicate: 0,
      committed: 1,
      dropped: { filter: 2 },
      delivered: {},
      deadLetters: {},
    },
    ...more,
  };
}
