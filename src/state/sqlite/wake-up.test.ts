import { getEventListeners } from 'node:events';
import { expect, test } from 'vitest';
import { WakeUp } from './wake-up.ts';

test('a wake-up between looking and waiting is not missed', async () => {
  const wakeUp = new WakeUp();
  const seen = wakeUp.count;
  wakeUp.wakeAll();
  await expect(wakeUp.waitPast(seen, new AbortController().signal)).resolves.toBeUndefined();
});

test('all who wait are woken, and leave nothing on their signal', async () => {
  const wakeUp = new WakeUp();
  const { signal } = new AbortController();
  const waiting = [1, 2, 3].map(() => wakeUp.waitPast(wakeUp.count, signal));
  expect(getEventListeners(signal, 'abort')).toHaveLength(3);
  wakeUp.wakeAll();
  await Promise.all(waiting);
  expect(getEventListeners(signal, 'abort')).toHaveLength(0);
});

test('an abort rejects its own waiting alone', async () => {
  const wakeUp = new WakeUp();
  const abort = new AbortController();
  const aborted = wakeUp.waitPast(0, abort.signal);
  const other = wakeUp.waitPast(0, new AbortController().signal);
  abort.abort(new Error('enough'));
  await expect(aborted).rejects.toThrow('enough');
  wakeUp.wakeAll();
  await other;
});
