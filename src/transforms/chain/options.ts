import { z } from 'zod';
import { chainParts, chainSteps } from '../chain-steps.ts';
import type { NamedStep } from './transform-chain.ts';

const { languageOption, conditionOption, secretOption } = chainParts;

export const chainOptions = z.strictObject({
  multiline: z
    .union([
      z.enum(['off', ...languageOption.options]),
      z.array(languageOption).min(1),
      chainSteps.join.options,
    ])
    // Not `default`, which JSON Schema would not show: alternatives of it turn text into other values.
    .prefault('off')
    .describe(
      'Joins the lines of stack traces: auto, java, python, node, go, several of them, or `start` and `continuation` patterns of your own.',
    )
    .meta({ example: 'java' }),
  level: z
    .enum(['auto', 'off'])
    .default('auto')
    .describe('Reads the level that a message states; off leaves it to the source.')
    .meta({ example: 'auto' }),
  enrich: chainSteps.enrich.options
    .optional()
    .describe('Adds, renames and removes tags.')
    .meta({ example: { tags: { env: 'prod' }, remove: ['task_arn'] } }),
  drop: z
    .union([conditionOption, z.array(conditionOption).min(1), chainSteps.drop.options])
    .optional()
    .describe(
      'Drops what holds a text or fits a condition on message, level, tags or fields; a list drops what fits any.',
    )
    .meta({ example: '"GET /health"' }),
  redact: z
    .array(secretOption)
    .default([])
    .describe('Secrets to replace: names of sets, and patterns of your own.')
    .meta({ example: ['aws_keys', 'bearer_tokens'] }),
});

export type ChainOptions = z.output<typeof chainOptions>;

/**
 * Join, level, enrich, drop, redact, whatever the order in the file. Levels are read off whole events; conditions see
 * joined text, levels, final tags and the text as it was; and nothing is searched for secrets only to be dropped.
 */
export function chainStepsOf(options: ChainOptions): readonly NamedStep[] {
  const { multiline, level, enrich, redact } = options;
  const steps: NamedStep[] = [];
  if (multiline !== 'off') {
    const join =
      typeof multiline === 'object' && !Array.isArray(multiline)
        ? multiline
        : chainSteps.join.options.parse({
            languages: typeof multiline === 'string' ? [multiline] : multiline,
          });
    steps.push({ name: 'join', transform: chainSteps.join.create(join) });
  } else {
    steps.push({ name: 'join', transform: chainParts.heldLinesReleaser, onlyReleases: true });
  }
  if (level === 'auto')
    steps.push({ name: 'level', transform: chainSteps.level.create({ overwrite: false }) });
  if (enrich !== undefined) steps.push({ name: 'enrich', transform: chainSteps.enrich.create(enrich) });
  if (options.drop !== undefined) {
    steps.push({ name: 'drop', transform: chainSteps.drop.create(dropOf(options.drop)) });
  }
  if (redact.length > 0)
    steps.push({ name: 'redact', transform: chainSteps.redact.create({ secrets: redact, fields: true }) });
  return steps;
}

function dropOf(drop: NonNullable<ChainOptions['drop']>) {
  if (Array.isArray(drop)) return { when: drop, keep: [] };
  if (typeof drop === 'object' && 'when' in drop) return drop;
  return { when: [drop], keep: [] };
}
