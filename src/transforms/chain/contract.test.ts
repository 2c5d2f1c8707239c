import { transformSuite } from '../../contracts/testing/transform-suite.ts';
import { componentContext } from '../testing/component-context.ts';
import { chain } from './definition.ts';

const options = {
  multiline: 'auto',
  enrich: { tags: { env: 'prod' } },
  drop: '"GET /health"',
  redact: ['aws_keys', 'bearer_tokens', 'passwords', 'emails', 'credit_cards', { pattern: 'tok_\\w{8}' }],
};

transformSuite('chain', () => chain.create(chain.options.parse(options), componentContext), {
  joinsThenDrops: true,
});
transformSuite('chain without options', () => chain.create(chain.options.parse({}), componentContext));
