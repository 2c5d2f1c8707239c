import type { Definition } from '../../contracts/component.ts';
import type { Transform } from '../../contracts/transform.ts';
import { createRedactor, type RedactOptions, redactOptions } from './options.ts';

export const redact: Definition<Transform, RedactOptions> = {
  type: 'redact',
  title: 'Redact',
  description: 'Replaces secrets in messages and fields before anything is written to disk or sent.',
  options: redactOptions,
  create: createRedactor,
};
