import { setImmediate } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { BackfillTurns } from './backfill-turns.ts';

const { signal } = new AbortController();
const range = (fromMillis: number, toMillis: number) => ({ fromMillis, toMillis });

/** Work that tells when it begins, and goes on until it is ended. */
function works() {
  const begun: string[] = [];
  const ends = new Map<string, () => void>();
  const work = (name: string) => () => {
    begun.push(name);
    return new Promise<string>((resolve) => ends.set(name, () => resolve(name)));
  };
  return { begun, work, end: (name: string) => ends.get(name)?.() };
}

test('ranges that overlap come one after the other, the others side by side', async () => {
  const turns = new BackfillTurns();
  const { begun, work, end } = works();
  const first = turns.run(range(0, 10), work('first'), signal);
  const second = turns.run(range(10, 20), work('second'), signal);
  const third = turns.run(range(11, 15), work('third'), signal);
  const beside = turns.run(range(21, 30), work('beside'), signal);
  await setImmediate();
  expect(begun).toEqual(['first', 'beside']);
  end('first');
  await expect(first).resolves.toBe('first');
  await setImmediate();
  expect(begun).toEqual(['first', 'beside', 'second']);
  end('second');
  await second;
  await setImmediate();
  end('third');
  end('beside');
  await Promise.all([third, beside]);
});

test('one that fails, or gives up while it waits, holds up nobody', async () => {
  const turns = new BackfillTurns();
  const { begun, work, end } = works();
  const failing = turns.run(
    range(0, 10),
    () => setImmediate().then(() => Promise.reject(new Error('no'))),
    signal,
  );
  const stop = new AbortController();
  const waiting = turns.run(range(0, 10), work('waiting'), stop.signal);
  const last = turns.run(range(0, 10), work('last'), signal);
  stop.abort(new Error('enough'));
  await expect(waiting).rejects.toThrow('enough');
  await expect(failing).rejects.toThrow('no');
  await setImmediate();
  expect(begun).toEqual(['last']);
  end('last');
  await last;
});
