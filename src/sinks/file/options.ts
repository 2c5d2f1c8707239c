import { z } from 'zod';
import { byteSizeOption, durationOption } from '../../foundation/option-types.ts';

const MIB = 1024 ** 2;
const MINUTE = 60_000;

export const fileOptions = z.strictObject({
  path: z
    .string()
    .min(1)
    .describe('File that records are appended to, one JSON object a line; relative to the data folder.')
    .meta({ example: '/var/log/logferry/ecs.ndjson' }),
  max_bytes: byteSizeOption(MIB, 1024 ** 4)
    .prefault('100MiB')
    .describe('The file is rotated when it has grown to this, 1MiB to 1TiB.')
    .meta({ example: '100MiB' }),
  max_age: durationOption(MINUTE, 365 * 24 * 60 * MINUTE)
    .prefault('1d')
    .describe('The file is rotated when its first line is this old, 1m to 365d.')
    .meta({ example: '1d', advanced: true }),
  max_files: z
    .int()
    .min(1)
    .max(10_000)
    .default(10)
    .describe('Rotated files that are kept; the oldest are deleted.')
    .meta({ example: 10 }),
  compress: z
    .boolean()
    .default(true)
    .describe('Whether rotated files, but for the newest ones, are compressed with gzip.')
    .meta({ example: true, advanced: true }),
});

export type FileOptions = z.output<typeof fileOptions>;
