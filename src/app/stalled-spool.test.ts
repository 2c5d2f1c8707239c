import { expect, test } from 'vitest';
import type { PipelineStatus } from '../pipeline/pipeline.ts';
import { StalledSpool } from './stalled-spool.ts';

const status = (fullSinceMillis: number | undefined, delivered: number) =>
  ({
    spool: {
      usedBytes: 1,
      maxBytes: 1,
      shares: [],
      ...(fullSinceMillis !== undefined && { fullSinceMillis }),
    },
    destinations: [{ delivered, deadLetters: 0 }],
  }) as unknown as PipelineStatus;

test('a full spool is stalled for as long as no destination takes anything', () => {
  const stalled = new StalledSpool();
  expect(stalled.lookAt(status(1, 10), 0)).toBe(0);
  expect(stalled.lookAt(status(1, 10), 100)).toBe(0);
  expect(stalled.lookAt(status(1, 10), 400)).toBe(300);
  expect(stalled.lookAt(status(1, 11), 500)).toBe(0);
  expect(stalled.lookAt(status(1, 11), 600)).toBe(0);
  expect(stalled.lookAt(status(1, 11), 900)).toBe(300);
  expect(stalled.lookAt(status(undefined, 11), 1000)).toBe(0);
});
