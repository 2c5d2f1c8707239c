// `npm test`: the checks, with every suite of the repository in place of the unit tests alone.
import { CHECK_STEPS, runSteps } from './steps.ts';

const withoutTests = CHECK_STEPS.filter((step) => !step.command.includes('vitest'));
runSteps([
  ...withoutTests,
  { title: 'all tests', command: ['vitest', 'run'] },
  // Says why when it skips itself: without Python, or without the packages that it needs.
  { title: 'interop', command: ['node', 'test/interop/main.ts'] },
]);
