import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import type { SinkDefinition } from '../../src/catalog/catalogue.ts';
import type { Sink } from '../../src/contracts/sink.ts';

/** A destination that is there and takes nothing: what is read stays in the spool. */
export const holdBack: SinkDefinition = {
  type: 'bench_hold_back',
  title: 'Nothing',
  description: 'Takes a batch and never answers.',
  options: z.strictObject({}),
  create: (): Sink => ({
    limits: { maxRecords: 1, maxBytes: 1024, maxInFlight: 1, lingerMillis: 0, timeoutMillis: 3_600_000 },
    open: async () => {},
    write: async (_batch, signal) => {
      for (;;) await sleep(3_600_000, undefined, { signal });
    },
    check: async () => [],
    close: async () => {},
  }),
};

/** A destination that takes everything at once: what is left is the way in and out of the spool. */
export const acknowledgeAll: SinkDefinition = {
  ...holdBack,
  type: 'bench_acknowledge_all',
  description: 'Says at once that a batch was delivered.',
  create: (): Sink => ({
    limits: {
      maxRecords: 5000,
      maxBytes: 2 * 1024 * 1024,
      maxInFlight: 4,
      lingerMillis: 1000,
      timeoutMillis: 35_000,
    },
    open: async () => {},
    write: async () => ({ kind: 'delivered' }),
    check: async () => [],
    close: async () => {},
  }),
};
