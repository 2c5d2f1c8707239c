import { transformSuite } from '../../contracts/testing/transform-suite.ts';
import { componentContext } from '../testing/component-context.ts';
import { enrich } from './definition.ts';

transformSuite('enrich', () =>
  enrich.create(
    enrich.options.parse({ tags: { env: 'prod' }, rename: { log_stream: 'stream' } }),
    componentContext,
  ),
);
