import { z } from 'zod';
import { LEVELS, type Level } from '../../record/level.ts';
import type { LogRecord } from '../../record/log-record.ts';
import { compileTextMatcher, type TextMatcher, textMatcherOption } from '../text-matcher.ts';

export const conditionOptions = z
  .strictObject({
    reason: z
      .string()
      .regex(/^[a-z0-9_]{1,40}$/, 'A reason has 1 to 40 characters of a-z, 0-9 and _.')
      .optional()
      .describe(
        'Under which the records are counted. Default: what the condition looks at, such as `message`.',
      )
      .meta({ example: 'health_checks' }),
    message: textMatcherOption()
      .optional()
      .describe('Text in the message, exact in case, or /regex/ (its first 64 KiB).')
      .meta({ example: 'GET /health' }),
    level: z
      .array(z.enum(LEVELS))
      .min(1)
      .optional()
      .describe('One of these levels.')
      .meta({ example: ['debug', 'info'] }),
    tags: z
      .record(z.string(), textMatcherOption())
      .optional()
      .describe('Tags and their values: exact, with * for any text, or /regex/. All must fit.')
      .meta({ example: { service: 'load-test-*' } }),
    fields: z
      .record(z.string(), textMatcherOption())
      .optional()
      .describe('Fields and their values: exact, with * for any text, or /regex/. All must fit.')
      .meta({ example: { lines: '1' }, advanced: true }),
  })
  .refine(
    ({ message, level, tags, fields }) =>
      message !== undefined || level !== undefined || tags !== undefined || fields !== undefined,
    'A condition needs at least one of `message`, `level`, `tags` and `fields`.',
  );

/** A text stands for a condition on the message. */
export const conditionOption = z.union([textMatcherOption(), conditionOptions]);
export type ConditionOption = z.output<typeof conditionOption>;

export interface Condition {
  /** Short and stable: a label of metrics. */
  readonly reason: string;
  holds(record: LogRecord): boolean;
}

export function compileCondition(option: ConditionOption): Condition {
  const { reason, message, level, tags, fields } =
    typeof option === 'string' ? ({ message: option } as z.output<typeof conditionOptions>) : option;
  const tests: ((record: LogRecord) => boolean)[] = [];
  // Cheap ones first.
  if (level !== undefined) {
    const levels = new Set<Level>(level);
    tests.push((record) => record.level !== undefined && levels.has(record.level));
  }
  if (tags !== undefined) tests.push(byName(tags, (record) => record.origin.tags));
  if (fields !== undefined) tests.push(byName(fields, (record) => record.fields));
  if (message !== undefined) {
    const matcher = compileTextMatcher(message, 'within');
    tests.push((record) => matcher(record.message));
  }
  const looked = Object.entries({ message, level, tags, fields }).filter(([, value]) => value !== undefined);
  return {
    reason: reason ?? looked.map(([name]) => name).join('_and_'),
    holds: (record) => tests.every((test) => test(record)),
  };
}

function byName(
  wanted: Readonly<Record<string, string>>,
  valuesOf: (record: LogRecord) => Readonly<Record<string, string | number | boolean>> | undefined,
): (record: LogRecord) => boolean {
  const matchers = Object.entries(wanted).map(([name, text]): readonly [string, TextMatcher] => [
    name,
    compileTextMatcher(text, 'whole'),
  ]);
  return (record) => {
    const values = valuesOf(record);
    return (
      values !== undefined &&
      matchers.every(([name, matches]) => Object.hasOwn(values, name) && matches(String(values[name])))
    );
  };
}
