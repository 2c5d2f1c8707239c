// `npm test`: the checks, then every suite that the repository has.
import { CHECK_STEPS, runSteps } from './steps.ts';

runSteps([
  ...CHECK_STEPS,
  {
    title: 'integration and crash tests',
    command: ['vitest', 'run', '--project', 'integration', '--project', 'crash', '--passWithNoTests'],
  },
]);
