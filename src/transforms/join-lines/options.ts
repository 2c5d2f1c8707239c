import { z } from 'zod';
import { byteSizeOption, durationOption } from '../../foundation/option-types.ts';
import { compileOwnPattern, ownPatternOption } from '../own-pattern.ts';
import type { JoinSettings } from './line-joiner.ts';
import { ownGrammar } from './own-grammar.ts';
import { LANGUAGES, type Language, traceGrammar } from './trace-grammar.ts';

export const languageOption = z.enum(['auto', ...LANGUAGES]);

export const joinLinesOptions = z
  .strictObject({
    languages: z
      .array(languageOption)
      .min(1)
      .default(['auto'])
      .describe('Whose stack traces are joined. `auto` knows all of them. Not looked at with own patterns.')
      .meta({ example: ['java', 'python'] }),
    start: ownPatternOption()
      .optional()
      .describe(
        'Regular expression of a line that begins an event, looked for in the first 1024 characters. Other lines go on with the one before.',
      )
      .meta({ example: '^\\d{4}-\\d{2}-\\d{2}' }),
    continuation: ownPatternOption()
      .optional()
      .describe(
        'Regular expression of a line that goes on with the one before, looked for in its first 1024 characters.',
      )
      .meta({ example: '^\\s' }),
    max_bytes: byteSizeOption(1024, 1024 * 1024)
      .prefault('256KiB')
      .describe('Size at which a joined event ends and the next one begins, 1KiB to 1MiB.')
      .meta({ example: '256KiB', advanced: true }),
    max_wait: durationOption(100, 60_000)
      .prefault('5s')
      .describe('How long the next line of an event is waited for, 100ms to 1m.')
      .meta({ example: '5s', advanced: true }),
  })
  .describe('Which lines are joined, and within what bounds.');

export type JoinLinesOptions = z.output<typeof joinLinesOptions>;

export function joinSettings(options: JoinLinesOptions): JoinSettings {
  const { start, continuation, languages, max_bytes: maxBytes, max_wait: maxWaitMillis } = options;
  const isOwn = start !== undefined || continuation !== undefined;
  const grammar = isOwn
    ? ownGrammar({
        start: start === undefined ? undefined : compileOwnPattern(start),
        continuation: continuation === undefined ? undefined : compileOwnPattern(continuation),
      })
    : traceGrammar(languages.flatMap((one): readonly Language[] => (one === 'auto' ? LANGUAGES : [one])));
  return { grammar, maxBytes, maxWaitMillis, keepsJoined: !isOwn };
}
