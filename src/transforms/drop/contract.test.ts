import { transformSuite } from '../../contracts/testing/transform-suite.ts';
import { componentContext } from '../testing/component-context.ts';
import { drop } from './definition.ts';

transformSuite('drop', () =>
  drop.create(drop.options.parse({ when: ['GET /health', { level: ['debug'] }] }), componentContext),
);
