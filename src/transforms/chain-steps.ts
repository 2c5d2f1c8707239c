import type { z } from 'zod';
import type { Transform } from '../contracts/transform.ts';
import { createLevelDetector, detectLevelOptions } from './detect-level/options.ts';
import { conditionOption } from './drop/condition.ts';
import { createDropper, dropOptions } from './drop/options.ts';
import { enrichOptions } from './enrich/options.ts';
import { OriginEnricher } from './enrich/origin-enricher.ts';
import { heldLinesReleaser, LineJoiner } from './join-lines/line-joiner.ts';
import { joinLinesOptions, joinSettings, languageOption } from './join-lines/options.ts';
import { createRedactor, redactOptions, secretOption } from './redact/options.ts';

/**
 * What a chain is made of: the options of the single transforms, and how to make them from input that fits. It stands
 * above the rooms of the transforms, which do not see each other.
 */
export const chainSteps = {
  join: step(joinLinesOptions, (options) => new LineJoiner(joinSettings(options))),
  level: step(detectLevelOptions, createLevelDetector),
  enrich: step(enrichOptions, (options) => new OriginEnricher(options)),
  drop: step(dropOptions, createDropper),
  redact: step(redactOptions, createRedactor),
} as const;

export type ChainStepName = keyof typeof chainSteps;

export const chainParts = { languageOption, conditionOption, secretOption, heldLinesReleaser } as const;

function step<Schema extends z.ZodType>(options: Schema, create: (given: z.output<Schema>) => Transform) {
  return { options, create };
}
