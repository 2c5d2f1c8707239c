import type { Definition } from '../../contracts/component.ts';
import type { Transform } from '../../contracts/transform.ts';
import { type EnrichOptions, enrichOptions } from './options.ts';
import { OriginEnricher } from './origin-enricher.ts';

export const enrich: Definition<Transform, EnrichOptions> = {
  type: 'enrich',
  title: 'Enrich',
  description: 'Adds, renames and removes tags: what the source knows of a record, under the names you want.',
  options: enrichOptions,
  create: (options) => new OriginEnricher(options),
};
