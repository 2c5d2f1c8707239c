import { z } from 'zod';
import type { SinkLimits } from '../contracts/sink.ts';
import { byteSizeOption, durationOption } from '../foundation/option-types.ts';

const KIB = 1024;
const MIB = 1024 * KIB;

export interface BatchOptions {
  readonly max_batch_records: number;
  readonly max_batch_bytes: number;
  readonly max_in_flight: number;
  readonly linger: number;
  readonly timeout: number;
}

/** Options of every sink that sends batches over a network; spread into its own schema. */
export const batchOptions = {
  max_batch_records: z
    .int()
    .min(1)
    .max(50_000)
    .default(5000)
    .describe('Records of one request at most, 1 to 50,000.')
    .meta({ example: 5000, advanced: true }),
  max_batch_bytes: byteSizeOption(64 * KIB, 32 * MIB)
    .prefault('2MiB')
    .describe('Size of one request at most, before compression; roughly kept. 64KiB to 32MiB.')
    .meta({ example: '2MiB', advanced: true }),
  max_in_flight: z
    .int()
    .min(1)
    .max(32)
    .default(4)
    .describe('Requests under way at once, 1 to 32.')
    .meta({ example: 4, advanced: true }),
  linger: durationOption(0, 60_000)
    .prefault('1s')
    .describe('How long a batch that is not full waits for more, 0s to 1m.')
    .meta({ example: '1s', advanced: true }),
  timeout: durationOption(1000, 600_000)
    .prefault('35s')
    .describe('How long a request may take before it is given up and sent again, 1s to 10m.')
    .meta({ example: '35s' }),
} as const;

export function limitsOf(options: BatchOptions): SinkLimits {
  return {
    maxRecords: options.max_batch_records,
    maxBytes: options.max_batch_bytes,
    maxInFlight: options.max_in_flight,
    lingerMillis: options.linger,
    timeoutMillis: options.timeout,
  };
}
