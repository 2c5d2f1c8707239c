import { transformSuite } from '../../contracts/testing/transform-suite.ts';
import { componentContext } from '../testing/component-context.ts';
import { joinLines } from './definition.ts';

transformSuite('join_lines', () => joinLines.create(joinLines.options.parse({}), componentContext));
transformSuite('join_lines with own patterns', () =>
  joinLines.create(joinLines.options.parse({ start: '^\\d{4}-', max_bytes: '1KiB' }), componentContext),
);
transformSuite('join_lines of one language', () =>
  joinLines.create(joinLines.options.parse({ languages: ['python'], max_bytes: 1024 }), componentContext),
);
