import { z } from 'zod';
import { compileCondition, conditionOption } from './condition.ts';
import { RecordDropper } from './record-dropper.ts';

export const dropOptions = z.strictObject({
  when: z
    .array(conditionOption)
    .default([])
    .describe(
      'What is dropped: texts in the message, /regex/, or conditions on message, level, tags and fields. Any of them is enough.',
    )
    .meta({ example: ['GET /health', { level: ['debug'] }] }),
  keep: z
    .array(conditionOption)
    .default([])
    .describe('Drops everything that fits none of these, after `when`. Empty: no such bound.')
    .meta({ example: [{ tags: { service: 'api-*' } }] }),
});

export type DropOptions = z.output<typeof dropOptions>;

export function createDropper({ when, keep }: DropOptions): RecordDropper {
  return new RecordDropper(when.map(compileCondition), keep.map(compileCondition));
}
