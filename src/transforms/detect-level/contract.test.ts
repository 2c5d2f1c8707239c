import { transformSuite } from '../../contracts/testing/transform-suite.ts';
import { componentContext } from '../testing/component-context.ts';
import { detectLevel } from './definition.ts';

transformSuite('detect_level', () => detectLevel.create(detectLevel.options.parse({}), componentContext));
