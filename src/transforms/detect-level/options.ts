import { z } from 'zod';
import { LEVELS } from '../../record/level.ts';
import { LevelDetector } from './level-detector.ts';

export const detectLevelOptions = z.strictObject({
  overwrite: z
    .boolean()
    .default(false)
    .describe('Looks into the message although the source gave a level already.')
    .meta({ advanced: true, example: true }),
  fallback: z
    .enum(LEVELS)
    .optional()
    .describe('Level of records whose message states none. Default: they have none.')
    .meta({ example: 'info' }),
});

export type DetectLevelOptions = z.output<typeof detectLevelOptions>;

export function createLevelDetector({ overwrite, fallback }: DetectLevelOptions): LevelDetector {
  return new LevelDetector({ overwrites: overwrite, fallback });
}
