import { z } from 'zod';

/** What the line protocol and every backend take: no blanks, commas, equals signs or control characters. */
const tagName = z
  .string()
  .regex(/^[^\s,="\\\p{C}]{1,200}$/u, 'A tag name has 1 to 200 characters, without blanks, commas and =.');
const tagValue = z.string().min(1).max(1024);

export const enrichOptions = z.strictObject({
  tags: z
    .record(tagName, tagValue)
    .default({})
    .describe('Tags that every record gets. They win over what the source says.')
    .meta({ example: { env: 'prod', team: 'payments' } }),
  rename: z
    .record(tagName, tagName)
    .default({})
    .describe('Tags that get another name: from, to. A tag that is there under the new name is replaced.')
    .meta({ example: { aws_ecs_cluster_name: 'cluster', task_version: 'revision' } }),
  copy: z
    .record(tagName, tagName)
    .default({})
    .describe('Tags that are there under another name too: from, to.')
    .meta({ example: { task_id: 'host' }, advanced: true }),
  remove: z
    .array(tagName)
    .default([])
    .describe('Tags that are taken away; `aws_*` with a star takes all that begin so.')
    .meta({ example: ['task_arn', 'image'] }),
  source: z
    .string()
    .min(1)
    .max(200)
    .optional()
    .describe('The data source that records are filed under, in place of the one of their source.')
    .meta({ example: 'ecs_log_source', advanced: true }),
});

export type EnrichOptions = z.output<typeof enrichOptions>;
