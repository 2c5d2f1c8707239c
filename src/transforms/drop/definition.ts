import type { Definition } from '../../contracts/component.ts';
import type { Transform } from '../../contracts/transform.ts';
import { createDropper, type DropOptions, dropOptions } from './options.ts';

export const drop: Definition<Transform, DropOptions> = {
  type: 'drop',
  title: 'Drop',
  description: 'Drops records by message, level, tags or fields, and counts them by reason.',
  options: dropOptions,
  create: createDropper,
};
