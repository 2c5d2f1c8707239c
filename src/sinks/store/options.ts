import { z } from 'zod';
import { byteSizeOption, durationOption } from '../../foundation/option-types.ts';

const HOUR = 3_600_000;
const MIB = 1024 ** 2;

export const storeOptions = z.strictObject({
  retention: durationOption(HOUR, 3650 * 24 * HOUR)
    .prefault('7d')
    .describe('How long records are kept, by their own time, 1h to 3650d. Removed by the hour.')
    .meta({ example: '7d' }),
  max_disk: byteSizeOption(64 * MIB, 1024 ** 5)
    .prefault('5GiB')
    .describe('Disk that the records may take, 64MiB to 1PiB. The oldest go first.')
    .meta({ example: '5GiB' }),
});

export type StoreOptions = z.output<typeof storeOptions>;
