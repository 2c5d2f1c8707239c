import { transformSuite } from '../../contracts/testing/transform-suite.ts';
import { componentContext } from '../testing/component-context.ts';
import { redact } from './definition.ts';

transformSuite('redact', () => redact.create(redact.options.parse({}), componentContext));
