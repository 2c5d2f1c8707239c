import { z } from 'zod';
import { accountOptions } from '../../aws/account-options.ts';
import type { Catalogue, SinkDefinition, TransformDefinition } from '../../catalog/catalogue.ts';
import { byteSizeOption, durationOption } from '../../foundation/option-types.ts';
import { awsEcs } from '../../sources/aws-ecs/definition.ts';
import { cloudWatchLogs } from '../../sources/cloudwatch-logs/definition.ts';

const DAY = 86_400_000;

function notMade(): never {
  throw new Error('The loader makes no components.');
}

const chain: TransformDefinition = {
  type: 'chain',
  title: 'Chain',
  description: 'Several steps in one.',
  options: z.strictObject({
    multiline: z.enum(['java', 'python']).optional().describe('Joins lines.'),
    level: z.enum(['auto', 'none']).default('auto').describe('Detects levels.'),
    redact: z
      .array(z.enum(['aws_keys', 'bearer_tokens']))
      .default([])
      .describe('Takes secrets out.'),
    drop: z.string().optional().describe('Drops what contains the text.'),
  }),
  create: notMade,
};

const store: SinkDefinition = {
  type: 'store',
  title: 'Local store',
  description: 'The embedded log store.',
  options: z.object({
    retention: durationOption(60_000, 3650 * DAY)
      .optional()
      .describe('Oldest record kept.'),
    max_disk: byteSizeOption(1, 1024 ** 5)
      .prefault('5GiB')
      .describe('Bound on disk.'),
  }),
  create: notMade,
};

const datakit: SinkDefinition = {
  type: 'datakit',
  title: 'DataKit',
  description: 'Line protocol to a DataKit.',
  options: z.strictObject({
    url: z
      .string()
      .regex(/^https?:/, 'This is no URL.')
      .describe('Its address.'),
    token: z.string().length(32).optional().describe('Token.').meta({ secret: true }),
    gzip: z.boolean().default(true).describe('Compress.'),
    workers: z.number().int().min(1).default(2).describe('Parallel writes.'),
    timeout: durationOption(100, DAY).prefault('10s').describe('Of one write.'),
  }),
  create: notMade,
};

/** The real sources; sinks and transforms with as many options as the loader's tests want. */
export const smallCatalogue: Catalogue = {
  sources: [awsEcs, cloudWatchLogs],
  transforms: [chain, { ...chain, type: 'redact' }],
  sinks: [datakit, store],
  account: accountOptions,
};
