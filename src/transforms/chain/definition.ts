import type { Definition } from '../../contracts/component.ts';
import type { Transform } from '../../contracts/transform.ts';
import { type ChainOptions, chainOptions, chainStepsOf } from './options.ts';
import { TransformChain } from './transform-chain.ts';

export const chain: Definition<Transform, ChainOptions> = {
  type: 'chain',
  title: 'Chain',
  description:
    'Joins lines, reads levels, sets tags, drops and redacts, in this order: all that most logs need.',
  options: chainOptions,
  create: (options) => new TransformChain(chainStepsOf(options)),
};
